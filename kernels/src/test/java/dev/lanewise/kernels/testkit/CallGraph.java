package dev.lanewise.kernels.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Annotation;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which methods outside of the tests each test method may call, read from the tests' class files: through helpers, lambdas, method references,
 * constants of enums and named providers of arguments. So no test has to say what it tests, and none can claim what it does not call.
 *
 * <p>A constant counts by what its own initialiser names: a test of {@code Function.TANH} does not count for the other functions of
 * the enum, a test over all constants counts for all.
 */
public final class CallGraph {
  private static final Set<String> TESTS = Set.of(
      "Lorg/junit/jupiter/api/Test;", "Lorg/junit/jupiter/params/ParameterizedTest;", "Lnet/jqwik/api/Property;",
      "Lnet/jqwik/api/Example;");

  /** From a place (method "owner#name(desc)", constant "owner!field", all constants "owner!", all methods "owner*") to where it leads. */
  private final Map<String, Set<String>> edges = new HashMap<>();

  /** "class#method" of each test to its place. */
  private final Map<String, String> tests = new TreeMap<>();

  private CallGraph() {}

  /** Reads all class files below a folder. */
  public static CallGraph of(Path testClasses) {
    CallGraph graph = new CallGraph();
    try (Stream<Path> files = Files.walk(testClasses)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        graph.read(ClassFile.of().parse(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return graph;
  }

  /** Every test, as "package.Class#method". */
  public Set<String> tests() {
    return tests.keySet();
  }

  /** What a test may reach, as "package.Class.method", tests and helpers included. */
  public Set<String> reached(String test) {
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(tests.get(test)));
    Set<String> methods = new TreeSet<>();
    while (!open.isEmpty()) {
      String place = open.pop();
      if (seen.add(place)) {
        int name = place.indexOf('#');
        if (name > 0) {
          methods.add(place.substring(0, name).replace('/', '.') + "." + place.substring(name + 1, place.indexOf('(')));
        }
        open.addAll(edges.getOrDefault(place, Set.of()));
      }
    }
    return methods;
  }

  private void read(ClassModel model) {
    String owner = model.thisClass().asInternalName();
    for (MethodModel method : model.methods()) {
      String place = owner + "#" + method.methodName().stringValue() + method.methodType().stringValue();
      boolean initialiser = method.methodName().equalsString("<clinit>");
      Set<String> out = new LinkedHashSet<>();
      method.code().ifPresent(code -> {
        for (CodeElement element : code) {
          if (initialiser && element instanceof FieldInstruction field && field.opcode() == Opcode.PUTSTATIC) {
            add(owner + "!" + field.name().stringValue(), out);
            out.clear();
          } else {
            lead(element, out);
          }
        }
      });
      if (!initialiser) {
        add(place, out);
        if (!method.flags().has(AccessFlag.STATIC)) {
          add(owner + "*", Set.of(place));
        }
        annotations(method, owner, place, model);
      }
    }
    for (var field : model.fields()) {
      if (model.flags().has(AccessFlag.ENUM)) {
        add(owner + "!", Set.of(owner + "!" + field.fieldName().stringValue()));
      }
    }
  }

  private void annotations(MethodModel method, String owner, String place, ClassModel model) {
    List<Annotation> found = new ArrayList<>();
    method.findAttribute(Attributes.runtimeVisibleAnnotations()).ifPresent(a -> found.addAll(a.annotations()));
    method.findAttribute(Attributes.runtimeVisibleParameterAnnotations())
        .ifPresent(a -> a.parameterAnnotations().forEach(found::addAll));
    for (Annotation annotation : found) {
      if (TESTS.contains(annotation.className().stringValue())) {
        tests.put(owner.replace('/', '.') + "#" + method.methodName().stringValue(), place);
        add(place, Set.of(owner + "#<init>()V"));
        method.methodTypeSymbol().parameterList().forEach(type -> add(place, Set.of(internal(type) + "!")));
      }
      annotation.elements().forEach(element -> named(element.value(), owner, place, model));
    }
  }

  /** An annotation may name a provider of arguments in the same class. */
  private void named(AnnotationValue value, String owner, String place, ClassModel model) {
    if (value instanceof AnnotationValue.OfString text) {
      for (MethodModel method : model.methods()) {
        if (method.methodName().equalsString(text.stringValue())) {
          add(place, Set.of(owner + "#" + text.stringValue() + method.methodType().stringValue()));
        }
      }
    } else if (value instanceof AnnotationValue.OfArray array) {
      array.values().forEach(each -> named(each, owner, place, model));
    }
  }

  private static void lead(CodeElement element, Set<String> out) {
    switch (element) {
      case InvokeInstruction call ->
        out.add(call.owner().asInternalName() + "#" + call.name().stringValue() + call.type().stringValue());
      case InvokeDynamicInstruction dynamic -> dynamic.invokedynamic().bootstrap().arguments().forEach(argument -> {
        if (argument instanceof MethodHandleEntry handle && handle.reference() instanceof MemberRefEntry method
            && method.type().stringValue().startsWith("(")) {
          out.add(method.owner().asInternalName() + "#" + method.name().stringValue() + method.type().stringValue());
        }
      });
      case FieldInstruction field when field.opcode() == Opcode.GETSTATIC ->
        out.add(field.owner().asInternalName() + "!" + field.name().stringValue());
      case ConstantInstruction.LoadConstantInstruction constant when constant.constantEntry() instanceof ClassEntry type ->
        out.add(type.asInternalName() + "!");
      case NewObjectInstruction made -> out.add(made.className().asInternalName() + "*");
      default -> {}
    }
  }

  private static String internal(ClassDesc type) {
    String descriptor = type.descriptorString();
    return descriptor.startsWith("L") ? descriptor.substring(1, descriptor.length() - 1) : descriptor;
  }

  private void add(String from, Set<String> to) {
    edges.computeIfAbsent(from, place -> new LinkedHashSet<>()).addAll(to);
  }
}
