package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.testkit.Coverage;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No public kernel without a law and without pinned bits: a new one is found by itself. */
class CoverageTest {
  @Test
  void everyKernelHasALaw() throws IOException {
    Map<String, Set<String>> kernels = new TreeMap<>();
    kernels().forEach(kernel -> kernels.put(kernel, Set.of("dev.lanewise.kernels." + kernel)));
    Map<String, List<Coverage.Law>> laws = Coverage.of(CoverageTest.class, CoverageTest::holdsLaws, kernels);
    Coverage.write(laws);
    assertThat(laws).hasSizeGreaterThan(50);
    assertThat(laws.entrySet().stream().filter(each -> each.getValue().isEmpty()).map(Map.Entry::getKey))
        .as("public kernels that no test reaches; write a law (CONTRIBUTING.md, \"Add a kernel\")")
        .isEmpty();
  }

  @Test
  void everyKernelsBitsArePinned() throws IOException {
    Set<String> missing = new TreeSet<>(kernels());
    missing.removeAll(pinned());
    assertThat(missing).as("public kernels without a line in golden.txt; add canonical outputs to the golden package of the tests")
        .isEmpty();
  }

  /** Allocation, pinned bits and the tests of tests say nothing about whether a result is right. */
  private static boolean holdsLaws(String testClass) {
    return Stream.of("SteadyState", "golden", "SelfTest", "Faults", "Testkit").noneMatch(testClass::contains);
  }

  /** What counts as a kernel: a public method of a public class that works on memory or, in Rng, returns a number. */
  private static Set<String> kernels() throws IOException {
    Path classes = Coverage.folder(Gemm.class).resolve("dev/lanewise/kernels");
    try (Stream<Path> files = Files.list(classes)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.contains("$") && !name.contains("-"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .flatMap(CoverageTest::kernelsOf)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Stream<String> kernelsOf(String name) {
    try {
      Class<?> door = Class.forName("dev.lanewise.kernels." + name, false, CoverageTest.class.getClassLoader());
      return Modifier.isPublic(door.getModifiers())
          ? Arrays.stream(door.getDeclaredMethods()).filter(CoverageTest::isKernel).map(method -> name + "." + method.getName())
          : Stream.empty();
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isKernel(Method method) {
    List<Class<?>> parameters = List.of(method.getParameterTypes());
    boolean memory = parameters.contains(MemorySegment.class) || parameters.contains(int[].class);
    return Modifier.isPublic(method.getModifiers()) && method.getReturnType().isPrimitive()
        && (memory || method.getDeclaringClass() == Rng.class);
  }

  private static Set<String> pinned() throws IOException {
    try (InputStream in = CoverageTest.class.getResourceAsStream("golden/golden.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" ", 2)[0])
          .collect(Collectors.toSet());
    }
  }
}
