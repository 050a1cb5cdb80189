package dev.lanewise.cli;

import dev.lanewise.kernels.Kernels;
import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Model;
import dev.lanewise.training.Checkpoints;
import dev.lanewise.training.Evaluation;
import dev.lanewise.training.Fingerprint;
import dev.lanewise.training.History;
import dev.lanewise.training.StopOnNan;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.Augmentation;
import dev.lanewise.training.data.Splits;
import dev.lanewise.training.models.ModelFile;
import dev.lanewise.training.models.Recipe;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One run of {@code train NAME}: load, train, test, write. */
final class TrainingRun {
  private final String name;
  private final TrainingOptions options;
  private final Function<Splits, Recipe> network;
  private final Terminal terminal = Terminal.ofProcess();

  /**
   * @param name on the command line
   * @param network chooses the recipe that fits the data
   */
  TrainingRun(String name, TrainingOptions options, Function<Splits, Recipe> network) {
    this.name = name;
    this.options = options;
    this.network = network;
  }

  /** Returns the exit code. */
  int run() throws IOException {
    CheckpointFolder folder = CheckpointFolder.choose(name, options.resume, options.out);
    if (folder.resumes()) {
      options.complete(RememberedOptions.of(folder.last()));
    }
    if (options.json != null) {
      JsonFile.requireWritable("--json", options.json);
    }
    if (options.out != null) {
      JsonFile.requireWritable("--out", options.out);
    }
    try (Arena arena = Arena.ofShared();
        Workers workers = Workers.threads(options.threads())) {
      Splits data = Digits.load(options.data, options.limit(), arena, terminal);
      Recipe recipe = network.apply(data);
      Model model = recipe.build(options.seed(), arena);
      try (Trainer trainer = recipe.trainer(model)) {
        return train(trainer, recipe, model, data, folder, workers);
      }
    }
  }

  private int train(
      Trainer trainer, Recipe recipe, Model model, Splits data, CheckpointFolder folder, Workers workers)
      throws IOException {
    introduce(model, folder);
    PeakMeter peak = new PeakMeter(workers);
    History history;
    String resume = "./lanewise train " + name + " --resume " + quoted(folder.path().toString());
    try (ExecutorService ahead = ahead();
        Interruption interruption = new Interruption(resume)) {
      options.chooseOptimizer(trainer);
      trainer
          .schedule(options.schedule())
          .augmentation(options.augment() ? Augmentation.mnist() : null)
          .workers(workers)
          .prefetch(ahead)
          .seed(options.seed())
          .dataName(data.name())
          .checkpoints(Checkpoints.in(folder.path()).everySteps(options.checkpointEvery()))
          .callbacks(new RememberedOptions(options.given()), interruption, StopOnNan.onLoss(), peak,
              new Progress(terminal, data.name(), data.train().size()));
      if (folder.resumes()) {
        trainer.resume(folder.path());
      }
      history = trainer.fit(data.train(), options.epochs(recipe), options.batch(recipe));
    }
    if (Interruption.stopped(history.stopReason())) {
      return Errors.FAILURE;
    }
    Evaluation test = trainer.evaluate(data.test());
    RunReport report = new RunReport(name, data.name(), options.seed(), options.threads(), model.parameters().count(),
        history, test, UsefulWork.gflops(history, model), peak.gflops(),
        Fingerprint.parametersSha256(model.parameters()));
    conclude(report);
    if (options.out != null) {
      ModelFile.save(options.out, recipe, model, Map.of("data", data.name()));
      terminal.line("model       written to %s", options.out);
    }
    if (options.json != null) {
      JsonFile.write(options.json, report::write);
    }
    folder.removeIfTemporary();
    return 0;
  }

  private void introduce(Model model, CheckpointFolder folder) {
    terminal.line("kernels     %s", Kernels.describe());
    terminal.line("threads     %d", options.threads());
    terminal.line("checkpoints %s%s", folder.path(),
        folder.resumes() ? ": the run goes on from the last one" : folder.temporary() ? " until the run has ended" : "");
    terminal.line("%n%s", model.summary().stripTrailing());
    terminal.line("");
  }

  /** Images are bent on another thread only if the user gave more than one. */
  private @Nullable ExecutorService ahead() {
    return options.augment() && options.threads() > 1
        ? Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("lanewise-ahead").factory())
        : null;
  }

  private void conclude(RunReport report) {
    terminal.line("");
    terminal.line("test        loss %.4f, accuracy %.2f%% on %,d images (%s)", report.test().loss(),
        report.test().accuracy() * 100, report.test().examples(), report.data());
    if (!report.history().epochs().isEmpty()) {
      terminal.line("speed       %,.0f images/s, %.1f useful GFLOP/s of %.1f at most (%.0f%%)",
          UsefulWork.imagesPerSecond(report.history()), report.usefulGflops(), report.peakGflops(),
          report.peakFraction() * 100);
    }
    terminal.line("parameters  sha256 %s", report.parametersSha256());
  }

  private static String quoted(String word) {
    return word.matches("[\\w./:+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
