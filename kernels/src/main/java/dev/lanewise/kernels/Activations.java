package dev.lanewise.kernels;

import dev.lanewise.kernels.activation.ActivationsTask;
import dev.lanewise.kernels.activation.ActivationsTask.Function;
import dev.lanewise.kernels.cpu.Simd;
import dev.lanewise.kernels.reference.ActivationsReference;
import java.lang.foreign.MemorySegment;

/**
 * Activation functions and elementary functions over n floats, and backward passes that need only the output.
 *
 * <table>
 *   <caption>Error against the exact function, and IEEE edges</caption>
 *   <tr><th>function</th><th>max error</th><th>NaN</th><th>-inf</th><th>+inf</th><th>-0</th><th>overflow, underflow</th></tr>
 *   <tr><td>relu</td><td>exact</td><td>NaN</td><td>+0</td><td>+inf</td><td>+0</td><td></td></tr>
 *   <tr><td>exp</td><td>1 ulp</td><td>NaN</td><td>0</td><td>+inf</td><td>1</td><td>+inf above 88.72284; subnormal below -87.33655, 0 below -103.97208</td></tr>
 *   <tr><td>log</td><td>1 ulp</td><td>NaN</td><td>NaN</td><td>+inf</td><td>-inf</td><td>subnormal arguments as exact as others; negative ones NaN</td></tr>
 *   <tr><td>tanh</td><td>2 ulp</td><td>NaN</td><td>-1</td><td>1</td><td>-0</td><td>+-1 from 9.02 on; subnormal x gives x</td></tr>
 *   <tr><td>sigmoid</td><td>2 ulp</td><td>NaN</td><td>0</td><td>1</td><td>0.5</td><td>subnormal below -87.33655, 0 below -103.97208</td></tr>
 * </table>
 *
 * Backward passes: relu is exact (dx = +0 where y is not above 0, also where y is NaN); {@code dy (y (1 - y))} has at most 3
 * roundings, so a relative error of at most gamma_3 in the fp32 y given; {@code dy (1 - y^2)} at most 2, so gamma_2; plus half of the
 * least float for each product that underflows.
 *
 * <p>Element i of the result depends only on element i of the operands, so the bits depend neither on the vector width nor on threads.
 * The result may be the very memory of an operand; any other overlap is refused. Operands are native segments, aligned to 4 bytes. A
 * call allocates nothing.
 */
public final class Activations {
  private Activations() {}

  /**
   * y = max(x, 0).
   *
   * @param n elements, at least 0
   * @param y may be x
   * @param workers share long arrays
   * @throws IllegalArgumentException if a segment is on the heap, too short or misaligned, or y overlaps x without being it
   */
  public static void relu(long n, MemorySegment x, MemorySegment y, Workers workers) {
    require("relu", n, x, y);
    if (Simd.ENABLED) {
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
    require("reluBackward", n, y, dy, dx);
    if (Simd.ENABLED) {
      workers.state(ActivationsTask.KEY).backward(Function.RELU_BACKWARD, n, y, dy, dx, workers);
    } else {
      ActivationsReference.reluBackward(n, y, dy, dx);
    }
  }

  /**
   * y = 1 / (1 + e^-x).
   *
   * @param y may be x
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void sigmoid(long n, MemorySegment x, MemorySegment y, Workers workers) {
    require("sigmoid", n, x, y);
    if (Simd.ENABLED) {
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
    require("sigmoidBackward", n, y, dy, dx);
    if (Simd.ENABLED) {
      workers.state(ActivationsTask.KEY).backward(Function.SIGMOID_BACKWARD, n, y, dy, dx, workers);
    } else {
      ActivationsReference.sigmoidBackward(n, y, dy, dx);
    }
  }

  /**
   * y = tanh x.
   *
   * @param y may be x
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void tanh(long n, MemorySegment x, MemorySegment y, Workers workers) {
    require("tanh", n, x, y);
    if (Simd.ENABLED) {
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
    require("tanhBackward", n, y, dy, dx);
    if (Simd.ENABLED) {
      workers.state(ActivationsTask.KEY).backward(Function.TANH_BACKWARD, n, y, dy, dx, workers);
    } else {
      ActivationsReference.tanhBackward(n, y, dy, dx);
    }
  }

  /**
   * y = e^x.
   *
   * @param y may be x
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void exp(long n, MemorySegment x, MemorySegment y, Workers workers) {
    require("exp", n, x, y);
    if (Simd.ENABLED) {
      workers.state(ActivationsTask.KEY).forward(Function.EXP, n, x, y, workers);
    } else {
      ActivationsReference.exp(n, x, y);
    }
  }

  /**
   * y = log x, the natural logarithm.
   *
   * @param y may be x
   * @throws IllegalArgumentException as {@link #relu}
   */
  public static void log(long n, MemorySegment x, MemorySegment y, Workers workers) {
    require("log", n, x, y);
    if (Simd.ENABLED) {
      workers.state(ActivationsTask.KEY).forward(Function.LOG, n, x, y, workers);
    } else {
      ActivationsReference.log(n, x, y);
    }
  }

  private static void require(String door, long n, MemorySegment x, MemorySegment y) {
    Segments.require(door, "x", x, n);
    Segments.require(door, "y", y, n);
    Segments.requireSameOrApart(door, "y", y, "x", x, n);
  }

  private static void require(String door, long n, MemorySegment y, MemorySegment dy, MemorySegment dx) {
    Segments.require(door, "y", y, n);
    Segments.require(door, "dy", dy, n);
    Segments.require(door, "dx", dx, n);
    Segments.requireSameOrApart(door, "dx", dx, "y", y, n);
    Segments.requireSameOrApart(door, "dx", dx, "dy", dy, n);
  }
}
