package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/**
 * A method has a vector loop of its own or calls those that do, never both; and one that moves vectors from or to segments asks for their class first.
 *
 * <p>C2 compiles a method whose own loop is hot, and inlines what it calls. If that has another loop, of which there is no profile yet (its
 * code was compiled without one while the compiler was busy), its vector operations stay calls and each vector an
 * object, and nobody looks again: softmax had a sixth of its speed in one process of five (reports/decisions/0008).
 */
final class VectorLoopsTest {
  /** Bytecodes of the largest method that C2 inlines where it is hot: its {@code FreqInlineSize}. */
  private static final int INLINED = 325;

  private static final String EXACT =
      "dev/lanewise/kernels/lane/Lanes.exact(Ljava/lang/foreign/MemorySegment;)Ljava/lang/foreign/MemorySegment;";

  private record Method(int size, boolean hasVectorLoop, boolean movesVectors, Set<String> calls) {}

  @Test
  void noMethodHasAVectorLoopAndCallsAnotherThatIsInlined() throws IOException, URISyntaxException {
    Map<String, Method> methods = methods(Path.of(Workers.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
    assertThat(methods.values().stream().filter(Method::hasVectorLoop)).hasSizeGreaterThan(100);
    assertThat(nested(methods)).isEmpty();
  }

  @Test
  void suchAMethodIsFound() throws IOException, URISyntaxException {
    Path tests = Path.of(VectorLoopsTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Map<String, Method> methods = new TreeMap<>();
    String name = Nested.class.getName().replace('.', '/');
    read(tests.resolve(name + ".class"), methods);
    assertThat(nested(methods)).containsExactly(name + ".scale(FF)[F calls " + name + ".half(F)[F, which has a vector loop");
  }

  /** Else each access of the loop is checked again and again once a vector was reinterpreted in the interpreter (reports/decisions/0006). */
  @Test
  void aLoopThatMovesVectorsFromOrToASegmentAsksForItsClassFirst() throws IOException, URISyntaxException {
    Map<String, Method> methods = methods(Path.of(Workers.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
    assertThat(methods.values().stream().filter(Method::movesVectors)).hasSizeGreaterThan(100);
    assertThat(incautious(methods)).isEmpty();
  }

  @Test
  void oneThatDoesNotIsFound() throws IOException, URISyntaxException {
    Path tests = Path.of(VectorLoopsTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Map<String, Method> methods = new TreeMap<>();
    String name = Incautious.class.getName().replace('.', '/');
    read(tests.resolve(name + ".class"), methods);
    assertThat(incautious(methods)).containsExactly(name + ".zero(Ljava/lang/foreign/MemorySegment;)V");
  }

  static final class Incautious {
    private Incautious() {}

    static void zero(MemorySegment x) {
      for (long i = 0; i < x.byteSize(); i += 4L * FloatVector.SPECIES_128.length()) {
        FloatVector.zero(FloatVector.SPECIES_128).intoMemorySegment(x, i, ByteOrder.nativeOrder());
      }
    }
  }

  private static List<String> incautious(Map<String, Method> methods) {
    return methods.entrySet().stream()
        .filter(method -> method.getValue().movesVectors && !method.getValue().calls.contains(EXACT))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** What the rule forbids: the loop that is called by way of another method is found too. */
  static final class Nested {
    private static final float[] VALUES = new float[64];

    private Nested() {}

    static float[] scale(float factor, float shift) {
      for (int i = 0; i < VALUES.length; i += FloatVector.SPECIES_128.length()) {
        FloatVector.fromArray(FloatVector.SPECIES_128, VALUES, i).mul(factor).intoArray(VALUES, i);
      }
      return half(shift);
    }

    private static float[] half(float shift) {
      return add(0.5f * shift);
    }

    private static float[] add(float shift) {
      for (int i = 0; i < VALUES.length; i += FloatVector.SPECIES_128.length()) {
        FloatVector.fromArray(FloatVector.SPECIES_128, VALUES, i).add(shift).intoArray(VALUES, i);
      }
      return VALUES;
    }
  }

  private static List<String> nested(Map<String, Method> methods) {
    List<String> found = new ArrayList<>();
    methods.forEach((name, method) -> {
      if (method.hasVectorLoop) {
        for (String callee : method.calls) {
          if (reachesAVectorLoop(methods, callee, new HashSet<>())) {
            found.add(name + " calls " + callee + ", which has a vector loop");
          }
        }
      }
    });
    return found;
  }

  private static boolean reachesAVectorLoop(Map<String, Method> methods, String name, Set<String> seen) {
    Method method = methods.get(name);
    if (method == null || method.size > INLINED || !seen.add(name)) {
      return false;
    }
    return method.hasVectorLoop || method.calls.stream().anyMatch(callee -> reachesAVectorLoop(methods, callee, seen));
  }

  private static Map<String, Method> methods(Path classes) throws IOException {
    Map<String, Method> methods = new TreeMap<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        read(file, methods);
      }
    }
    return methods;
  }

  private static void read(Path file, Map<String, Method> into) throws IOException {
    ClassModel type = ClassFile.of().parse(file);
    for (MethodModel method : type.methods()) {
      method.code().ifPresent(code -> into.put(
          type.thisClass().asInternalName() + "." + method.methodName().stringValue() + method.methodType().stringValue(),
          method(code)));
    }
  }

  private static Method method(CodeModel code) {
    List<CodeElement> elements = code.elementList();
    boolean[] inLoop = new boolean[elements.size()];
    Map<Label, Integer> labels = new HashMap<>();
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof LabelTarget target) {
        labels.put(target.label(), i);
      } else if (elements.get(i) instanceof BranchInstruction branch) {
        // A label that has been seen already lies behind: a loop.
        for (int j = labels.getOrDefault(branch.target(), i + 1); j <= i; j++) {
          inLoop[j] = true;
        }
      }
    }
    boolean hasVectorLoop = false;
    boolean movesVectors = false;
    Set<String> calls = new HashSet<>();
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        hasVectorLoop |= inLoop[i] && owner.startsWith("jdk/incubator/vector/");
        movesVectors |= inLoop[i] && owner.startsWith("jdk/incubator/vector/") && call.name().stringValue().endsWith("MemorySegment");
        calls.add(owner + "." + call.name().stringValue() + call.type().stringValue());
      }
    }
    return new Method(((CodeAttribute) code).codeLength(), hasVectorLoop, movesVectors, calls);
  }
}
