package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Sequential;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a training JVM the hard way, again and again, at moments that no one chose. */
class KillTest {
  private static final int EPOCHS = 4;

  @TempDir Path folder;

  /** The process that is killed: trains, writes a checkpoint after every step, and prints a line for each step. */
  public static final class Child {
    private static final Callback STEPS_AS_LINES = new Callback() {
      @Override
      public void onStep(Run run) {
        System.out.println("step " + run.globalStep());
      }
    };

    private Child() {}

    public static void main(String[] args) {
      Path folder = Path.of(args[0]);
      System.out.println("sum " + train(folder, Files.exists(folder.resolve(Checkpoints.LAST)), STEPS_AS_LINES));
    }
  }

  private static String train(Path folder, boolean resume, Callback observer) {
    try (Arena arena = Arena.ofShared(); Workers workers = Workers.threads(2)) {
      Sequential model = Fixtures.network(arena, 3);
      try (Trainer trainer = Fixtures.trainer(model, 5).workers(workers)
          .checkpoints(Checkpoints.in(folder).everySteps(1)).callbacks(observer)) {
        (resume ? trainer.resume(folder) : trainer).fit(Fixtures.bars(arena, 600, 1), EPOCHS, 16);
      }
      return Fingerprint.parametersSha256(model.parameters());
    }
  }

  @Test
  void killedAndResumedItEndsWithTheBitsOfAnUninterruptedRun() throws IOException, InterruptedException {
    Path whole = Files.createDirectory(folder.resolve("whole"));
    Path killed = Files.createDirectory(folder.resolve("killed"));
    SplittableRandom random = new SplittableRandom();
    long reached = 0;
    int kills = 0;
    for (int after : new int[] {random.nextInt(1, 30), random.nextInt(1, 30)}) {
      Process child = start(killed);
      long last = reached;
      try (BufferedReader output = child.inputReader()) {
        for (int line = 0; line < after; line++) {
          String text = Optional.ofNullable(output.readLine()).orElse("end");
          assertThat(text).startsWith("step ");
          last = Long.parseLong(text.substring(5));
          // A run goes on at the last complete checkpoint: at most one step is done again.
          assertThat(last).isGreaterThanOrEqualTo(reached);
          reached = last;
        }
        // Through the handle: the process itself would also close the stream that is read on here.
        child.toHandle().destroyForcibly();
        child.waitFor();
        for (String text = output.readLine(); text != null; text = output.readLine()) {
          reached = text.matches("step \\d+") ? Long.parseLong(text.substring(5)) : reached;
        }
      }
      assertThat(child.exitValue()).isNotZero();
      kills++;
    }
    assertThat(kills).isEqualTo(2);

    List<String> lines = new ArrayList<>();
    Process child = start(killed);
    try (BufferedReader output = child.inputReader()) {
      output.lines().forEach(lines::add);
    }
    assertThat(child.waitFor()).isZero();
    assertThat(lines.getFirst()).startsWith("step ");
    assertThat(Long.parseLong(lines.getFirst().substring(5))).isBetween(reached, reached + 1);
    // What the killed ones left half written is gone too.
    assertThat(killed.toFile().list()).containsExactly(Checkpoints.LAST);
    assertThat(lines.getLast()).isEqualTo("sum " + train(whole, false, new Callback() {}));
  }

  private static Process start(Path folder) throws IOException {
    List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--add-modules", "jdk.incubator.vector",
        "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        Child.class.getName(), folder.toString());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
