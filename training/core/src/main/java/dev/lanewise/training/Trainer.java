package dev.lanewise.training;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import dev.lanewise.training.data.Augmentation;
import dev.lanewise.training.data.Dataset;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model, in Keras's vocabulary: what {@code compile} takes is set by the methods that return the trainer, then
 * come {@link #fit}, {@link #evaluate} and {@link #predict}.
 *
 * <pre>{@code
 * try (Trainer trainer = Trainer.of(model)
 *     .loss(Loss.SPARSE_CATEGORICAL_CROSSENTROPY)
 *     .optimizer(Adam.of(1e-3f))
 *     .metrics(Metric.accuracy())) {
 *   History history = trainer.fit(train, 5, 32);
 *   Evaluation result = trainer.evaluate(test);
 * }
 * }</pre>
 *
 * <p>The bits of the result depend on the model, the data, the seed and the settings, and not on the number of threads,
 * on an executor that fills batches ahead, or on being interrupted and resumed. A steady step allocates nothing.
 *
 * <p>One run per trainer, one thread at a time. Closing it frees its buffers; the model and the workers are the
 * caller's.
 */
public final class Trainer implements AutoCloseable {
  private final Sequential model;
  private Loss loss = Loss.SPARSE_CATEGORICAL_CROSSENTROPY;
  Optimizer optimizer = Adam.of(1e-3f);
  Schedule schedule = Schedule.constant();
  List<Metric> metrics = List.of();
  List<Callback> callbacks = List.of();
  @Nullable Checkpoints checkpoints;
  @Nullable Path resumeFrom;
  @Nullable Dataset validation;
  @Nullable Augmentation augmentation;
  @Nullable Executor ahead;
  private @Nullable Workers workers;
  long seed;
  private String dataName = "";
  String recipe = "";
  Map<String, String> recipeOptions = Map.of();

  final Arena arena = Arena.ofShared();
  private @Nullable Workers own;
  private @Nullable Workspace evaluationSpace;
  private boolean fitted;

  private Trainer(Sequential model) {
    this.model = model;
  }

  public static Trainer of(Sequential model) {
    return new Trainer(model);
  }

  /** What to make small; sparse categorical cross-entropy if not given. */
  public Trainer loss(Loss loss) {
    this.loss = loss;
    return this;
  }

  /** How parameters follow gradients; Adam with Keras's defaults if not given. */
  public Trainer optimizer(Optimizer optimizer) {
    this.optimizer = optimizer;
    return this;
  }

  /** The learning rate over the run; constant if not given. */
  public Trainer schedule(Schedule schedule) {
    this.schedule = schedule;
    return this;
  }

  /** What to count beside the loss; nothing if not given. */
  public Trainer metrics(Metric... metrics) {
    this.metrics = List.of(metrics);
    return this;
  }

  /** Who looks on, in this order. */
  public Trainer callbacks(Callback... callbacks) {
    return callbacks(List.of(callbacks));
  }

  /** Who looks on, in this order. */
  public Trainer callbacks(List<Callback> callbacks) {
    this.callbacks = List.copyOf(callbacks);
    return this;
  }

  /** Where and when to write checkpoints, after all callbacks; none if not given. */
  public Trainer checkpoints(Checkpoints checkpoints) {
    this.checkpoints = checkpoints;
    return this;
  }

  /**
   * Lets {@link #fit} go on where a checkpoint stands, to the same bits as if the run had never ended.
   *
   * @param checkpoint the file, or the folder of {@link Checkpoints} for its last one
   */
  public Trainer resume(Path checkpoint) {
    this.resumeFrom = checkpoint;
    return this;
  }

  /** Data to evaluate on after each epoch, as "val_loss" and so on. */
  public Trainer validation(Dataset validation) {
    this.validation = validation;
    return this;
  }

  /** How to bend training images on the fly; not at all if null or not given. */
  public Trainer augmentation(@Nullable Augmentation augmentation) {
    this.augmentation = augmentation;
    return this;
  }

  /** Where the next batch is filled while the step works on this one; null, and if not given: by the step itself. */
  public Trainer prefetch(@Nullable Executor ahead) {
    this.ahead = ahead;
    return this;
  }

  /** The threads of the kernels, the caller's to close; the calling thread alone if not given. */
  public Trainer workers(Workers workers) {
    this.workers = workers;
    return this;
  }

  /** Decides the order of the examples, augmentation and dropout; 0 if not given. (The model had its own seed.) */
  public Trainer seed(long seed) {
    this.seed = seed;
    return this;
  }

  /** What the data is called, "mnist" or "synthetic": checkpoints keep it, and a run resumes on the same only. */
  public Trainer dataName(String dataName) {
    this.dataName = dataName;
    return this;
  }

  /**
   * How to build the model again: checkpoints keep it and can then be loaded as models.
   *
   * @param name of the recipe, see {@link dev.lanewise.training.models.Recipes}
   * @param options that the recipe was made with
   */
  public Trainer recipe(String name, Map<String, String> options) {
    this.recipe = name;
    this.recipeOptions = Map.copyOf(options);
    return this;
  }

  /**
   * Trains.
   *
   * @param train the examples, in a new order each epoch
   * @param epochs how often to go through them, in all: those before a resume count
   * @param batch examples per step; the last step of an epoch takes what is left over
   * @return what each epoch came to
   * @throws dev.lanewise.tensor.ShapeException if model, loss and data do not fit
   * @throws CheckpointException if the checkpoint to resume is damaged or of another run
   * @throws TrainingDivergedException from {@link StopOnNan}
   * @throws IllegalStateException if this trainer has trained before
   */
  public History fit(Dataset train, int epochs, int batch) {
    if (fitted) {
      throw new IllegalStateException("Trainer: fit has been called before, and a trainer makes one run; make another "
          + "Trainer.of(model), or resume a checkpoint with more epochs");
    }
    if (epochs < 0 || batch < 1) {
      throw new IllegalArgumentException(
          "Trainer: " + epochs + " epochs with batch " + batch + "; at least 0 and 1 are needed");
    }
    Supervised task = new Supervised(model, loss);
    task.requireFits(train);
    if (validation != null) {
      task.requireFits(validation);
    }
    fitted = true;
    Settings settings = settings(train, epochs, batch);
    return new Fit(this, task, settings, train, epochs, batch).run();
  }

  /**
   * The mean loss and the metrics on a data set, by the inference path: no dropout, nothing learned.
   *
   * @throws dev.lanewise.tensor.ShapeException if model, loss and data do not fit
   */
  public Evaluation evaluate(Dataset data) {
    Supervised task = new Supervised(model, loss);
    task.requireFits(data);
    return new Evaluator(task, metrics).evaluate(data, evaluationPass());
  }

  /**
   * What the model puts out for each example, in the order of the data set: probabilities if it ends in a softmax.
   *
   * @param into where the result lives
   * @return [size, output shape]
   */
  public Tensor predict(Dataset data, Arena into) {
    return Evaluator.predict(model, data, into, evaluationPass());
  }

  private Pass evaluationPass() {
    if (evaluationSpace == null) {
      evaluationSpace = Workspace.in(arena);
    }
    return Pass.of(evaluationSpace, workers(), seed);
  }

  private Settings settings(Dataset train, int epochs, int batch) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("recipe", recipe);
    values.put("model", Fingerprint.architecture(model));
    values.put("data", dataName);
    values.put("examples", Integer.toString(train.size()));
    values.put("batch", Integer.toString(batch));
    values.put("seed", Long.toString(seed));
    values.put("augmentation", augmentation == null ? "" : augmentation.toString());
    values.put("loss", loss.id());
    values.put("optimizer", optimizer.toString());
    values.put("schedule", schedule.text());
    values.put("metrics", String.join(", ", metrics.stream().map(Metric::name).toList()));
    values.put("callbacks",
        String.join("; ", callbacks.stream().map(Callback::settings).filter(s -> !s.isEmpty()).toList()));
    values.put("validation", validation == null ? "" : Integer.toString(validation.size()));
    if (schedule.dependsOnTotal()) {
      values.put("epochs", Integer.toString(epochs));
    }
    return new Settings(values);
  }

  Workers workers() {
    if (workers != null) {
      return workers;
    }
    if (own == null) {
      own = Workers.single();
    }
    return own;
  }

  /** Frees the buffers. */
  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
    if (evaluationSpace != null) {
      evaluationSpace.close();
    }
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
