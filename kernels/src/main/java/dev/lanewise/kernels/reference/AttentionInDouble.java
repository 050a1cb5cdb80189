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
}
