package dev.lanewise.kernels.golden;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.Optimizers;
import dev.lanewise.kernels.Rng;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Optimizers and random numbers. */
final class GoldenSteps {
  private interface Step {
    void apply(long n, MemorySegment w, MemorySegment g, MemorySegment s, MemorySegment t, int step, Workers workers);
  }

  private interface Fill {
    void apply(long seed, long stream, long offset, long n, MemorySegment y, Workers workers);
  }

  private interface Word {
    int apply(long seed, long stream, long index);
  }

  private GoldenSteps() {}

  static List<Golden> all() {
    return List.of(
        steps("Optimizers.sgd", (n, w, g, s, t, step, workers) -> Optimizers.sgd(n, w, g, 0.1f, 0.01f, workers)),
        steps("Optimizers.momentum",
            (n, w, g, s, t, step, workers) -> Optimizers.momentum(n, w, g, s, 0.1f, 0.9f, step == 2, 0.01f, workers)),
        steps("Optimizers.rmsprop",
            (n, w, g, s, t, step, workers) -> Optimizers.rmsprop(n, w, g, s, 0.01f, 0.9f, 1e-7f, 0.01f, workers)),
        steps("Optimizers.adam",
            (n, w, g, s, t, step, workers) -> Optimizers.adam(n, w, g, s, t, 0.01f, 0.9f, 0.999f, 1e-7f, step, workers)),
        steps("Optimizers.adamW",
            (n, w, g, s, t, step, workers) -> Optimizers.adamW(n, w, g, s, t, 0.01f, 0.9f, 0.999f, 1e-7f, 0.01f, step, workers)),
        fill("Rng.uniform", (seed, stream, offset, n, y, workers) -> Rng.uniform(seed, stream, offset, n, y, -2, 3, workers)),
        fill("Rng.normal", (seed, stream, offset, n, y, workers) -> Rng.normal(seed, stream, offset, n, y, 0.5f, 2, workers)),
        fill("Rng.dropoutMask",
            (seed, stream, offset, n, y, workers) -> Rng.dropoutMask(seed, stream, offset, n, y, 0.7f, workers)),
        words("Rng.bits", Rng::bits),
        words("Rng.below", (seed, stream, index) -> Rng.below(seed, stream, index, 1_000_003)),
        new Golden("Rng.shuffle", "orders of 0, 1, 2, 10 and 1000 elements", GoldenSteps::shuffle));
  }

  private static Golden steps(String kernel, Step step) {
    return new Golden(kernel, "3 steps each over 17 sizes from 0 to 1000 and one of 33,001: weights and state", (canon, workers) -> {
      for (int n : Canon.SIZES) {
        three(canon, n, step, workers);
      }
      three(canon, Canon.LONG, step, workers);
    });
  }

  private static void three(Canon canon, int n, Step rule, Workers workers) {
    Guarded w = Guarded.of(canon.uniform(n, -1, 1).toArray(JAVA_FLOAT));
    Guarded s = Guarded.of(new float[n]);
    Guarded t = Guarded.of(new float[n]);
    for (int step = 1; step <= 3; step++) {
      rule.apply(n, w.segment(), canon.uniform(n, -1, 1), s.segment(), t.segment(), step, workers);
    }
    canon.floats(w);
    canon.floats(s);
    canon.floats(t);
  }

  private static Golden fill(String kernel, Fill fill) {
    return new Golden(kernel, "17 sizes from 0 to 1000 and one of 33,001, at offsets 0, 61 and 2^40", (canon, workers) -> {
      for (long offset : new long[] {0, 61, 1L << 40}) {
        for (int n : Canon.SIZES) {
          filled(canon, offset, n, fill, workers);
        }
        filled(canon, offset, Canon.LONG, fill, workers);
      }
    });
  }

  private static void filled(Canon canon, long offset, int n, Fill fill, Workers workers) {
    Guarded y = Guarded.nanFilled(n);
    fill.apply(7, 11, offset, n, y.segment(), workers);
    canon.floats(y);
  }

  private static Golden words(String kernel, Word word) {
    return new Golden(kernel, "1000 indices from 0 on and 100 from 2^40 on", (canon, workers) -> {
      for (int i = 0; i < 1000; i++) {
        canon.word(word.apply(7, 11, i));
      }
      for (int i = 0; i < 100; i++) {
        canon.word(word.apply(-7, 1L << 50, (1L << 40) + i));
      }
    });
  }

  private static void shuffle(Canon canon, Workers workers) {
    for (int n : new int[] {0, 1, 2, 10, 1000}) {
      int[] order = new int[n];
      for (int i = 0; i < n; i++) {
        order[i] = i;
      }
      Rng.shuffle(7, 11, order);
      for (int at : order) {
        canon.word(at);
      }
    }
  }
}
