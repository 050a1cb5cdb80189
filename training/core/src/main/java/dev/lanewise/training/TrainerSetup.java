package dev.lanewise.training;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Sequential;
import dev.lanewise.training.data.Augmentation;
import dev.lanewise.training.data.Dataset;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What a {@link Trainer} can be told before it begins, in Keras's vocabulary what {@code compile} takes. */
public abstract sealed class TrainerSetup permits Trainer {
  final @Nullable Sequential model;
  @Nullable Task task;
  @Nullable Loss loss;
  @Nullable Optimizer optimizer;
  float learningRate;
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
  @Nullable Workers workers;
  long seed;
  String dataName = "";
  String recipe = "";
  Map<String, String> recipeOptions = Map.of();

  TrainerSetup(@Nullable Sequential model, @Nullable Task task) {
    this.model = model;
    this.task = task;
  }

  /** The trainer that this is. */
  private Trainer self() {
    return (Trainer) this;
  }

  /**
   * What to make small; sparse categorical cross-entropy if not given.
   *
   * @throws IllegalStateException if this trainer was made of a task, which has its own
   */
  public final Trainer loss(Loss loss) {
    if (model == null) {
      throw new IllegalStateException("Trainer: a task has its own loss; give it to the task");
    }
    this.loss = loss;
    this.task = null;
    return self();
  }

  /** How parameters follow gradients; the task's own, and for a model Adam with Keras's defaults, if not given. */
  public final Trainer optimizer(Optimizer optimizer) {
    this.optimizer = optimizer;
    return self();
  }

  /** Another learning rate for every optimizer, above 0. */
  public final Trainer learningRate(float learningRate) {
    Hyper.requirePositive("Trainer", "learning rate", learningRate);
    this.learningRate = learningRate;
    return self();
  }

  /**
   * Shortens a part's gradients, all together one vector, to this Euclidean norm where they are longer (Pascanu, Mikolov and Bengio, "On
   * the difficulty of training recurrent neural networks", 2013); not at all if not given.
   */
  public final Trainer clipNorm(float norm) {
    Hyper.requirePositive("Trainer", "clip norm", norm);
    this.clipNorm = norm;
    return self();
  }

  /**
   * Lets a step take so many batches: their gradients are averaged and the parameters change once, as if one batch had held them all
   * (each counts the same, also a last one of fewer rows). The last step of an epoch takes what is left. 1 if not given.
   */
  public final Trainer accumulate(int batches) {
    if (batches < 1) {
      throw new IllegalArgumentException("Trainer: a step of " + batches + " batches; at least 1 is needed");
    }
    this.accumulate = batches;
    return self();
  }

  /**
   * Keeps an exponential moving average of the parameters, average = decay average + (1 - decay) parameters after each step: validation
   * sees it, and when the run has ended the model has it. Checkpoints hold both. 0, and if not given: none.
   *
   * @param decay from 0 to below 1, such as 0.999
   */
  public final Trainer ema(float decay) {
    Hyper.requireDecay("Trainer", "ema", decay);
    this.ema = decay;
    return self();
  }

  /** Whether examples come in a new order each epoch; true if not given. Streams that carry a state need their own order: false. */
  public final Trainer shuffle(boolean shuffle) {
    this.shuffle = shuffle;
    return self();
  }

  /** The learning rate over the run; constant if not given. */
  public final Trainer schedule(Schedule schedule) {
    this.schedule = schedule;
    return self();
  }

  /** What to count beside the loss; nothing if not given. */
  public final Trainer metrics(Metric... metrics) {
    this.metrics = List.of(metrics);
    return self();
  }

  /** Who looks on, in this order. */
  public final Trainer callbacks(Callback... callbacks) {
    return callbacks(List.of(callbacks));
  }

  /** Who looks on, in this order. */
  public final Trainer callbacks(List<Callback> callbacks) {
    this.callbacks = List.copyOf(callbacks);
    return self();
  }

  /** Where and when to write checkpoints, after all callbacks; none if not given. */
  public final Trainer checkpoints(Checkpoints checkpoints) {
    this.checkpoints = checkpoints;
    return self();
  }

  /**
   * Lets {@link Trainer#fit} go on where a checkpoint stands, to the same bits as if the run had never ended.
   *
   * @param checkpoint the file, or the folder of {@link Checkpoints} for its last one
   */
  public final Trainer resume(Path checkpoint) {
    this.resumeFrom = checkpoint;
    return self();
  }

  /** Data to evaluate on after each epoch, as "val_loss" and so on; none if null or not given. */
  public final Trainer validation(@Nullable Dataset validation) {
    this.validation = validation;
    return self();
  }

  /** How to bend training images on the fly; not at all if null or not given. */
  public final Trainer augmentation(@Nullable Augmentation augmentation) {
    this.augmentation = augmentation;
    return self();
  }

  /** Where the next batch is filled while the step works on this one; null, and if not given: by the step itself. */
  public final Trainer prefetch(@Nullable Executor ahead) {
    this.ahead = ahead;
    return self();
  }

  /** The threads of the kernels, the caller's to close; the calling thread alone if not given. */
  public final Trainer workers(Workers workers) {
    this.workers = workers;
    return self();
  }

  /** Decides the order of the examples, augmentation and dropout; 0 if not given. (The model had its own seed.) */
  public final Trainer seed(long seed) {
    this.seed = seed;
    return self();
  }

  /** What the data is called, "mnist" or "synthetic": checkpoints keep it, and a run resumes on the same only. */
  public final Trainer dataName(String dataName) {
    this.dataName = dataName;
    return self();
  }

  /**
   * How to build the model again: checkpoints keep it and can then be loaded as models.
   *
   * @param name of the recipe, see {@link dev.lanewise.training.models.Recipes}
   * @param options that the recipe was made with
   */
  public final Trainer recipe(String name, Map<String, String> options) {
    this.recipe = name;
    this.recipeOptions = Map.copyOf(options);
    return self();
  }
}
