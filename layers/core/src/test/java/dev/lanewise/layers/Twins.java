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
    return conv2d(h, w, c, kh, kw, f, oh, ow, s, d, top, left, 1, activation);
  }

  /** In groups: filter q sees c / groups channels, those of its group. */
  static Twin conv2d(int h, int w, int c, int kh, int kw, int f, int oh, int ow, int s, int d, int top, int left, int groups,
      Activation activation) {
    int seen = c / groups;
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
                    for (int p = 0; p < seen; p++) {
                      int channel = q / (f / groups) * seen + p;
                      sum += x[((r * h + row) * w + col) * c + channel] * params[0][((a * kw + b) * seen + p) * f + q];
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

  /** As a convolution spelled backwards: each input pixel scatters its kernel. */
  static Twin convTranspose2d(int h, int w, int c, int kh, int kw, int f, int oh, int ow, int s, int top, int left,
      Activation activation) {
    return (x, params) -> {
      int n = x.length / (h * w * c);
      double[] y = new double[n * oh * ow * f];
      for (int o = 0; o < y.length; o++) {
        y[o] = params[1][o % f];
      }
      for (int at = 0; at < x.length; at++) {
        int p = at % c;
        int j = at / c % w;
        int i = at / c / w % h;
        int r = at / c / w / h;
        for (int a = 0; a < kh; a++) {
          for (int b = 0; b < kw; b++) {
            int row = i * s - top + a;
            int col = j * s - left + b;
            if (row >= 0 && row < oh && col >= 0 && col < ow) {
              for (int q = 0; q < f; q++) {
                y[((r * oh + row) * ow + col) * f + q] += x[at] * params[0][((a * kw + b) * f + q) * c + p];
              }
            }
          }
        }
      }
      return Arrays.stream(y).map(function(activation)).toArray();
    };
  }

  static Twin upSample2d(int h, int w, int c, int fh, int fw) {
    return (x, params) -> {
      double[] y = new double[x.length * fh * fw];
      for (int o = 0; o < y.length; o++) {
        int j = o / c % (w * fw);
        int row = o / c / (w * fw);
        y[o] = x[(row / fh * w + j / fw) * c + o % c];
      }
      return y;
    };
  }

  /** @param eps the numbers that are drawn */
  static Twin reparameterize(int d, double[] eps) {
    return (x, params) -> {
      double[] z = new double[x.length / 2];
      for (int i = 0; i < z.length; i++) {
        int mu = i / d * 2 * d + i % d;
        z[i] = x[mu] + Math.exp(x[mu + d] / 2) * eps[i];
      }
      return z;
    };
  }

  static Twin averagePool2d(int h, int w, int c, int ph, int pw, int sh, int sw) {
    int oh = (h - ph) / sh + 1;
    int ow = (w - pw) / sw + 1;
    return (x, params) -> {
      double[] y = new double[x.length / (h * w * c) * oh * ow * c];
      for (int o = 0; o < y.length; o++) {
        int j = o / c % ow;
        int i = o / c / ow % oh;
        int r = o / c / ow / oh;
        for (int a = 0; a < ph; a++) {
          for (int b = 0; b < pw; b++) {
            y[o] += x[((r * h + i * sh + a) * w + j * sw + b) * c + o % c] / (ph * pw);
          }
        }
      }
      return y;
    };
  }

  /** Over all rows of the batch. */
  static Twin batchNorm(int c, double epsilon) {
    return (x, params) -> {
      int rows = x.length / c;
      double[] mean = new double[c];
      double[] variance = new double[c];
      for (int i = 0; i < x.length; i++) {
        mean[i % c] += x[i] / rows;
      }
      for (int i = 0; i < x.length; i++) {
        variance[i % c] += (x[i] - mean[i % c]) * (x[i] - mean[i % c]) / rows;
      }
      double[] y = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        y[i] = params[0][i % c] * (x[i] - mean[i % c]) / Math.sqrt(variance[i % c] + epsilon) + params[1][i % c];
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
