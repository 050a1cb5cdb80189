package dev.lanewise.kernels.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernels.Kernels;
import dev.lanewise.kernels.testkit.Crew;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** T0: the same bits in every cell of the matrix, and the same as when the golden file was written. */
class GoldenTest {
  private static final List<String> OPTIONS = ManagementFactory.getRuntimeMXBean().getInputArguments();

  /** Whether nothing but the processor decides which kernels run in this VM. */
  private static final boolean IN_DEFAULT_CELL =
      Kernels.vectors()
          && OPTIONS.stream().noneMatch(option -> option.contains("MaxVectorSize") || option.contains("lanewise.simd"));

  private static final String REMEDY =
      """
      The bits of a kernel differ from golden.txt. If no change of bits was intended, this is a fault. If it was, copy
      %s over kernels/src/test/resources/dev/lanewise/kernels/golden/golden.txt
      and say in CHANGELOG.md whose bits changed and why.""";

  @ParameterizedTest(name = "{0} threads")
  @ValueSource(ints = {1, 2, 3, 4})
  void theBitsAreThoseOfTheGoldenFile(int threads) {
    List<String> differences = GoldenFile.differences(Crew.of(threads), true);
    if (!differences.isEmpty()) {
      Path file = GoldenFile.write(Path.of("target").toAbsolutePath(), Crew.of(threads));
      assertThat(differences).as(REMEDY, file).isEmpty();
    }
  }

  /**
   * Each cell is a VM of its own; those that this VM or processor cannot run are skipped and say why, and so is the width that this VM has already. With vectors turned off or
   * C1 only it is a smaller set, without the variants of a kernel: the twins that run there run all of it without the module. .ci/run has all of it in a VM with C1 only, and
   * in one whose vectors are forced without C2.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
      "512 bits, 512, 2, true, -Dlanewise.simd=512",
      "256 bits, 256, 3, true, -Dlanewise.simd=256",
      "128 bits, 128, 4, true, -Dlanewise.simd=128",
      "vectors turned off, 32, 3, false, -Dlanewise.simd=off",
      "C1 only, 32, 2, false, -XX:TieredStopAtLevel=1"
  })
  void theBitsAreTheSameInEveryCell(String cell, int bits, int threads, boolean variants, String options) throws Exception {
    assumeTrue(IN_DEFAULT_CELL, () -> "cell \"" + cell + "\" runs from the default cell, and this VM is another: " + OPTIONS);
    assumeTrue(bits <= Kernels.vectorBits(),
        () -> "cell \"" + cell + "\" needs a processor with wider vectors than the " + Kernels.vectorBits() + " bits here");
    assumeTrue(!cell.equals(Kernels.vectorBits() + " bits"),
        () -> "cell \"" + cell + "\" is this VM's own: theBitsAreThoseOfTheGoldenFile tries it on one thread to four");
    List<String> command = new ArrayList<>(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of(options.split(" ")));
    assertThat(run(command, threads, variants)).startsWith("bits " + bits + "\n").hasLineCount(1);
  }

  @Test
  void theBitsAreTheSameWithoutTheVectorModule() throws Exception {
    assumeTrue(IN_DEFAULT_CELL, () -> "the cell without the module runs from the default cell, and this VM is another: " + OPTIONS);
    assertThat(run(List.of(), 2, true)).startsWith("bits 32\n").hasLineCount(1);
  }

  private static String run(List<String> options, int threads, boolean variants) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), GoldenCell.class.getName(), Integer.toString(threads),
        Boolean.toString(variants)));
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out;
  }
}
