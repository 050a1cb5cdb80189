package dev.lanewise.kernels;

import dev.lanewise.kernels.activation.ActivationsTask;
import dev.lanewise.kernels.activation.ActivationsTask.Function;
import dev.lanewise.kernels.reference.ActivationsReference;
import java.lang.foreign.MemorySegment;

/**
 * Activation functions and elementary functions over n floats, and backward passes. What is monotone needs only the output y backwards; gelu,
 * geluTanh and silu need the input x. (Longer than most files: one door of the same few lines for each function.)
 *
 * <table>
 *   <caption>Error against the exact function, and IEEE edges</caption>
 *   <tr><th>function</th><th>max error</th><th>NaN</th><th>-inf</th><th>+inf</th><th>-0</th><th>overflow, underflow</th></tr>
 *   <tr><td>relu</td><td>exact</td><td>NaN</td><td>+0</td><td>+inf</td><td>+0</td><td></td></tr>
 *   <tr><td>exp</td><td>0.91 ulp</td><td>NaN</td><td>0</td><td>+inf</td><td>1</td><td>+inf above 88.72284; subnormal below -87.33655, 0 below -103.97208</td></tr>
 *   <tr><td>log</td><td>0.72 ulp</td><td>NaN</td><td>NaN</td><td>+inf</td><td>-inf</td><td>subnormal arguments as exact as others; negative ones NaN</td></tr>
 *   <tr><td>tanh</td><td>1.61 ulp</td><td>NaN</td><td>-1</td><td>1</td><td>-0</td><td>+-1 from 9.02 on; subnormal x gives x</td></tr>
 *   <tr><td>sigmoid</td><td>1.48 ulp</td><td>NaN</td><td>0</td><td>1</td><td>0.5</td><td>subnormal below -87.33655, 0 below -103.97208</td></tr>
 *   <tr><td>erf</td><td>0.9 ulp</td><td>NaN</td><td>-1</td><td>1</td><td>-0</td><td>+-1 beyond 3.9375</td></tr>
 *   <tr><td>rsqrt</td><td>1.5 ulp</td><td>NaN</td><td>NaN</td><td>0</td><td>-inf</td><td>negative arguments NaN</td></tr>
 *   <tr><td>gelu</td><td>1.77 ulp</td><td>NaN</td><td>-0</td><td>+inf</td><td>-0</td><td>subnormal below -13.146, -0 below -14.356</td></tr>
 *   <tr><td>geluTanh</td><td>1.1 ulp</td><td>NaN</td><td>-0</td><td>+inf</td><td>-0</td><td>subnormal below -10.101, -0 below -10.771</td></tr>
 *   <tr><td>silu</td><td>1.82 ulp</td><td>NaN</td><td>-0</td><td>+inf</td><td>-0</td><td>subnormal below -91.857, -0 below -108.66</td></tr>
 *   <tr><td>softplus</td><td>1.91 ulp</td><td>NaN</td><td>0</td><td>+inf</td><td>log 2</td><td>subnormal below -87.33655, 0 below -103.97208</td></tr>
 *   <tr><td>leakyRelu</td><td>0.5 ulp</td><td>NaN</td><td>-inf; NaN if slope is 0</td><td>+inf</td><td>-0</td><td></td></tr>
 *   <tr><td>elu</td><td>1.64 ulp, 0.89 if alpha is 1</td><td>NaN</td><td>-alpha</td><td>+inf</td><td>-0</td><td></td></tr>
 * </table>
 *
 * <p>Errors are the greatest that were measured, rounded up: of exp, gelu, geluTanh and softplus over all floats; of the others over all floats where the function
 * bends (from 2^-12 in size to where it is constant or linear; log from 1/64 to 64, rsqrt two binades, elu's alpha 1 and 1.3) and each 2,003rd elsewhere.
 *
 * <p>For sharing the limit, -infinity gives -0 in gelu, geluTanh and silu, where the formula would be -infinity times 0.
 *
 * <p>Backward passes: relu is exact (dx = +0 where y is not above 0, also where y is NaN); {@code dy (y (1 - y))} has at most 3
 * roundings, so a relative error of at most gamma_3 in the fp32 y given; {@code dy (1 - y^2)} at most 2, so gamma_2; plus half of the
 * least float for each product that underflows. leakyRelu has one rounding, elu two of y + alpha, softplus (1 ulp of 1 - e^-y and the product) a
 * relative error of gamma_3 in the y given. Where slopes pass through 0 errors are relative to the terms that cancel: {@code |error| <= gamma_8 |dy|
 * (Phi(x) + |x| phi(x))} for gelu, {@code gamma_10 |dy| s (1 + |x| (1 - s))} for silu, {@code gamma_(8 + 8 |z|) |dy| (s + |x z' | s (1 - s))} for
 * geluTanh with its sigmoid's argument z and z' the slope of that; plus 2^-140 |dy| where e^-|z| is subnormal.
 *
 * <p>Element i of the result depends only on element i of the operands, so the bits depend neither on the vector width nor on threads.
 * The result may be the very memory of an operand; any other overlap is refused. Operands are native segments, aligned to 4 bytes. A
 * call allocates nothing.
 */
