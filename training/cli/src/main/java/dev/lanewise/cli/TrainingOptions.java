package dev.lanewise.cli;

import dev.lanewise.training.Optimizer;
import dev.lanewise.training.Schedule;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.models.Recipe;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that every {@code train NAME} has. Null is what was not given: it is then taken from the checkpoint that a
 * run resumes, or has its default.
 */
final class TrainingOptions {
  @Option(names = "--data", paramLabel = "DIR", description = "Folder with the data; else LANEWISE_DATA, this user's cache, a download.")
  @Nullable Path data;

  @Option(names = "--epochs", paramLabel = "N", converter = Converters.Count.class, description = "How often to go through the training examples (default: the network's).")
  @Nullable Integer epochs;

  @Option(names = "--batch", paramLabel = "N", converter = Converters.Count.class, description = "Examples per step (default: the network's).")
  @Nullable Integer batch;

  @Option(names = "--threads", paramLabel = "N", converter = Converters.Count.class, description = "Threads that compute; the result has the same bits for any number (default: 1).")
  @Nullable Integer threads;

  @Option(names = "--seed", paramLabel = "N", description = "Decides the first parameters, the order of the examples and all else that is drawn (default: 1).")
  @Nullable Long seed;

  @Option(names = "--limit", paramLabel = "N", converter = Converters.Count.class, description = "Train on the first N examples only: images, sentences, "
      + "rows of a table, windows of a series; of a text the first N characters. What is validated and tested on stays whole.")
  @Nullable Integer limit;

  @Option(names = "--optimizer", paramLabel = "NAME", converter = Converters.OptimizerName.class, description = "sgd, rmsprop, adam or adamw (default: the network's).")
  @Nullable Optimizer optimizer;

  @Option(names = "--learning-rate", paramLabel = "X", converter = Converters.Rate.class, description = "The optimizer's learning rate (default: the network's).")
  @Nullable Float learningRate;

  @Option(names = "--schedule", paramLabel = "S", converter = Converters.ScheduleText.class, description = "How the learning rate changes: "
      + "constant, cosine[:warmup=500,end=0], "
      + "exponential:rate=0.9[,every=1], step:every=2,factor=0.5, piecewise:3=0.1,4.5=0.01 (from epoch=factor); default: the network's.")
  @Nullable Schedule schedule;

  @Option(names = "--clip-norm", paramLabel = "X", converter = Converters.Rate.class, description = "Shorten gradients that are longer than this (default: the network's).")
  @Nullable Float clipNorm;

  @Option(names = "--accumulate", paramLabel = "N", converter = Converters.Count.class, description = "Batches per step, whose gradients are averaged (default: 1).")
  @Nullable Integer accumulate;

  @Option(names = "--ema", paramLabel = "DECAY", converter = Converters.Share.class, description = "Evaluate and write a moving average of the parameters, such as 0.999 (default: none).")
  @Nullable Float ema;

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

  int limit() {
    return limit == null ? Integer.MAX_VALUE : limit;
  }

  int checkpointEvery() {
    return checkpointEvery == null ? 500 : checkpointEvery;
  }

  /** Sets in a trainer what was given; the rest is the recipe's. */
  void adjust(Trainer trainer) {
    if (schedule != null) {
      trainer.schedule(schedule);
    }
    if (optimizer != null) {
      trainer.optimizer(optimizer);
    }
    if (clipNorm != null) {
      trainer.clipNorm(clipNorm);
    }
    if (accumulate != null) {
      trainer.accumulate(accumulate);
    }
    if (ema != null) {
      trainer.ema(ema);
    }
    if (learningRate != null) {
      trainer.learningRate(learningRate);
    }
  }
}
