package dev.lanewise.layers;

/**
 * Central differences of phi = sum over i of dy_i F_i at a point z = (input, parameters), variable by variable, and what bounds their error
 * and that of a gradient computed in fp32. Each bound is a sum of absolute values over outputs: nothing in it cancels.
 */
final class Differences {
  /** Truncation falls with h^2 and rounding grows with 1 / h: both lie near 1e-11 here, far below what fp32 can show. */
  private static final double H = 0x1p-16;

  private static final double H_SECOND = 0x1p-14;

  private final GradientCheck.Twin twin;
  private final double[][] point;
  private final double[] dy;
  private final double roundings;
  private final double[] y;

  /** J[v][j][i]: derivative of output i by element j of variable v. */
  private final double[][][] jacobian;

  Differences(GradientCheck.Twin twin, double[][] point, double[] dy, double roundings) {
    this.twin = twin;
    this.point = point;
    this.dy = dy;
    this.roundings = roundings;
    this.y = at();
    this.jacobian = new double[point.length][][];
    for (int v = 0; v < point.length; v++) {
      jacobian[v] = new double[point[v].length][];
      for (int j = 0; j < point[v].length; j++) {
        jacobian[v][j] = column(v, j, H);
      }
    }
  }

  private double[] at() {
    double[][] params = new double[point.length - 1][];
    for (int v = 0; v < params.length; v++) {
      params[v] = point[v + 1].clone();
    }
    return twin.forward(point[0].clone(), params);
  }

  private double[] column(int v, int j, double h) {
    double kept = point[v][j];
    point[v][j] = kept + h;
    double[] above = at();
    point[v][j] = kept - h;
    double[] below = at();
    point[v][j] = kept;
    double[] column = new double[above.length];
    for (int i = 0; i < column.length; i++) {
      column[i] = (above[i] - below[i]) / (2 * h);
    }
    return column;
  }

  double[] output() {
    return y;
  }

  /** d phi / d variable, element by element. */
  double[] gradient(int v) {
    double[] gradient = new double[point[v].length];
    for (int j = 0; j < gradient.length; j++) {
      for (int i = 0; i < dy.length; i++) {
        gradient[j] += dy[i] * jacobian[v][j][i];
      }
    }
    return gradient;
  }

  /**
   * M_i = |F_i| + sum over all variables z of |dF_i/dz| |z|: gamma times this is what roundings in the forward pass amount to, as seen
   * from its end (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 1.6).
   */
  double[] outputMass() {
    double[] mass = new double[y.length];
    for (int i = 0; i < mass.length; i++) {
      mass[i] = Math.abs(y[i]);
      for (int v = 0; v < point.length; v++) {
        for (int j = 0; j < point[v].length; j++) {
          mass[i] += Math.abs(jacobian[v][j][i] * point[v][j]);
        }
      }
    }
    return mass;
  }

  /**
   * S_j + C_j: the sum of |dy_i dF_i/dz_j|, which roundings of the backward pass multiply, and that of
   * |dy_i d2F_i/dz_j dz| |z| over all variables z: how the gradient answers to relative errors of what it is computed from.
   */
  double[][] gradientMass() {
    double[][] mass = new double[point.length][];
    for (int v = 0; v < point.length; v++) {
      mass[v] = new double[point[v].length];
      for (int j = 0; j < mass[v].length; j++) {
        mass[v][j] = weighted(jacobian[v][j], new double[dy.length]);
      }
    }
    for (int w = 0; w < point.length; w++) {
      for (int m = 0; m < point[w].length; m++) {
        double kept = point[w][m];
        point[w][m] = kept + H_SECOND;
        for (int v = 0; v < point.length; v++) {
          for (int j = 0; j < point[v].length; j++) {
            mass[v][j] += weighted(column(v, j, H), jacobian[v][j]) * Math.abs(kept) / H_SECOND;
          }
        }
        point[w][m] = kept;
      }
    }
    return mass;
  }

  /**
   * How far the differences themselves may be off: truncation, h^2 F''' / 6, of which those at 2h against those at h show three times as
   * much; and rounding of the twin, gamma M / h in double.
   */
  double[] ownError(int v, double[] outputMass) {
    double rounding = 0;
    for (int i = 0; i < dy.length; i++) {
      rounding += Math.abs(dy[i]) * outputMass[i] * (roundings + 1) * 0x1p-53 / H;
    }
    double[] error = new double[point[v].length];
    for (int j = 0; j < error.length; j++) {
      error[j] = rounding + weighted(column(v, j, 2 * H), jacobian[v][j]);
    }
    return error;
  }

  private double weighted(double[] column, double[] from) {
    double sum = 0;
    for (int i = 0; i < dy.length; i++) {
      sum += Math.abs(dy[i] * (column[i] - from[i]));
    }
    return sum;
  }
}