public final class Activations {
  private Activations() {}

  /**
   * y = max(x, 0). Exact.
   *
   * @param n elements, at least 0
   * @param y may be x
   * @param workers share long arrays
   * @throws IllegalArgumentException if a segment is on the heap, too short or misaligned, or y overlaps x without being it
   */
  public static void relu(long n, MemorySegment x, MemorySegment y, Workers workers) {
    require("relu", n, x, y);
    if (Family.ACTIVATIONS_RELU.vectors()) {
      workers.state(ActivationsTask.KEY).forward(Function.RELU, n, x, y, workers);
    } else {
      ActivationsReference.relu(n, x, y);
    }
  }

  /**
   * dx = dy where y > 0, else 0; y is relu's output.
   *
   * @param dx may be dy or y
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void reluBackward(long n, MemorySegment y, MemorySegment dy, MemorySegment dx, Workers workers) {
    require("reluBackward", "y", n, y, dy, dx);
    if (Family.ACTIVATIONS_RELU_BACKWARD.vectors()) {
      workers.state(ActivationsTask.KEY).backward(Function.RELU_BACKWARD, n, y, dy, dx, workers);
    } else {
      ActivationsReference.reluBackward(n, y, dy, dx);
    }
  }

  /**
   * y = 1 / (1 + e^-x). At most 1.48 ulp off.
   *
   * @param y may be x
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void sigmoid(long n, MemorySegment x, MemorySegment y, Workers workers) {
    require("sigmoid", n, x, y);
    if (Family.ACTIVATIONS_SIGMOID.vectors()) {
      workers.state(ActivationsTask.KEY).forward(Function.SIGMOID, n, x, y, workers);
    } else {
      ActivationsReference.sigmoid(n, x, y);
    }
  }

  /**
   * dx = dy y (1 - y); y is sigmoid's output.
   *
   * @param dx may be dy or y
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void sigmoidBackward(long n, MemorySegment y, MemorySegment dy, MemorySegment dx, Workers workers) {
    require("sigmoidBackward", "y", n, y, dy, dx);
    if (Family.ACTIVATIONS_SIGMOID_BACKWARD.vectors()) {
      workers.state(ActivationsTask.KEY).backward(Function.SIGMOID_BACKWARD, n, y, dy, dx, workers);
    } else {
      ActivationsReference.sigmoidBackward(n, y, dy, dx);
    }
  }

  /**
   * y = tanh x. At most 1.61 ulp off.
   *
   * @param y may be x
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void tanh(long n, MemorySegment x, MemorySegment y, Workers workers) {
    require("tanh", n, x, y);
    if (Family.ACTIVATIONS_TANH.vectors()) {
      workers.state(ActivationsTask.KEY).forward(Function.TANH, n, x, y, workers);
    } else {
      ActivationsReference.tanh(n, x, y);
    }
  }

  /**
   * dx = dy (1 - y^2); y is tanh's output.
   *
   * @param dx may be dy or y
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void tanhBackward(long n, MemorySegment y, MemorySegment dy, MemorySegment dx, Workers workers) {
    require("tanhBackward", "y", n, y, dy, dx);
    if (Family.ACTIVATIONS_TANH_BACKWARD.vectors()) {
      workers.state(ActivationsTask.KEY).backward(Function.TANH_BACKWARD, n, y, dy, dx, workers);
    } else {
      ActivationsReference.tanhBackward(n, y, dy, dx);
    }
  }

  /**
   * y = e^x. At most 0.91 ulp off.
   *
   * @param y may be x
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void exp(long n, MemorySegment x, MemorySegment y, Workers workers) {
    require("exp", n, x, y);
    if (Family.ACTIVATIONS_EXP.vectors()) {
      workers.state(ActivationsTask.KEY).forward(Function.EXP, n, x, y, workers);
    } else {
      ActivationsReference.exp(n, x, y);
    }
  }

  /**
   * y = log x, the natural logarithm. At most 0.72 ulp off.
   *
   * @param y may be x
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void log(long n, MemorySegment x, MemorySegment y, Workers workers) {
    require("log", n, x, y);
    if (Family.ACTIVATIONS_LOG.vectors()) {
      workers.state(ActivationsTask.KEY).forward(Function.LOG, n, x, y, workers);
    } else {
      ActivationsReference.log(n, x, y);
    }
  }

  /**
   * y = erf x, the error function {@code 2 / sqrt(pi)} times the integral of e^(-t^2) from 0 to x. At most 0.9 ulp off.
   *
   * @param y may be x
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void erf(long n, MemorySegment x, MemorySegment y, Workers workers) {
    require("erf", n, x, y);
    if (Family.ACTIVATIONS_ERF.vectors()) {
      workers.state(ActivationsTask.KEY).forward(Function.ERF, n, x, y, workers);
    } else {
      ActivationsReference.erf(n, x, y);
    }
  }

  /**
   * y = 1 / sqrt(x). At most 1.5 ulp off.
   *
   * @param y may be x
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void rsqrt(long n, MemorySegment x, MemorySegment y, Workers workers) {
    require("rsqrt", n, x, y);
    if (Family.ACTIVATIONS_RSQRT.vectors()) {
      workers.state(ActivationsTask.KEY).forward(Function.RSQRT, n, x, y, workers);
    } else {
      ActivationsReference.rsqrt(n, x, y);
    }
  }

  /**
   * y = x Phi(x), Phi the distribution function of the standard normal distribution: {@code x (1 + erf(x / sqrt 2)) / 2} (Hendrycks and
   * Gimpel, Gaussian Error Linear Units, 2016). At most 1.77 ulp off.
   *
   * @param y may be x
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void gelu(long n, MemorySegment x, MemorySegment y, Workers workers) {
    require("gelu", n, x, y);
    if (Family.ACTIVATIONS_GELU.vectors()) {
      workers.state(ActivationsTask.KEY).forward(Function.GELU, n, x, y, workers);
    } else {
      ActivationsReference.gelu(n, x, y);
    }
  }

  /**
   * dx = dy (Phi(x) + x phi(x)), phi the density of the standard normal distribution; x is gelu's input.
   *
   * @param dx may be dy or x
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void geluBackward(long n, MemorySegment x, MemorySegment dy, MemorySegment dx, Workers workers) {
    require("geluBackward", "x", n, x, dy, dx);
    if (Family.ACTIVATIONS_GELU_BACKWARD.vectors()) {
      workers.state(ActivationsTask.KEY).backward(Function.GELU_BACKWARD, n, x, dy, dx, workers);
    } else {
      ActivationsReference.geluBackward(n, x, dy, dx);
    }
  }

  /**
   * y = x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2, the approximation of {@link #gelu} in the same paper. At most 1.1 ulp off: 1.0988 at
   * -2.7460093, of all floats.
   *
   * @param y may be x
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void geluTanh(long n, MemorySegment x, MemorySegment y, Workers workers) {
    require("geluTanh", n, x, y);
    if (Family.ACTIVATIONS_GELU_TANH.vectors()) {
      workers.state(ActivationsTask.KEY).forward(Function.GELU_TANH, n, x, y, workers);
    } else {
      ActivationsReference.geluTanh(n, x, y);
    }
  }

  /**
   * dx = dy (s + x s (1 - s) 2 sqrt(2 / pi) (1 + 3 * 0.044715 x^2)), s = geluTanh(x) / x; x is geluTanh's input.
   *
   * @param dx may be dy or x
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void geluTanhBackward(long n, MemorySegment x, MemorySegment dy, MemorySegment dx, Workers workers) {
    require("geluTanhBackward", "x", n, x, dy, dx);
    if (Family.ACTIVATIONS_GELU_TANH_BACKWARD.vectors()) {
      workers.state(ActivationsTask.KEY).backward(Function.GELU_TANH_BACKWARD, n, x, dy, dx, workers);
    } else {
      ActivationsReference.geluTanhBackward(n, x, dy, dx);
    }
  }

  /**
   * y = x / (1 + e^-x), also called swish. At most 1.82 ulp off.
   *
   * @param y may be x
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void silu(long n, MemorySegment x, MemorySegment y, Workers workers) {
    require("silu", n, x, y);
    if (Family.ACTIVATIONS_SILU.vectors()) {
      workers.state(ActivationsTask.KEY).forward(Function.SILU, n, x, y, workers);
    } else {
      ActivationsReference.silu(n, x, y);
    }
  }

  /**
   * dx = dy (s + x s (1 - s)), s the sigmoid of x; x is silu's input.
   *
   * @param dx may be dy or x
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void siluBackward(long n, MemorySegment x, MemorySegment dy, MemorySegment dx, Workers workers) {
    require("siluBackward", "x", n, x, dy, dx);
    if (Family.ACTIVATIONS_SILU_BACKWARD.vectors()) {
      workers.state(ActivationsTask.KEY).backward(Function.SILU_BACKWARD, n, x, dy, dx, workers);
    } else {
      ActivationsReference.siluBackward(n, x, dy, dx);
    }
  }

  /**
   * y = log(1 + e^x). At most 1.91 ulp off.
   *
   * @param y may be x
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void softplus(long n, MemorySegment x, MemorySegment y, Workers workers) {
    require("softplus", n, x, y);
    if (Family.ACTIVATIONS_SOFTPLUS.vectors()) {
      workers.state(ActivationsTask.KEY).forward(Function.SOFTPLUS, n, x, y, workers);
    } else {
      ActivationsReference.softplus(n, x, y);
    }
  }

  /**
   * dx = dy (1 - e^-y), which is dy times the sigmoid of x; y is softplus's output.
   *
   * @param dx may be dy or y
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void softplusBackward(long n, MemorySegment y, MemorySegment dy, MemorySegment dx, Workers workers) {
    require("softplusBackward", "y", n, y, dy, dx);
    if (Family.ACTIVATIONS_SOFTPLUS_BACKWARD.vectors()) {
      workers.state(ActivationsTask.KEY).backward(Function.SOFTPLUS_BACKWARD, n, y, dy, dx, workers);
    } else {
      ActivationsReference.softplusBackward(n, y, dy, dx);
    }
  }

  /**
   * y = x where x &gt;= 0, else slope x. At most 0.5 ulp off.
   *
   * @param slope at least 0; Keras's default 0.3
   * @param y may be x
   * @throws IllegalArgumentException as {@link #relu}, or if slope is negative or NaN
   */
  public static void leakyRelu(long n, float slope, MemorySegment x, MemorySegment y, Workers workers) {
    require("leakyRelu", n, x, y);
    requireParameter("leakyRelu", "slope", slope);
    if (Family.ACTIVATIONS_LEAKY_RELU.vectors()) {
      workers.state(ActivationsTask.KEY).run(Function.LEAKY_RELU, n, slope, x, MemorySegment.NULL, y, workers);
    } else {
      ActivationsReference.leakyRelu(n, slope, x, y);
    }
  }

