package dev.lanewise.cli;

import dev.lanewise.training.Optimizer;
import dev.lanewise.training.Schedule;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.models.Recipe;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that every {@code train NAME} has. Null is what was not given: it is then taken from the checkpoint that a
 * run resumes, or has its default.
 */
final class TrainingOptions {
  @Option(names = "--data", paramLabel = "DIR", description = "Folder with the data: it holds mnist/ or the four files. Else LANEWISE_DATA, this user's cache, a download.")
  @Nullable Path data;

  @Option(names = "--epochs", paramLabel = "N", converter = Converters.Count.class, description = "How often to go through the training examples (default: 5).")
  @Nullable Integer epochs;

  @Option(names = "--batch", paramLabel = "N", converter = Converters.Count.class, description = "Examples per step (default: 32).")
  @Nullable Integer batch;

  @Option(names = "--threads", paramLabel = "N", converter = Converters.Count.class, description = "Threads that compute; the result has the same bits for any number (default: 1).")
  @Nullable Integer threads;

  @Option(names = "--seed", paramLabel = "N", description = "Decides the first parameters, the order of the examples and all else that is drawn (default: 1).")
  @Nullable Long seed;

  @Option(names = "--augment", description = "Shift, turn, zoom, shear and bend each training image anew.")
  @Nullable Boolean augment;

  @Option(names = "--limit", paramLabel = "N", converter = Converters.Count.class, description = "Train on the first N examples only.")
  @Nullable Integer limit;

  @Option(names = "--optimizer", paramLabel = "NAME", converter = Converters.OptimizerName.class, description = "sgd, rmsprop, adam or adamw (default: adam).")
  @Nullable Optimizer optimizer;

  @Option(names = "--learning-rate", paramLabel = "X", converter = Converters.Rate.class, description = "The optimizer's learning rate (default: Keras's, 0.001 for adam).")
  @Nullable Float learningRate;

  @Option(names = "--schedule", paramLabel = "S", converter = Converters.ScheduleText.class, description = "How the learning rate changes: "
      + "constant (default), cosine[:warmup=500,end=0] (default with --augment), "
      + "exponential:rate=0.9[,every=1], step:every=2,factor=0.5, piecewise:3=0.1,4.5=0.01 (from epoch=factor).")
  @Nullable Schedule schedule;

  @Option(names = "--out", paramLabel = "MODEL", description = "Write the trained model to this file.")
  @Nullable Path out;

  @Option(names = "--resume", paramLabel = "DIR", description = "Keep the checkpoints in DIR, "
      + "and go on from the last one if there is one; options that are not given are then those of the run that it is from. "
      + "(Else: in MODEL.checkpoint or a temporary folder, until the run has ended.)")
  @Nullable Path resume;

  @Option(names = "--checkpoint-every", paramLabel = "STEPS", converter = Converters.Count.class, description = "Write a checkpoint after so many steps of an epoch, and at its end (default: 500).")
  @Nullable Integer checkpointEvery;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures of the run to this file.")
  @Nullable Path json;

  int epochs(Recipe recipe) {
    return epochs == null ? recipe.epochs() : epochs;
  }

  int batch(Recipe recipe) {
    return batch == null ? recipe.batch() : batch;
  }

  int threads() {
    return threads == null ? 1 : threads;
  }

  long seed() {
    return seed == null ? 1 : seed;
  }

  boolean augment() {
    return augment != null && augment;
  }

  int limit() {
    return limit == null ? Integer.MAX_VALUE : limit;
  }

  Schedule schedule() {
    if (schedule != null) {
      return schedule;
    }
    // Images that are new each time keep the gradient noisy to the end: only a falling rate lets the parameters settle.
    return augment() ? Schedule.cosine() : Schedule.constant();
  }

  int checkpointEvery() {
    return checkpointEvery == null ? 500 : checkpointEvery;
  }

  /** Gives a trainer another optimizer or learning rate than its task has, where one was given. */
  void chooseOptimizer(Trainer trainer) {
    if (optimizer != null) {
      trainer.optimizer(optimizer);
    }
    if (learningRate != null) {
      trainer.learningRate(learningRate);
    }
  }

  /** What was given, as texts by the option's name: a checkpoint keeps them. */
  Map<String, String> given() {
    Map<String, String> given = new LinkedHashMap<>();
    put(given, "data", data == null ? null : data.toAbsolutePath());
    put(given, "epochs", epochs);
    put(given, "batch", batch);
    put(given, "threads", threads);
    put(given, "seed", seed);
    put(given, "augment", augment);
    put(given, "limit", limit);
    put(given, "optimizer", optimizer == null ? null : optimizer.name());
    put(given, "learning-rate", learningRate);
    put(given, "schedule", schedule == null ? null : schedule.text());
    put(given, "out", out == null ? null : out.toAbsolutePath());
    put(given, "checkpoint-every", checkpointEvery);
    put(given, "json", json == null ? null : json.toAbsolutePath());
    return given;
  }

  private static void put(Map<String, String> given, String name, @Nullable Object value) {
    if (value != null) {
      given.put(name, value.toString());
    }
  }

  /** Takes what is not given from the texts that {@link #given} gave earlier. */
  void complete(Map<String, String> earlier) {
    Converters.Count count = new Converters.Count();
    data = orElse(data, earlier.get("data"), Path::of);
    epochs = orElse(epochs, earlier.get("epochs"), count::convert);
    batch = orElse(batch, earlier.get("batch"), count::convert);
    threads = orElse(threads, earlier.get("threads"), count::convert);
    seed = orElse(seed, earlier.get("seed"), Long::valueOf);
    augment = orElse(augment, earlier.get("augment"), Boolean::valueOf);
    limit = orElse(limit, earlier.get("limit"), count::convert);
    optimizer = orElse(optimizer, earlier.get("optimizer"), Optimizer::named);
    learningRate = orElse(learningRate, earlier.get("learning-rate"), Float::valueOf);
    schedule = orElse(schedule, earlier.get("schedule"), Schedule::parse);
    out = orElse(out, earlier.get("out"), Path::of);
    checkpointEvery = orElse(checkpointEvery, earlier.get("checkpoint-every"), count::convert);
    json = orElse(json, earlier.get("json"), Path::of);
  }

  private static <T> @Nullable T orElse(@Nullable T given, @Nullable String earlier, Function<String, T> read) {
    return given != null || earlier == null ? given : read.apply(earlier);
  }
}
