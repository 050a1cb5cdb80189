package dev.lanewise.layers;

import dev.lanewise.kernels.Rng;
import dev.lanewise.kernels.reference.RngReference;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * First values of a parameter. The random ones have variance scale / fan, as in Keras, with the same distributions:
 *
 * <pre>
 * GLOROT_UNIFORM  uniform in [-a, a), a = sqrt(6 / (in + out))      GLOROT_NORMAL  stddev sqrt(2 / (in + out))
 * HE_UNIFORM      uniform in [-a, a), a = sqrt(6 / in)              HE_NORMAL      stddev sqrt(2 / in)
 * </pre>
 *
 * <p>The normal ones are cut off at two standard deviations before they are scaled to the stated one. {@code in} and {@code out} are the
 * fans: [in, out] of a matrix, each times kh kw for a convolution kernel [kh, kw, in, out], the length of a vector for both.
 *
 * <p>Element i depends only on seed, stream and i. Source: Glorot and Bengio, Understanding the difficulty of training deep feedforward
 * neural networks, 2010; He, Zhang, Ren and Sun, Delving Deep into Rectifiers, 2015.
 */
@FunctionalInterface
public interface Initializer {
  /** All 0. */
  Initializer ZEROS = (value, seed, stream) -> value.fill(0);

  /** All 1. */
  Initializer ONES = (value, seed, stream) -> value.fill(1);

  /** For layers that keep the variance of activations and gradients: Keras's default. */
  Initializer GLOROT_UNIFORM = (value, seed, stream) -> uniform(value, seed, stream, glorot(value.shape()));

  /** The same variance, normally distributed. */
  Initializer GLOROT_NORMAL = (value, seed, stream) -> normal(value, seed, stream, glorot(value.shape()));

  /** For layers followed by ReLU. */
  Initializer HE_UNIFORM = (value, seed, stream) -> uniform(value, seed, stream, he(value.shape()));

  /** The same variance, normally distributed. */
  Initializer HE_NORMAL = (value, seed, stream) -> normal(value, seed, stream, he(value.shape()));

  /**
   * Rows, or columns if there are fewer of them, that are perpendicular to each other and of length 1: what a recurrent layer multiplies its
   * state by at each step neither grows nor fades. For matrices.
   */
  Initializer ORTHOGONAL = Orthogonal::fill;

  /**
   * Uniform in [-bound, bound), whatever the shape.
   *
   * @param bound above 0 and finite
   */
  static Initializer uniform(float bound) {
    requirePositive("uniform values up to", bound);
    return (value, seed, stream) -> RngReference.uniform(seed, stream, 0, 0, value.size(), value.segment(), -bound, bound);
  }

  /**
   * Normally distributed with mean 0, whatever the shape; nothing is cut off.
   *
   * @param stddev above 0 and finite
   */
  static Initializer normal(float stddev) {
    requirePositive("a standard deviation of", stddev);
    return (value, seed, stream) -> RngReference.normal(seed, stream, 0, 0, value.size(), value.segment(), 0, stddev);
  }

  private static void requirePositive(String what, float value) {
    if (!(value > 0 && value < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("Initializer: " + what + " " + value + "; it must be above 0 and finite");
    }
  }

  /**
   * Sets all elements.
   *
   * @param value the parameter
   * @param seed of the model
   * @param stream of random numbers, this parameter's own
   */
  void fill(Tensor value, long seed, long stream);

  private static double glorot(Shape shape) {
    return 2.0 / (fanIn(shape) + fanOut(shape));
  }

  private static double he(Shape shape) {
    return 2.0 / fanIn(shape);
  }

  private static void uniform(Tensor value, long seed, long stream, double variance) {
    float a = (float) Math.sqrt(3 * variance);
    // The scalar twin gives the same bits, and sooner: before C2 has compiled it the vector kernel takes half a second.
    RngReference.uniform(seed, stream, 0, 0, value.size(), value.segment(), -a, a);
  }

  private static void normal(Tensor value, long seed, long stream, double variance) {
    double stddevOfCut = 0.87962566103423978;
    double scale = Math.sqrt(variance) / stddevOfCut;
    long tries = 1L << 48;
    for (long i = 0; i < value.size(); i++) {
      long index = i;
      float z = Rng.normal(seed, stream, index);
      while (Math.abs(z) > 2) {
        index += tries;
        z = Rng.normal(seed, stream, index);
      }
      value.set(i, (float) (scale * z));
    }
  }

  private static long fanIn(Shape shape) {
    return switch (shape.rank()) {
      case 0 -> 1;
      case 1 -> shape.dim(0);
      default -> shape.size() / shape.dim(shape.rank() - 1);
    };
  }

  private static long fanOut(Shape shape) {
    return switch (shape.rank()) {
      case 0 -> 1;
      case 1 -> shape.dim(0);
      default -> shape.size() / shape.dim(shape.rank() - 2);
    };
  }
}