  /**
   * dx = dy where y > 0, else slope dy; y is leakyRelu's output, or its input.
   *
   * @param dx may be dy or y
   * @throws IllegalArgumentException as {@link #leakyRelu}
   */
  public static void leakyReluBackward(
      long n, float slope, MemorySegment y, MemorySegment dy, MemorySegment dx, Workers workers) {
    require("leakyReluBackward", "y", n, y, dy, dx);
    requireParameter("leakyReluBackward", "slope", slope);
    if (Family.ACTIVATIONS_LEAKY_RELU_BACKWARD.vectors()) {
      workers.state(ActivationsTask.KEY).run(Function.LEAKY_RELU_BACKWARD, n, slope, y, dy, dx, workers);
    } else {
      ActivationsReference.leakyReluBackward(n, slope, y, dy, dx);
    }
  }

  /**
   * y = x where x &gt;= 0, else alpha (e^x - 1). At most 1.64 ulp off, 0.89 if alpha is 1.
   *
   * @param alpha at least 0; Keras's default 1
   * @param y may be x
   * @throws IllegalArgumentException as {@link #relu}, or if alpha is negative or NaN
   */
  public static void elu(long n, float alpha, MemorySegment x, MemorySegment y, Workers workers) {
    require("elu", n, x, y);
    requireParameter("elu", "alpha", alpha);
    if (Family.ACTIVATIONS_ELU.vectors()) {
      workers.state(ActivationsTask.KEY).run(Function.ELU, n, alpha, x, MemorySegment.NULL, y, workers);
    } else {
      ActivationsReference.elu(n, alpha, x, y);
    }
  }

