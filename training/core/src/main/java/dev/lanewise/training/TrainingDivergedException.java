package dev.lanewise.training;

/** Training met a number that is not finite; {@link #diagnosis} says where it came from. */
public final class TrainingDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient NonFinite diagnosis;

  TrainingDivergedException(NonFinite diagnosis) {
    super(diagnosis.toString());
    this.diagnosis = diagnosis;
  }

  /** Layer, step, tensor and likely reasons. */
  public NonFinite diagnosis() {
    return diagnosis;
  }
}
