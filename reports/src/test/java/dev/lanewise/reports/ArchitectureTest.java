package dev.lanewise.reports;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static java.util.stream.Collectors.toUnmodifiableSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.lang.foreign.Arena;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rules of the house that a compiler does not check, over the main classes of every module but the benchmarks. */
final class ArchitectureTest {
  private static final String VECTOR = "jdk.incubator.vector..";
  private static final JavaClasses MAIN =
      new ClassFileImporter().withImportOption(ArchitectureTest::isMain).importPackages("dev.lanewise");

  private static boolean isMain(Location location) {
    return !location.contains("/test-classes/") && !location.contains("-tests.jar");
  }

  private static final DescribedPredicate<JavaClass> USES_VECTORS =
      describe("use vectors", c -> c.getDirectDependenciesFromSelf().stream()
          .anyMatch(d -> resideInAPackage(VECTOR).test(d.getTargetClass())));

  @Test
  void everyModuleIsSeen() {
    for (String part : new String[] {"kernels", "tensor", "layers", "training", "cli", "reports"}) {
      assertThat(MAIN.that(resideInAPackage("dev.lanewise." + part + ".."))).as(part).isNotEmpty();
    }
  }

  @Test
  void importsPointOneWay() {
    layeredArchitecture().consideringOnlyDependenciesInAnyPackage("dev.lanewise..")
        .layer("cli").definedBy("dev.lanewise.cli..")
        .layer("reports").definedBy("dev.lanewise.reports..")
        .layer("training").definedBy("dev.lanewise.training..")
        .layer("layers").definedBy("dev.lanewise.layers..")
        .layer("tensor").definedBy("dev.lanewise.tensor..")
        .layer("kernels").definedBy("dev.lanewise.kernels..")
        .whereLayer("cli").mayNotBeAccessedByAnyLayer()
        .whereLayer("reports").mayNotBeAccessedByAnyLayer()
        .whereLayer("training").mayOnlyBeAccessedByLayers("cli", "reports")
        .whereLayer("layers").mayOnlyBeAccessedByLayers("training", "cli", "reports")
        .whereLayer("tensor").mayOnlyBeAccessedByLayers("layers", "training", "cli", "reports")
        .check(MAIN);
  }

  /** Holds for signatures too, as an exported class that does not depend on vectors cannot show one. */
  @Test
  void vectorsStayInsideThePackagesThatKernelsDoesNotExport() throws URISyntaxException {
    Set<String> exported = exportedByKernels();
    assertThat(exported).contains("dev.lanewise.kernels", "dev.lanewise.kernels.reference");
    DescribedPredicate<JavaClass> hidden = describe("are in packages that kernels does not export",
        c -> c.getPackageName().startsWith("dev.lanewise.kernels.") && !exported.contains(c.getPackageName()));
    assertThat(MAIN.that(USES_VECTORS)).as("classes that use vectors").isNotEmpty();
    noClasses().that(not(hidden)).should().dependOnClassesThat().resideInAPackage(VECTOR).check(MAIN);
  }

  private static Set<String> exportedByKernels() throws URISyntaxException {
    Class<?> inside = MAIN.that(resideInAPackage("dev.lanewise.kernels.reference")).iterator().next().reflect();
    Path place = Path.of(inside.getProtectionDomain().getCodeSource().getLocation().toURI());
    ModuleDescriptor kernels = ModuleFinder.of(place).find("dev.lanewise.kernels").orElseThrow().descriptor();
    return kernels.exports().stream().filter(e -> !e.isQualified()).map(ModuleDescriptor.Exports::source)
        .collect(toUnmodifiableSet());
  }

  @Test
  void theReferenceNeverCallsVectorCode() {
    noClasses().that().resideInAPackage("dev.lanewise.kernels.reference").should().dependOnClassesThat(USES_VECTORS).check(MAIN);
  }

  @Test
  void threadsAreArguments() {
    noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class)
        .orShould().callMethodWhere(target("commonPool"))
        .orShould().callMethodWhere(target("parallel"))
        .orShould().callMethodWhere(target("parallelStream"))
        .check(MAIN);
  }

  @Test
  void memoryBelongsToWhoeverOpenedTheArena() {
    noClasses().should().callMethod(Arena.class, "ofAuto")
        .orShould().dependOnClassesThat().haveFullyQualifiedName("java.lang.ref.Cleaner")
        .orShould().dependOnClassesThat().haveFullyQualifiedName("sun.misc.Unsafe")
        .check(MAIN);
    assertThat(MAIN.stream().filter(c -> c.tryGetMethod("finalize").isPresent())).isEmpty();
  }

  @Test
  void nothingIsNative() {
    noClasses().should().callMethodWhere(target("loadLibrary"))
        .orShould().dependOnClassesThat().haveFullyQualifiedName("java.lang.foreign.Linker")
        .check(MAIN);
    methods().should().notHaveModifier(JavaModifier.NATIVE).check(MAIN);
  }

  @Test
  void nothingChangesTheProcessOrReadsObjects() {
    noClasses().should().callMethod(System.class, "setProperty", String.class, String.class)
        .orShould().dependOnClassesThat(name("java.io.ObjectInputStream").or(name("java.io.ObjectOutputStream")))
        .orShould().callMethodWhere(target("setAccessible"))
        .check(MAIN);
  }

  private static DescribedPredicate<JavaMethodCall> target(String method) {
    return describe(method + " of the JDK", call -> call.getTarget().getName().equals(method) && fromJdk(call.getTarget()));
  }

  private static boolean fromJdk(AccessTarget target) {
    return target.getOwner().getPackageName().startsWith("java.");
  }
}