  /**
   * dx = dy where y > 0, else dy (y + alpha), y + alpha being alpha e^x; y is elu's output.
   *
   * @param dx may be dy or y
   * @throws IllegalArgumentException as {@link #elu}
   */
  public static void eluBackward(
      long n, float alpha, MemorySegment y, MemorySegment dy, MemorySegment dx, Workers workers) {
    require("eluBackward", "y", n, y, dy, dx);
    requireParameter("eluBackward", "alpha", alpha);
    if (Family.ACTIVATIONS_ELU_BACKWARD.vectors()) {
      workers.state(ActivationsTask.KEY).run(Function.ELU_BACKWARD, n, alpha, y, dy, dx, workers);
    } else {
      ActivationsReference.eluBackward(n, alpha, y, dy, dx);
    }
  }

  private static void require(String door, long n, MemorySegment x, MemorySegment y) {
    Segments.require(door, "x", x, n);
    Segments.require(door, "y", y, n);
    Segments.requireSameOrApart(door, "y", y, "x", x, n);
  }

  private static void require(
      String door, String name, long n, MemorySegment point, MemorySegment dy, MemorySegment dx) {
    Segments.require(door, name, point, n);
    Segments.require(door, "dy", dy, n);
    Segments.require(door, "dx", dx, n);
    Segments.requireSameOrApart(door, "dx", dx, name, point, n);
    Segments.requireSameOrApart(door, "dx", dx, "dy", dy, n);
  }

  private static void requireParameter(String door, String name, float value) {
    if (!(value >= 0f)) {
      throw new IllegalArgumentException(door + ": " + name + " " + value + "; it must be at least 0");
    }
  }
}
