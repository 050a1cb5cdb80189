package dev.lanewise.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.runner.options.CommandLineOptionException;

final class BenchTest {
  @TempDir private Path folder;

  @Test
  void jmhIsHandedTheShapesOfTheFiles() throws CommandLineOptionException {
    assertThat(Bench.jmhOptions("-f", "1", "--shapes", "squares,resnet_conv"))
        .containsSequence("-f", "1", "-p")
        .contains("product=sq8,sq16,sq32,sq64,sq128,sq256,sq512,sq1024,sq2048")
        .anyMatch(w -> w.startsWith("convolution=resnet_stem,resnet_56"));
  }

  @Test
  void shapesThatTheUserNamesStay() throws CommandLineOptionException {
    assertThat(Bench.jmhOptions("-p", "product=sq8", "--shapes", "squares")).containsExactly("-p", "product=sq8");
  }

  @Test
  void aChoiceOfBenchmarksBringsWhatTheyAreAShareOf() throws CommandLineOptionException {
    assertThat(Bench.jmhOptions("Gemm")).endsWith("PeakBench").doesNotContain("TriadBench");
    assertThat(Bench.jmhOptions("Activation")).endsWith("PeakBench", "TriadBench");
    assertThat(Bench.jmhOptions()).doesNotContain("PeakBench");
  }

  @Test
  void wrongUseExitsWithTwo() throws IOException {
    assertThat(Bench.run("--quick")).isEqualTo(2);
    assertThat(Bench.run("--quick", "knitting")).isEqualTo(2);
    assertThat(Bench.run("--quick", "gemm", "--fast")).isEqualTo(2);
    assertThat(Bench.run("--quick", "gemm", "--json", folder.resolve("missing/out.json").toString())).isEqualTo(2);
    assertThat(Bench.run("--shapes", "circles")).isEqualTo(2);
    assertThat(Bench.run("--no-such-option")).isEqualTo(2);
    assertThatIllegalArgumentException().isThrownBy(() -> Bench.jmhOptions("--shapes")).withMessageContaining("--shapes");
  }
}
