package dev.lanewise.training.generation;

import dev.lanewise.kernels.Rng;
import dev.lanewise.kernels.reference.MathReference;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;

/**
 * Chooses the next token by the scores that a model gives all tokens.
 *
 * <pre>p[i] = e^(z[i] / temperature) / sum over the candidates</pre>
 *
 * <p>Candidates are all tokens; or with {@code topK} the k of the highest scores; or with {@code topP} the fewest of the highest scores whose probabilities, among what top-k
 * left, reach that sum. Of equal scores the token with the lower id comes first. Temperature 0 always takes the highest score.
 *
 * <p>The choice is a function of seed, index and scores alone, and so is the same on every machine. One thread at a time; a call allocates nothing once the vocabulary is
 * known.
 *
 * <p>Source: Fan, Lewis and Dauphin, Hierarchical Neural Story Generation, 2018 (top-k); Holtzman and others, The Curious Case of Neural Text Degeneration, 2020
 * (top-p).
 */
public final class TextSampler {
  private static final long STREAM = 0x5445_5854L << 32; // "TEXT"

  private final long seed;
  private final float temperature;
  private final int topK;
  private final float topP;
  private long[] ranking = {};
  private double[] weights = {};

  private TextSampler(long seed, float temperature, int topK, float topP) {
    this.seed = seed;
    this.temperature = temperature;
    this.topK = topK;
    this.topP = topP;
  }

  /** Draws from the model's own probabilities. */
  public static TextSampler of(long seed) {
    return new TextSampler(seed, 1, Integer.MAX_VALUE, 1);
  }

  /**
   * With probabilities made sharper or flatter.
   *
   * @param newTemperature at least 0 and finite: 1 as they are, below 1 sharper, above flatter
   */
  public TextSampler temperature(float newTemperature) {
    if (!(newTemperature >= 0 && newTemperature < Float.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("TextSampler: a temperature of " + newTemperature + "; it is a number from 0");
    }
    return new TextSampler(seed, newTemperature, topK, topP);
  }

  /** Among the k likeliest tokens only, k at least 1. */
  public TextSampler topK(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("TextSampler: the " + k + " likeliest tokens; at least 1 is needed");
    }
    return new TextSampler(seed, temperature, k, topP);
  }

  /** Among the fewest likeliest tokens whose probabilities reach a sum, above 0 and at most 1. */
  public TextSampler topP(float p) {
    if (!(p > 0 && p <= 1)) {
      throw new IllegalArgumentException("TextSampler: probabilities up to a sum of " + p + "; it lies above 0 and up to 1");
    }
    return new TextSampler(seed, temperature, topK, p);
  }

  /**
   * A token.
   *
   * @param logits scores of all tokens, finite or -infinity for those that are out of the question
   * @param index which draw this is: another index is another draw, the same index the same
   * @throws IllegalArgumentException naming the token, if a score is NaN or +infinity, or all are -infinity
   */
  public int draw(Tensor logits, long index) {
    int n = Math.toIntExact(logits.size());
    int best = best(logits, n);
    if (temperature == 0 || topK == 1) {
      return best;
    }
    if (weights.length < n) {
      weights = new double[n];
      ranking = new long[n];
    }
    boolean ranked = topK < n || topP < 1;
    if (ranked) {
      rank(logits, n);
    }
    float max = logits.get(best);
    int candidates = Math.min(n, topK);
    double sum = 0;
    for (int i = 0; i < candidates; i++) {
      weights[i] = MathReference.exp((logits.get(ranked ? token(i) : i) - max) / temperature);
      sum += weights[i];
    }
    if (topP < 1) {
      double wanted = topP * sum;
      candidates = 0;
      for (sum = 0; sum < wanted; candidates++) {
        sum += weights[candidates];
      }
    }
    double mark = Rng.uniform(seed, STREAM, index) * sum;
    int chosen = 0;
    double passed = weights[0];
    while (chosen < candidates - 1 && passed <= mark) {
      passed += weights[++chosen];
    }
    return ranked ? token(chosen) : chosen;
  }

  private static int best(Tensor logits, int n) {
    int best = 0;
    for (int i = 0; i < n; i++) {
      float z = logits.get(i);
      if (Float.isNaN(z) || z == Float.POSITIVE_INFINITY) {
        throw new IllegalArgumentException("TextSampler: the score of token " + i + " is " + z + "; the model's parameters are damaged");
      }
      best = z > logits.get(best) ? i : best;
    }
    if (n == 0 || logits.get(best) == Float.NEGATIVE_INFINITY) {
      throw new IllegalArgumentException("TextSampler: none of the " + n + " tokens is possible");
    }
    return best;
  }

  /** Sorts tokens by falling score, equal ones by rising id: both in one number. */
  private void rank(Tensor logits, int n) {
    for (int i = 0; i < n; i++) {
      // + 0 makes -0 a +0: equal scores must have equal bits.
      int bits = Float.floatToIntBits(logits.get(i) + 0f);
      int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
      ranking[i] = (long) ~ascending << 32 | i;
    }
    Arrays.sort(ranking, 0, n);
  }

  private int token(int rank) {
    return (int) ranking[rank];
  }
}
