package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** Scalar twins of {@code Activations}: the formulas as loops, same bits. The scalar functions are in {@link MathReference} and
 * {@link SmoothUnitsReference}. */
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

  /** y = erf x. */
  public static void erf(long n, MemorySegment x, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      y.setAtIndex(JAVA_FLOAT, i, SmoothUnitsReference.erf(x.getAtIndex(JAVA_FLOAT, i)));
    }
  }

  /** y = x Phi(x). */
  public static void gelu(long n, MemorySegment x, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      y.setAtIndex(JAVA_FLOAT, i, SmoothUnitsReference.gelu(x.getAtIndex(JAVA_FLOAT, i)));
    }
  }

  /** y = x sigmoid(2 sqrt(2 / pi) (x + 0.044715 x^3)). */
  public static void geluTanh(long n, MemorySegment x, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      y.setAtIndex(JAVA_FLOAT, i, SmoothUnitsReference.geluTanh(x.getAtIndex(JAVA_FLOAT, i)));
    }
  }

  /** y = x sigmoid(x). */
  public static void silu(long n, MemorySegment x, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      y.setAtIndex(JAVA_FLOAT, i, SmoothUnitsReference.silu(x.getAtIndex(JAVA_FLOAT, i)));
    }
  }

  /** y = log(1 + e^x). */
  public static void softplus(long n, MemorySegment x, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      y.setAtIndex(JAVA_FLOAT, i, SmoothUnitsReference.softplus(x.getAtIndex(JAVA_FLOAT, i)));
    }
  }

  /** y = 1 / sqrt(x). */
  public static void rsqrt(long n, MemorySegment x, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      y.setAtIndex(JAVA_FLOAT, i, SmoothUnitsReference.rsqrt(x.getAtIndex(JAVA_FLOAT, i)));
    }
  }

  /** dx = dy times the slope of GELU at x. */
  public static void geluBackward(long n, MemorySegment x, MemorySegment dy, MemorySegment dx) {
    for (long i = 0; i < n; i++) {
      float slope = SmoothUnitsReference.geluSlope(x.getAtIndex(JAVA_FLOAT, i));
      dx.setAtIndex(JAVA_FLOAT, i, dy.getAtIndex(JAVA_FLOAT, i) * slope);
    }
  }

  /** dx = dy times the slope of GELU by tanh at x. */
  public static void geluTanhBackward(long n, MemorySegment x, MemorySegment dy, MemorySegment dx) {
    for (long i = 0; i < n; i++) {
      float slope = SmoothUnitsReference.geluTanhSlope(x.getAtIndex(JAVA_FLOAT, i));
      dx.setAtIndex(JAVA_FLOAT, i, dy.getAtIndex(JAVA_FLOAT, i) * slope);
    }
  }

  /** dx = dy times the slope of SiLU at x. */
  public static void siluBackward(long n, MemorySegment x, MemorySegment dy, MemorySegment dx) {
    for (long i = 0; i < n; i++) {
      float slope = SmoothUnitsReference.siluSlope(x.getAtIndex(JAVA_FLOAT, i));
      dx.setAtIndex(JAVA_FLOAT, i, dy.getAtIndex(JAVA_FLOAT, i) * slope);
    }
  }

  /** dx = dy (1 - e^-y). */
  public static void softplusBackward(long n, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    for (long i = 0; i < n; i++) {
      float slope = -SmoothUnitsReference.expm1(-y.getAtIndex(JAVA_FLOAT, i));
      dx.setAtIndex(JAVA_FLOAT, i, dy.getAtIndex(JAVA_FLOAT, i) * slope);
    }
  }

  /** y = slope x where x &lt; 0, else x. */
  public static void leakyRelu(long n, float slope, MemorySegment x, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      float value = x.getAtIndex(JAVA_FLOAT, i);
      y.setAtIndex(JAVA_FLOAT, i, value < 0f ? slope * value : value);
    }
  }

  /** dx = dy where y > 0, else slope dy. */
  public static void leakyReluBackward(long n, float slope, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    for (long i = 0; i < n; i++) {
      float gradient = dy.getAtIndex(JAVA_FLOAT, i);
      dx.setAtIndex(JAVA_FLOAT, i, y.getAtIndex(JAVA_FLOAT, i) > 0f ? gradient : slope * gradient);
    }
  }

  /** y = alpha (e^x - 1) where x &lt; 0, else x. */
  public static void elu(long n, float alpha, MemorySegment x, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      y.setAtIndex(JAVA_FLOAT, i, SmoothUnitsReference.elu(x.getAtIndex(JAVA_FLOAT, i), alpha));
    }
  }

  /** dx = dy where y > 0, else dy (y + alpha). */
  public static void eluBackward(long n, float alpha, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    for (long i = 0; i < n; i++) {
      float value = y.getAtIndex(JAVA_FLOAT, i);
      float gradient = dy.getAtIndex(JAVA_FLOAT, i);
      dx.setAtIndex(JAVA_FLOAT, i, value > 0f ? gradient : gradient * (value + alpha));
    }
  }
}
