package dev.lanewise.training;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Layer;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import dev.lanewise.training.data.Augmentation;
import dev.lanewise.training.data.Dataset;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * <p>(This file is longer than others: each setting is a method, with its meaning.)
 *
 * <p>One run per trainer, one thread at a time. Closing it frees its buffers; the model and the workers are the
 * caller's.
 */
public final class Trainer implements AutoCloseable {
  private final @Nullable Sequential model;
  private @Nullable Task task;
  private @Nullable Loss loss;
  private @Nullable Optimizer optimizer;
  private float learningRate;
  float clipNorm = Float.POSITIVE_INFINITY;
  int accumulate = 1;
  float ema;
  boolean shuffle = true;
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
  String dataName = "";
  String recipe = "";
  Map<String, String> recipeOptions = Map.of();

  final Arena arena = Arena.ofShared();
  private @Nullable Workers own;
  private @Nullable Workspace evaluationSpace;
  private @Nullable Pass evaluationPass;
  private boolean hasFitted;

  private Trainer(@Nullable Sequential model, @Nullable Task task) {
    this.model = model;
    this.task = task;
  }

  /** Trains a model that is told the right answers. */
  public static Trainer of(Sequential model) {
    return new Trainer(model, null);
  }

  /** Trains whatever computes its own losses and gradients: several networks, several losses, carried states. */
  public static Trainer of(Task task) {
    return new Trainer(null, task);
  }

  /**
   * What to make small; sparse categorical cross-entropy if not given.
   *
   * @throws IllegalStateException if this trainer was made of a task, which has its own
   */
  public Trainer loss(Loss loss) {
    if (model == null) {
      throw new IllegalStateException("Trainer: a task has its own loss; give it to the task");
    }
    this.loss = loss;
    this.task = null;
    return this;
  }

  /** How parameters follow gradients; the task's own, and for a model Adam with Keras's defaults, if not given. */
  public Trainer optimizer(Optimizer optimizer) {
    this.optimizer = optimizer;
    return this;
  }

  /** Another learning rate for every optimizer, above 0. */
  public Trainer learningRate(float learningRate) {
    Hyper.requirePositive("Trainer", "learning rate", learningRate);
    this.learningRate = learningRate;
    return this;
  }

  /**
   * Shortens a part's gradients, all together one vector, to this Euclidean norm where they are longer (Pascanu, Mikolov and Bengio, "On
   * the difficulty of training recurrent neural networks", 2013); not at all if not given.
   */
  public Trainer clipNorm(float norm) {
    Hyper.requirePositive("Trainer", "clip norm", norm);
    this.clipNorm = norm;
    return this;
  }

  /**
   * Lets a step take so many batches: their gradients are averaged and the parameters change once, as if one batch had held them all
   * (each counts the same, also a last one of fewer rows). The last step of an epoch takes what is left. 1 if not given.
   */
  public Trainer accumulate(int batches) {
    if (batches < 1) {
      throw new IllegalArgumentException("Trainer: a step of " + batches + " batches; at least 1 is needed");
    }
    this.accumulate = batches;
    return this;
  }

  /**
   * Keeps an exponential moving average of the parameters, average = decay average + (1 - decay) parameters after each step: validation
   * sees it, and when the run has ended the model has it. Checkpoints hold both. 0, and if not given: none.
   *
   * @param decay from 0 to below 1, such as 0.999
   */
  public Trainer ema(float decay) {
    Hyper.requireDecay("Trainer", "ema", decay);
    this.ema = decay;
    return this;
  }

  /** Whether examples come in a new order each epoch; true if not given. Streams that carry a state need their own order: false. */
  public Trainer shuffle(boolean shuffle) {
    this.shuffle = shuffle;
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

  /** Data to evaluate on after each epoch, as "val_loss" and so on; none if null or not given. */
  public Trainer validation(@Nullable Dataset validation) {
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
    if (hasFitted) {
      throw new IllegalStateException("Trainer: fit has been called before, and a trainer makes one run; make another "
          + "Trainer.of(model), or resume a checkpoint with more epochs");
    }
    if (epochs < 0 || batch < 1) {
      throw new IllegalArgumentException(
          "Trainer: " + epochs + " epochs with batch " + batch + "; at least 0 and 1 are needed");
    }
    if (!shuffle && augmentation != null) {
      throw new IllegalArgumentException("Trainer: images are augmented in a new order each epoch; leave shuffle(false) out");
    }
    Task fitted = task();
    List<Part> parts = parts(fitted);
    fitted.requireFits(train, batch);
    if (validation != null) {
      fitted.requireFits(validation, fitted.evaluationBatch(validation));
    }
    hasFitted = true;
    Settings settings = Settings.of(this, fitted, parts, train, epochs, batch);
    return new Fit(this, fitted, parts, settings, train, epochs, batch).run();
  }

  /** Made at the first use, when the loss is known. */
  private Task task() {
    if (task == null) {
      task = Supervised.of(Objects.requireNonNull(model), loss == null ? Loss.SPARSE_CATEGORICAL_CROSSENTROPY : loss,
          Adam.of(1e-3f));
    }
    return task;
  }

  /** The task's parts with the optimizer and the learning rate that were given here. */
  private List<Part> parts(Task task) {
    List<Part> parts = new ArrayList<>();
    for (Part part : task.parts()) {
      Optimizer chosen = optimizer == null ? part.optimizer() : optimizer;
      parts.add(part.withOptimizer(learningRate == 0 ? chosen : chosen.withLearningRate(learningRate)));
    }
    return parts;
  }

  /**
   * The mean loss and the metrics on a data set, by the inference path: no dropout, nothing learned.
   *
   * @throws dev.lanewise.tensor.ShapeException if model, loss and data do not fit
   */
  public Evaluation evaluate(Dataset data) {
    return evaluate(task(), data);
  }

  Evaluation evaluate(Task task, Dataset data) {
    task.requireFits(data, task.evaluationBatch(data));
    return new Evaluator(task, metrics).evaluate(data, evaluationPass());
  }

  /**
   * What the model puts out for each example, in the order of the data set: probabilities if it ends in a softmax.
   *
   * @param into where the result lives
   * @return [size, output shape]
   * @throws IllegalStateException if the model does not map inputs to outputs
   */
  public Tensor predict(Dataset data, Arena into) {
    if (task().model() instanceof Layer layer) {
      return Evaluator.predict(layer, data, into, evaluationPass());
    }
    throw new IllegalStateException("Trainer: " + task().model().name() + " is no layer that maps inputs to outputs");
  }

  /** One for all evaluations, which forget what others carried. */
  private Pass evaluationPass() {
    if (evaluationSpace == null) {
      evaluationSpace = Workspace.in(arena);
    }
    if (evaluationPass == null || evaluationPass.workers() != workers() || evaluationPass.seed() != seed) {
      evaluationPass = Pass.of(evaluationSpace, workers(), seed);
    }
    return evaluationPass;
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
