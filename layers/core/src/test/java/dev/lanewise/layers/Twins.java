package dev.lanewise.layers;

import dev.lanewise.layers.GradientCheck.Twin;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** The layers' formulas in double precision, written from their definitions. */
final class Twins {
  private Twins() {}

  static Twin dense(int in, int out, Activation activation) {
    return (x, params) -> {
      int n = x.length / in;
      double[] y = new double[n * out];
      for (int r = 0; r < n; r++) {
        for (int j = 0; j < out; j++) {
          double sum = params[1][j];
          for (int i = 0; i < in; i++) {
            sum += x[r * in + i] * params[0][i * out + j];
          }
          y[r * out + j] = function(activation).applyAsDouble(sum);
        }
      }
      return y;
    };
  }

  /** @param s stride, d dilation, top and left rows and columns of zeros before the image */
  static Twin conv2d(int h, int w, int c, int kh, int kw, int f, int oh, int ow, int s, int d, int top, int left, Activation activation) {
    return (x, params) -> {
      int n = x.length / (h * w * c);
      double[] y = new double[n * oh * ow * f];
      for (int r = 0; r < n; r++) {
        for (int i = 0; i < oh; i++) {
          for (int j = 0; j < ow; j++) {
            for (int q = 0; q < f; q++) {
              double sum = params[1][q];
              for (int a = 0; a < kh; a++) {
                for (int b = 0; b < kw; b++) {
                  int row = i * s - top + a * d;
                  int col = j * s - left + b * d;
                  if (row >= 0 && row < h && col >= 0 && col < w) {
                    for (int p = 0; p < c; p++) {
                      sum += x[((r * h + row) * w + col) * c + p] * params[0][((a * kw + b) * c + p) * f + q];
                    }
                  }
                }
              }
              y[((r * oh + i) * ow + j) * f + q] = function(activation).applyAsDouble(sum);
            }
          }
        }
      }
      return y;
    };
  }

  static Twin maxPool2d(int h, int w, int c, int pool, int s) {
    int oh = (h - pool) / s + 1;
    int ow = (w - pool) / s + 1;
    return (x, params) -> {
      int n = x.length / (h * w * c);
      double[] y = new double[n * oh * ow * c];
      Arrays.fill(y, Double.NEGATIVE_INFINITY);
      for (int o = 0; o < y.length; o++) {
        int p = o % c;
        int j = o / c % ow;
        int i = o / c / ow % oh;
        int r = o / c / ow / oh;
        for (int a = 0; a < pool; a++) {
          for (int b = 0; b < pool; b++) {
            y[o] = Math.max(y[o], x[((r * h + i * s + a) * w + j * s + b) * c + p]);
          }
        }
      }
      return y;
    };
  }

  static Twin softmax(int classes) {
    return (x, params) -> {
      double[] y = new double[x.length];
      for (int from = 0; from < x.length; from += classes) {
        double sum = 0;
        for (int j = from; j < from + classes; j++) {
          y[j] = Math.exp(x[j]);
          sum += y[j];
        }
        for (int j = from; j < from + classes; j++) {
          y[j] /= sum;
        }
      }
      return y;
    };
  }

  static Twin elementwise(Activation activation) {
    return (x, params) -> Arrays.stream(x).map(function(activation)).toArray();
  }

  static Twin identity() {
    return (x, params) -> x;
  }

  static Twin times(double[] mask) {
    return (x, params) -> {
      double[] y = new double[x.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = x[i] * mask[i];
      }
      return y;
    };
  }

  /** Layers one after the other, of 2 parameters (true) or none. */
  static Twin chain(boolean[] learns, Twin... twins) {
    return (x, params) -> {
      double[] y = x;
      int at = 0;
      for (int i = 0; i < twins.length; i++) {
        double[][] own = learns[i] ? new double[][] {params[at++], params[at++]} : new double[0][];
        y = twins[i].forward(y, own);
      }
      return y;
    };
  }

  private static DoubleUnaryOperator function(Activation activation) {
    return switch (activation) {
      case LINEAR -> x -> x;
      case RELU -> x -> Math.max(x, 0);
      case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
      case TANH -> Math::tanh;
    };
  }
}
