package dev.lanewise.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** No benchmark without a test that runs it and checks what it computed. */
final class TwinsTest {
  @Test
  void everyBenchmarkHasATwin() throws ClassNotFoundException {
    Set<BenchmarkListEntry> all =
        BenchmarkList.defaultList().getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of());
    assertThat(all).hasSizeGreaterThan(20);
    for (BenchmarkListEntry entry : all) {
      String name = entry.getUsername();
      String method = name.substring(name.lastIndexOf('.') + 1);
      Set<String> twins = Arrays.stream(Class.forName(entry.getUserClassQName() + "Test").getDeclaredMethods())
          .filter(m -> m.isAnnotationPresent(Test.class) || m.isAnnotationPresent(ParameterizedTest.class))
          .map(m -> m.getName())
          .collect(Collectors.toSet());
      assertThat(twins).as("tests of " + entry.getUserClassQName()).contains(method);
    }
  }
}
