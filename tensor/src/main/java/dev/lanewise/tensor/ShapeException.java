package dev.lanewise.tensor;

import java.io.Serial;

/** Two shapes that do not fit, both named in the message together with the remedy. */
public final class ShapeException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1L;

  /** @param message names what was expected, what was got and what to do */
  public ShapeException(String message) {
    super(message);
  }
}
