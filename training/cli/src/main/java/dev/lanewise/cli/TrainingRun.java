package dev.lanewise.cli;

import dev.lanewise.kernels.Kernels;
import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Model;
import dev.lanewise.training.Callback;
import dev.lanewise.training.Checkpoints;
import dev.lanewise.training.Evaluation;
import dev.lanewise.training.Fingerprint;
import dev.lanewise.training.History;
import dev.lanewise.training.StopOnNan;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.models.ModelFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** One run of {@code train NAME}: load, train, test, write. */
final class TrainingRun {
  private final TrainCommand command;
  private final String name;
  private final TrainingOptions options;
  private final Terminal terminal = Terminal.ofProcess();

  /** @param name on the command line */
  TrainingRun(TrainCommand command, String name, TrainingOptions options) {
    this.command = command;
    this.name = name;
    this.options = options;
  }

  /** Returns the exit code. */
  int run() throws IOException {
    CheckpointFolder folder = CheckpointFolder.choose(name, options.resume, options.out);
    try {
      return run(folder);
    } finally {
      folder.removeIfUnused();
    }
  }

  private int run(CheckpointFolder folder) throws IOException {
    Map<String, String> remembered = command.given();
    Path begun = folder.remembers();
    if (begun != null) {
      Map<String, String> earlier = RememberedOptions.of(begun);
      command.complete(earlier);
      earlier.forEach(remembered::putIfAbsent);
    }
    if (options.json != null) {
      JsonFile.requireWritable("--json", options.json);
    }
    if (options.out != null) {
      JsonFile.requireWritable("--out", options.out);
    }
    try (Arena arena = Arena.ofShared();
        Workers workers = Workers.threads(options.threads())) {
      Course course = command.course(options, arena, terminal);
      Model model = course.recipe().build(options.seed(), arena);
      try (Trainer trainer = course.recipe().trainer(model)) {
        return train(trainer, course, model, folder, remembered, workers);
      }
    }
  }

  private int train(
      Trainer trainer, Course course, Model model, CheckpointFolder folder, Map<String, String> remembered, Workers workers)
      throws IOException {
    introduce(model, folder);
    String resume = "./lanewise train " + name + " --resume " + quoted(folder.path().toString());
    if (!course.first().of(model, new FirstStage(course.data(), options, folder, remembered, resume, workers, terminal))) {
      return Errors.FAILURE;
    }
    PeakMeter peak = new PeakMeter(workers);
    History history;
    try (ExecutorService ahead = ahead();
        Interruption interruption = new Interruption(resume)) {
      command.adjust(trainer);
      options.adjust(trainer);
      trainer
          .validation(course.validation())
          .workers(workers)
          .prefetch(ahead)
          .seed(options.seed())
          .dataName(course.data())
          .checkpoints(Checkpoints.in(folder.path()).everySteps(options.checkpointEvery()))
          .callbacks(callbacks(new RememberedOptions(remembered), interruption, StopOnNan.onLoss(), peak,
              new Progress(terminal, course.data(), course.train(), course.unit())));
      if (folder.resumes()) {
        trainer.resume(folder.path());
      }
      history = trainer.fit(course.train(), options.epochs(course.recipe()), options.batch(course.recipe()));
    }
    if (Interruption.stopped(history.stopReason())) {
      return Errors.FAILURE;
    }
    Evaluation test = course.test() == null ? null : trainer.evaluate(course.test());
    RunReport report = new RunReport(name, course, options.seed(), options.threads(), model.parameters().count(),
        history, test, course.outcome().of(model, workers), UsefulWork.gflops(history, model), peak.gflops(),
        Fingerprint.parametersSha256(model.parameters()));
    conclude(report);
    if (options.out != null) {
      ModelFile.save(options.out, course.recipe(), model, Map.of("data", course.data()));
      terminal.line("model       written to %s", options.out);
    }
    if (options.json != null) {
      JsonFile.write(options.json, report::write);
    }
    folder.removeIfTemporary();
    return 0;
  }

  /** Those of every run first: the remembered options are looked for in the first place. */
  private List<Callback> callbacks(Callback... ofEveryRun) {
    List<Callback> all = new ArrayList<>(List.of(ofEveryRun));
    all.addAll(command.callbacks());
    return all;
  }

  private void introduce(Model model, CheckpointFolder folder) {
    terminal.line("kernels     %s", Kernels.describe());
    terminal.line("threads     %d", options.threads());
    terminal.line("checkpoints %s%s", folder.path(),
        folder.remembers() != null ? ": the run goes on from the last one" : folder.temporary() ? " until the run has ended" : "");
    terminal.line("%n%s", model.summary().stripTrailing());
    terminal.line("");
  }

  /** Batches are filled on another thread only if the user gave more than one. */
  private @Nullable ExecutorService ahead() {
    return command.fillsAhead() && options.threads() > 1
        ? Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("lanewise-ahead").factory())
        : null;
  }

  private void conclude(RunReport report) {
    terminal.line("");
    if (report.test() != null) {
      // Of windows or sentences, which are more than one unit of speed, it counts whole ones.
      String what = report.course().unit().perExample() == 1 ? report.course().unit().name() : "examples";
      terminal.line("test        %s", Figures.ofTest(report.test(), what, report.course().data()));
    }
    report.outcome().forEach((figure, value) -> terminal.line("%-13s %.4f", figure, value));
    if (!report.history().epochs().isEmpty()) {
      String useful = report.usefulGflops() == 0 ? ""
          : String.format(Locale.ROOT, ", %.1f useful GFLOP/s of %.1f at most (%.0f%%)",
              report.usefulGflops(), report.peakGflops(), report.peakFraction() * 100);
      terminal.line("speed       %,.0f %s/s%s", report.unitsPerSecond(), report.course().unit().name(), useful);
    }
    terminal.line("parameters  sha256 %s", report.parametersSha256());
  }

  private static String quoted(String word) {
    return word.matches("[\\w./:+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
