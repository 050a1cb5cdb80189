package dev.lanewise.training;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Sequential;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small training run that a JVM of its own can do: it resumes what it finds, and prints each step and at last the sum. */
final class TrainingProcess {
  private static final Callback STEPS_AS_LINES = new Callback() {
    @Override
    public void onStep(Run run) {
      System.out.println("step " + run.globalStep());
    }
  };

  private TrainingProcess() {}

  public static void main(String[] args) {
    System.out.println("sum " + train(Path.of(args[0]), Integer.parseInt(args[1]), STEPS_AS_LINES));
  }

  /** Trains here, with a checkpoint after every step; the sum over the parameters. */
  static String train(Path folder, int epochs, Callback observer) {
    try (Arena arena = Arena.ofShared(); Workers workers = Workers.threads(2)) {
      Sequential model = Fixtures.network(arena, 3);
      try (Trainer trainer = Fixtures.trainer(model, 5).workers(workers)
          .checkpoints(Checkpoints.in(folder).everySteps(1)).callbacks(observer)) {
        if (Files.exists(folder.resolve(Checkpoints.LAST))) {
          trainer.resume(folder);
        }
        trainer.fit(Fixtures.bars(arena, 600, 1), epochs, 16);
      }
      return Fingerprint.parametersSha256(model.parameters());
    }
  }

  /** Trains in a new JVM with these options. */
  static Process start(Path folder, int epochs, List<String> options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        TrainingProcess.class.getName(), folder.toString(), Integer.toString(epochs)));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }
}
