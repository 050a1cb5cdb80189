package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** Scalar twins of {@code Activations}: the formulas as loops, same bits. The scalar functions are in {@link MathReference}. */
public final class ActivationsReference {
  private ActivationsReference() {}

  /** y = x where x > 0 or x is NaN, else +0. */
  public static void relu(long n, MemorySegment x, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      float value = x.getAtIndex(JAVA_FLOAT, i);
      y.setAtIndex(JAVA_FLOAT, i, value <= 0f ? 0f : value);
    }
  }

  /** dx = dy where y > 0, else +0. */
  public static void reluBackward(long n, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    for (long i = 0; i < n; i++) {
      dx.setAtIndex(JAVA_FLOAT, i, y.getAtIndex(JAVA_FLOAT, i) > 0f ? dy.getAtIndex(JAVA_FLOAT, i) : 0f);
    }
  }

  /** y = 1 / (1 + e^-x). */
  public static void sigmoid(long n, MemorySegment x, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      y.setAtIndex(JAVA_FLOAT, i, MathReference.sigmoid(x.getAtIndex(JAVA_FLOAT, i)));
    }
  }

  /** dx = dy (y (1 - y)). */
  public static void sigmoidBackward(long n, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    for (long i = 0; i < n; i++) {
      float value = y.getAtIndex(JAVA_FLOAT, i);
      dx.setAtIndex(JAVA_FLOAT, i, dy.getAtIndex(JAVA_FLOAT, i) * (value * (1f - value)));
    }
  }

  /** y = tanh x. */
  public static void tanh(long n, MemorySegment x, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      y.setAtIndex(JAVA_FLOAT, i, MathReference.tanh(x.getAtIndex(JAVA_FLOAT, i)));
    }
  }

  /** dx = dy (1 - y^2), the bracket one fma. */
  public static void tanhBackward(long n, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    for (long i = 0; i < n; i++) {
      float value = y.getAtIndex(JAVA_FLOAT, i);
      dx.setAtIndex(JAVA_FLOAT, i, dy.getAtIndex(JAVA_FLOAT, i) * Math.fma(-value, value, 1f));
    }
  }

  /** y = e^x. */
  public static void exp(long n, MemorySegment x, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      y.setAtIndex(JAVA_FLOAT, i, MathReference.exp(x.getAtIndex(JAVA_FLOAT, i)));
    }
  }

  /** y = log x. */
  public static void log(long n, MemorySegment x, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      y.setAtIndex(JAVA_FLOAT, i, MathReference.log(x.getAtIndex(JAVA_FLOAT, i)));
    }
  }
}
