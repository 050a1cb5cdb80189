package dev.lanewise.kernels.reference;

/** Attention in double, on arrays of double: the truth for the bounds of {@code Attention} and for gradient checks. */
public final class AttentionInDouble {
  private AttentionInDouble() {}

  /**
   * softmax(Q K' / sqrt(width)) V over the keys that each query sees.
   *
   * @param q [n, queryRows, heads * width]
   * @param k [n, keyRows, heads * width]
   * @param v as k
   * @param lengths how many leading keys each example has
   * @return [n, queryRows, heads * width]
   */
  public static double[] forward(
      int heads, int width, boolean causal, int n, int queryRows, int keyRows, double[] q, double[] k, double[] v, int[] lengths) {
    int all = heads * width;
    double[] y = new double[n * queryRows * all];
    for (int row = 0; row < n * queryRows; row++) {
      int example = row / queryRows;
      int visible = causal ? Math.min(lengths[example], row % queryRows + 1) : lengths[example];
      for (int h = 0; h < all; h += width) {
        double[] scores = new double[visible];
        for (int j = 0; j < visible; j++) {
          for (int c = h; c < h + width; c++) {
            scores[j] += q[row * all + c] * k[(example * keyRows + j) * all + c] / Math.sqrt(width);
          }
        }
        double[] p = SoftmaxInDouble.forward(1, visible, scores);
        for (int j = 0; j < visible; j++) {
          for (int c = h; c < h + width; c++) {
            y[row * all + c] += p[j] * v[(example * keyRows + j) * all + c];
          }
        }
      }
    }
    return y;
  }

  /**
   * The gradients for q, k and v, in this order, for the probabilities given.
   *
   * @param p [n, heads, queryRows, keyRows], as {@code forward} of the door leaves them
   */
  public static double[][] backward(
      int heads, int width, boolean causal, int n, int queryRows, int keyRows, double[] q, double[] k, double[] v, int[] lengths,
      double[] p, double[] dy) {
    int all = heads * width;
    double[][] gradients = {new double[q.length], new double[k.length], new double[v.length]};
    for (int row = 0; row < n * queryRows; row++) {
      int example = row / queryRows;
      int visible = causal ? Math.min(lengths[example], row % queryRows + 1) : lengths[example];
      for (int head = 0; head < heads; head++) {
        int at = ((example * heads + head) * queryRows + row % queryRows) * keyRows;
        double[] dp = new double[visible];
        double dot = 0;
        for (int j = 0; j < visible; j++) {
          for (int c = head * width; c < (head + 1) * width; c++) {
            dp[j] += dy[row * all + c] * v[(example * keyRows + j) * all + c];
          }
          dot += p[at + j] * dp[j];
        }
        for (int j = 0; j < visible; j++) {
          double ds = p[at + j] * (dp[j] - dot) / Math.sqrt(width);
          for (int c = head * width; c < (head + 1) * width; c++) {
            int key = (example * keyRows + j) * all + c;
            gradients[0][row * all + c] += ds * k[key];
            gradients[1][key] += ds * q[row * all + c];
            gradients[2][key] += p[at + j] * dy[row * all + c];
          }
        }
      }
    }
    return gradients;
  }
}
