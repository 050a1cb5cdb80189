package dev.lanewise.training;

import dev.lanewise.kernels.Reductions;
import dev.lanewise.tensor.Tensor;

/**
 * Ends a run whose numbers are no longer finite, and says where that began.
 *
 * <p>Each step's loss is looked at before the parameters change. If it is not finite, the step is repeated layer by
 * layer with the same batch, and the first tensor that holds a NaN or an infinity is named in a {@link
 * TrainingDivergedException}, with its statistics and likely reasons. The parameters stay as they were before the step.
 * Looking at every gradient too finds what a finite loss hides, for one more pass over the gradients per step.
 */
public final class StopOnNan implements Callback {
  private final boolean everyGradient;

  private StopOnNan(boolean everyGradient) {
    this.everyGradient = everyGradient;
  }

  /** Looks at each step's loss, and at the parameters after each epoch. */
  public static StopOnNan onLoss() {
    return new StopOnNan(false);
  }

  /** Looks at each step's gradients as well. */
  public static StopOnNan onGradientsToo() {
    return new StopOnNan(true);
  }

  /** @throws TrainingDivergedException if the loss, or a gradient if asked for, is not finite */
  @Override
  public void onGradients(Run run) {
    boolean fine = Double.isFinite(run.stepLoss());
    if (fine && everyGradient) {
      Tensor gradients = run.parameters().gradients();
      fine = Reductions.firstNonFinite(gradients.size(), gradients.segment()) < 0;
    }
    if (!fine) {
      throw new TrainingDivergedException(new NonFiniteSearch(run).inStep());
    }
  }

  /** @throws TrainingDivergedException if the last step of the epoch left a parameter that is not finite */
  @Override
  public void onEpochEnd(Run run, EpochLog log) {
    Tensor values = run.parameters().values();
    if (Reductions.firstNonFinite(values.size(), values.segment()) >= 0) {
      throw new TrainingDivergedException(new NonFiniteSearch(run).afterEpoch(log));
    }
  }
}
