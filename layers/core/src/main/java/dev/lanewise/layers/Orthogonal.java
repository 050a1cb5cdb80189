package dev.lanewise.layers;

import dev.lanewise.kernels.Rng;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;

/**
 * A random matrix with orthonormal rows or columns, whichever are fewer: normal numbers, made perpendicular one after another in double. The same
 * distribution as the QR decomposition that Keras uses, signs included.
 *
 * <p>Source: Saxe, McClelland and Ganguli, Exact solutions to the nonlinear dynamics of learning in deep linear neural networks, 2014; Golub
 * and Van Loan, Matrix Computations, 4th ed., section 5.2.8 (modified Gram-Schmidt, here done twice, so that no loss of orthogonality is left).
 */
final class Orthogonal {
  private Orthogonal() {}

  static void fill(Tensor value, long seed, long stream) {
    if (value.shape().rank() != 2) {
      throw new ShapeException("Initializer.ORTHOGONAL: " + value.shape() + " is no matrix; initialize it otherwise");
    }
    int rows = value.dim(0);
    int cols = value.dim(1);
    int count = Math.min(rows, cols);
    double[][] vectors = new double[count][Math.max(rows, cols)];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < vectors[i].length; j++) {
        vectors[i][j] = Rng.normal(seed, stream, (long) i * vectors[i].length + j);
      }
    }
    for (int i = 0; i < count; i++) {
      for (int twice = 0; twice < 2; twice++) {
        for (int k = 0; k < i; k++) {
          subtract(dot(vectors[i], vectors[k]), vectors[k], vectors[i]);
        }
      }
      double length = Math.sqrt(dot(vectors[i], vectors[i]));
      for (int j = 0; j < vectors[i].length; j++) {
        vectors[i][j] /= length;
        value.set(rows <= cols ? (long) i * cols + j : (long) j * cols + i, (float) vectors[i][j]);
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  private static void subtract(double factor, double[] a, double[] from) {
    for (int j = 0; j < a.length; j++) {
      from[j] -= factor * a[j];
    }
  }
}
