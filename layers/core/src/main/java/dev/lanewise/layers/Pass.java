package dev.lanewise.layers;

import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * What a run through a model works with: memory, threads, randomness. Make it once, begin it again for each batch.
 *
 * <p>One computation at a time: two threads that infer each bring their own.
 */
public final class Pass {
  /** What backward does with the parameters' gradients. */
  public enum ParameterGradients {
    /** They are overwritten. */
    OVERWRITE,
    /** They are added to. */
    ADD,
    /** Nobody wants them: a layer may leave them as they are, or write anything to them. */
    SKIP
  }

  private final Workspace workspace;
  private final Workers workers;
  private final long seed;
  private final Carried carried;
  private long step;
  private ParameterGradients parameterGradients = ParameterGradients.OVERWRITE;
  private @Nullable IntTensor lengths;

  private Pass(Workspace workspace, Workers workers, long seed) {
    this.workspace = workspace;
    this.workers = workers;
    this.seed = seed;
    this.carried = new Carried(workspace);
  }

  /**
   * A pass on memory and threads that stay the caller's to close.
   *
   * @param seed of random layers such as {@link Dropout}
   */
  public static Pass of(Workspace workspace, Workers workers, long seed) {
    return new Pass(workspace, workers, seed);
  }

  /**
   * Begins with the next batch; parameters' gradients will be overwritten.
   *
   * @param step names the batch for random layers: from 0 to 2^31 - 1, and a new one for each batch that is trained on
   */
  public void begin(long step) {
    begin(step, false);
  }

  /**
   * Begins with the next batch.
   *
   * @param step as in {@link #begin(long)}
   * @param accumulateGradients whether backward adds to the parameters' gradients instead of overwriting them
   */
  public void begin(long step, boolean accumulateGradients) {
    if (step < 0 || step > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("Pass: step " + step + "; it counts from 0 to 2^31 - 1");
    }
    this.step = step;
    this.parameterGradients = accumulateGradients ? ParameterGradients.ADD : ParameterGradients.OVERWRITE;
    this.lengths = null;
    workspace.reset();
  }

  /**
   * Says how many leading steps of each sequence are real, the rest being padding; forgotten when the pass begins again.
   *
   * @param newLengths [n], from 1 to the steps of a sequence; null where all are real
   */
  public void lengths(@Nullable IntTensor newLengths) {
    this.lengths = newLengths;
  }

  /** How many leading steps of each sequence are real; null where all are. */
  public @Nullable IntTensor lengths() {
    return lengths;
  }

  /** Memory for activations and gradients. */
  public Workspace workspace() {
    return workspace;
  }

  /** Threads for the kernels. */
  public Workers workers() {
    return workers;
  }

  /** What stateful layers carry from one batch to the next; {@link #begin} leaves it alone. */
  public Carried carried() {
    return carried;
  }

  /** Of random layers. */
  public long seed() {
    return seed;
  }

  /** Which batch this is. */
  public long step() {
    return step;
  }

  /**
   * Says what the next backward does with the parameters' gradients, until the pass begins again: for models with several losses, whose
   * gradients add up, or one that changes a part of the parameters only.
   */
  public void parameterGradients(ParameterGradients wanted) {
    this.parameterGradients = wanted;
  }

  /** Whether backward adds to the parameters' gradients instead of overwriting them. */
  public boolean accumulateGradients() {
    return parameterGradients == ParameterGradients.ADD;
  }

  /** Whether nobody wants the parameters' gradients, so that a layer may save their price. */
  public boolean skipsParameterGradients() {
    return parameterGradients == ParameterGradients.SKIP;
  }
}
