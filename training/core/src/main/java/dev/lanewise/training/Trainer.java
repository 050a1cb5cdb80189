package dev.lanewise.training;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Layer;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import dev.lanewise.training.data.Dataset;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
public final class Trainer extends TrainerSetup implements AutoCloseable {
  final Arena arena = Arena.ofShared();
  private @Nullable Workers own;
  private @Nullable Workspace evaluationSpace;
  private @Nullable Pass evaluationPass;
  private boolean hasFitted;

  private Trainer(@Nullable Sequential model, @Nullable Task task) {
    super(model, task);
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
