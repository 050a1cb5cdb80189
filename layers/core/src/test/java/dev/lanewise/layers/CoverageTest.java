package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.testkit.Coverage;
import dev.lanewise.kernels.testkit.Tier;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No public layer without a law: a new one is found by itself. */
class CoverageTest {
  @Test
  void everyLayerHasALaw() throws IOException {
    Map<String, Set<String>> layers = new TreeMap<>();
    try (Stream<Path> files = Files.list(Coverage.folder(Layer.class).resolve("dev/lanewise/layers"))) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.contains("$") && !name.contains("-"))
          .map(name -> type(name.substring(0, name.length() - ".class".length())))
          .filter(type -> isLayer(type) && !factories(type).isEmpty())
          .forEach(type -> layers.put(type.getSimpleName(), factories(type)));
    }
    Map<String, List<Coverage.Law>> laws = Coverage.of(CoverageTest.class, test -> true, layers);
    Coverage.write(laws);
    assertThat(laws).hasSizeGreaterThan(7);
    assertThat(laws.entrySet().stream().filter(each -> each.getValue().isEmpty()).map(Map.Entry::getKey))
        .as("public layers that no test builds; write a law, at least a gradient check")
        .isEmpty();
    assertThat(
        laws.entrySet().stream().filter(each -> each.getValue().stream().noneMatch(law -> law.tier() == Tier.T3)).map(Map.Entry::getKey))
        .as("public layers whose gradients no test checks; use GradientCheck")
        .isEmpty();
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName("dev.lanewise.layers." + name, false, CoverageTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isLayer(Class<?> type) {
    return Modifier.isPublic(type.getModifiers()) && !type.isInterface() && !Modifier.isAbstract(type.getModifiers())
        && (LayerSpec.class.isAssignableFrom(type) || Layer.class.isAssignableFrom(type));
  }

  /** The public static methods that make one. */
  private static Set<String> factories(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> Modifier.isStatic(method.getModifiers()) && Modifier.isPublic(method.getModifiers()))
        .map(Method::getName)
        .map(name -> type.getName() + "." + name)
        .collect(Collectors.toSet());
  }
}
