package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a training JVM the hard way, again and again, at moments that no one chose. */
class KillTest {
  private static final int EPOCHS = 4;
  private static final List<String> VECTORS = List.of("--add-modules", "jdk.incubator.vector");

  @TempDir Path folder;

  @Test
  void killedAndResumedItEndsWithTheBitsOfAnUninterruptedRun() throws IOException, InterruptedException {
    Path whole = Files.createDirectory(folder.resolve("whole"));
    Path killed = Files.createDirectory(folder.resolve("killed"));
    SplittableRandom random = new SplittableRandom();
    long reached = 0;
    for (int after : new int[] {random.nextInt(1, 30), random.nextInt(1, 30)}) {
      Process child = TrainingProcess.start(killed, EPOCHS, VECTORS);
      try (BufferedReader output = child.inputReader()) {
        for (int line = 0; line < after; line++) {
          String text = Optional.ofNullable(output.readLine()).orElse("end");
          assertThat(text).startsWith("step ");
          // A run goes on at the last complete checkpoint: at most one step is done again.
          assertThat(Long.parseLong(text.substring(5))).isBetween(reached, reached + 1);
          reached = Long.parseLong(text.substring(5));
        }
        // Through the handle: the process itself would also close the stream that is read on here.
        child.toHandle().destroyForcibly();
        child.waitFor();
        for (String text = output.readLine(); text != null; text = output.readLine()) {
          reached = text.matches("step \\d+") ? Long.parseLong(text.substring(5)) : reached;
        }
      }
      assertThat(child.exitValue()).isNotZero();
    }

    Process child = TrainingProcess.start(killed, EPOCHS, VECTORS);
    List<String> lines;
    try (BufferedReader output = child.inputReader()) {
      lines = output.lines().toList();
    }
    assertThat(child.waitFor()).isZero();
    assertThat(Long.parseLong(lines.getFirst().substring(5))).isBetween(reached, reached + 1);
    // What the killed ones left half written is gone too.
    assertThat(killed.toFile().list()).containsExactly(Checkpoints.LAST);
    assertThat(lines.getLast()).isEqualTo("sum " + TrainingProcess.train(whole, EPOCHS, new Callback() {}));
  }
}
