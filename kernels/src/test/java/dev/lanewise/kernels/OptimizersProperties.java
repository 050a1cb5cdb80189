package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.OptimizersInDouble;
import dev.lanewise.kernels.reference.OptimizersReference;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import dev.lanewise.kernels.testkit.Sizes;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;

class OptimizersProperties {
  private static final Workers ONE = Crew.of(1);
  private static final float LR = 0.01f;
  private static final float EPSILON = 1e-7f;

  /** One step of each optimizer on weights, gradient and two states, of which it uses as many as it has. */
  enum Rule {
    SGD {
      @Override
      void fast(Problem p, Workers workers) {
        Optimizers.sgd(p.n, p.w.segment(), p.g.segment(), LR, p.decay, workers);
      }

      @Override
      void twin(Problem p) {
        OptimizersReference.sgd(0, p.n, p.w.segment(), p.g.segment(), LR, p.decay);
      }
    },
    MOMENTUM {
      @Override
      void fast(Problem p, Workers workers) {
        Optimizers.momentum(p.n, p.w.segment(), p.g.segment(), p.s.segment(), LR, 0.9f, false, p.decay, workers);
      }

      @Override
      void twin(Problem p) {
        OptimizersReference.momentum(0, p.n, p.w.segment(), p.g.segment(), p.s.segment(), LR, 0.9f, false, p.decay);
      }
    },
    NESTEROV {
      @Override
      void fast(Problem p, Workers workers) {
        Optimizers.momentum(p.n, p.w.segment(), p.g.segment(), p.s.segment(), LR, 0.9f, true, p.decay, workers);
      }

      @Override
      void twin(Problem p) {
        OptimizersReference.momentum(0, p.n, p.w.segment(), p.g.segment(), p.s.segment(), LR, 0.9f, true, p.decay);
      }
    },
    RMSPROP {
      @Override
      void fast(Problem p, Workers workers) {
        Optimizers.rmsprop(p.n, p.w.segment(), p.g.segment(), p.t.segment(), LR, 0.9f, EPSILON, p.decay, workers);
      }

      @Override
      void twin(Problem p) {
        OptimizersReference.rmsprop(0, p.n, p.w.segment(), p.g.segment(), p.t.segment(), LR, 0.9f, EPSILON, p.decay);
      }
    },
    ADAM_W {
      @Override
      void fast(Problem p, Workers workers) {
        Optimizers.adamW(
            p.n, p.w.segment(), p.g.segment(), p.s.segment(), p.t.segment(), LR, 0.9f, 0.999f, EPSILON, p.decay, p.step, workers);
      }

      @Override
      void twin(Problem p) {
        OptimizersReference.adamW(
            0, p.n, p.w.segment(), p.g.segment(), p.s.segment(), p.t.segment(), LR, 0.9f, 0.999f, EPSILON, p.decay, p.step);
      }
    },
    EMA {
      @Override
      void fast(Problem p, Workers workers) {
        Optimizers.ema(p.n, p.w.segment(), p.s.segment(), 0.9f, workers);
      }

      @Override
      void twin(Problem p) {
        OptimizersReference.ema(0, p.n, p.w.segment(), p.s.segment(), 0.9f);
      }
    };

    abstract void fast(Problem p, Workers workers);

    abstract void twin(Problem p);
  }

  /** s may be negative (a velocity or mean), t may not (a mean of squares). */
  private static final class Problem {
    final int n;
    final float decay;
    final long step;
    final Guarded w;
    final Guarded g;
    final Guarded s;
    final Guarded t;

    Problem(int n, float decay, long step, long seed) {
      Data data = Data.seeded(seed);
      this.n = n;
      this.decay = decay;
      this.step = step;
      w = Guarded.of(data.uniform(n, -1f, 1f));
      g = Guarded.of(data.uniform(n, -2f, 2f));
      s = Guarded.of(data.uniform(n, -1f, 1f));
      t = Guarded.of(data.uniform(n, 0f, 4f));
    }

    void assertSame(Problem other) {
      assertThat(w.bits()).isEqualTo(other.w.bits());
      assertThat(g.bits()).isEqualTo(other.g.bits());
      assertThat(s.bits()).isEqualTo(other.s.bits());
      assertThat(t.bits()).isEqualTo(other.t.bits());
      assertThat(w.guardsIntact() && g.guardsIntact() && s.guardsIntact() && t.guardsIntact()).isTrue();
    }
  }

  @Property(tries = 400)
  void everyStepHasTheBitsOfTheTwin(
      @ForAll Rule rule,
      @ForAll(supplier = Sizes.Straddling.class) int n,
      @ForAll boolean decays,
      @ForAll @IntRange(min = 1, max = 100_000) int step,
      @ForAll long seed) {
    Problem got = new Problem(n, decays ? 0.1f : 0f, step, seed);
    Problem want = new Problem(n, decays ? 0.1f : 0f, step, seed);
    rule.fast(got, ONE);
    rule.twin(want);
    got.assertSame(want);
  }

  @Property(tries = 30)
  void anyNumberOfThreadsHasTheSameBits(
      @ForAll Rule rule, @ForAll @IntRange(min = 2, max = Crew.LARGEST) int threads, @ForAll long seed) {
    Problem one = new Problem(33_003, 0.1f, 3, seed);
    Problem many = new Problem(33_003, 0.1f, 3, seed);
    rule.fast(one, ONE);
    rule.fast(many, Crew.of(threads));
    many.assertSame(one);
  }

  @Property(tries = 100)
  void sgdAndMomentumLieWithinTheirBounds(
      @ForAll @IntRange(min = 1, max = 60) int n, @ForAll boolean nesterov, @ForAll long seed) {
    Problem p = new Problem(n, 0.1f, 1, seed);
    double[] w = Data.widened(p.w.floats());
    double[] g = Data.widened(p.g.floats());
    double[] plain = w.clone();
    double[] v = Data.widened(p.s.floats());
    double[] weights = new double[n];
    double[] velocities = new double[n];
    for (int i = 0; i < n; i++) {
      velocities[i] = 0.9 * Math.abs(v[i]) + LR * Math.abs(g[i]);
      weights[i] = Math.abs(w[i]) * 1.1 + velocities[i] + LR * Math.abs(g[i]);
    }
    Problem sgd = new Problem(n, 0.1f, 1, seed);
    Rule.SGD.fast(sgd, ONE);
    OptimizersInDouble.sgd(plain, g, LR, 0.1f);
    Bounds.gamma(4).times(weights).holds(sgd.w.floats(), plain);
    (nesterov ? Rule.NESTEROV : Rule.MOMENTUM).fast(p, ONE);
    OptimizersInDouble.momentum(w, g, v, LR, 0.9f, nesterov, 0.1f);
    Bounds.gamma(4).times(velocities).holds(p.s.floats(), v);
    // What the velocity is off by passes into the weight once more.
    Bounds.gamma(8).times(weights).holds(p.w.floats(), w);
  }

  @Property(tries = 100)
  void rmspropLiesWithinItsBounds(@ForAll @IntRange(min = 1, max = 60) int n, @ForAll long seed) {
    Problem p = new Problem(n, 0.1f, 1, seed);
    double[] w = Data.widened(p.w.floats());
    double[] g = Data.widened(p.g.floats());
    double[] s = Data.widened(p.t.floats());
    double[] before = w.clone();
    OptimizersInDouble.rmsprop(w, g, s, LR, 0.9f, EPSILON, 0.1f);
    Rule.RMSPROP.fast(p, ONE);
    Bounds.gamma(4).times(s).holds(p.t.floats(), s);
    double[] magnitudes = new double[n];
    for (int i = 0; i < n; i++) {
      // All terms of s are positive, so its relative error is gamma_4 and the root's half of that.
      magnitudes[i] = Math.abs(before[i]) * 1.1 + LR * Math.abs(g[i]) / Math.sqrt(s[i] + EPSILON);
    }
    Bounds.gamma(10).times(magnitudes).holds(p.w.floats(), w);
  }

  @Property(tries = 100)
  void adamLiesWithinItsBounds(
      @ForAll @IntRange(min = 1, max = 60) int n, @ForAll @IntRange(min = 1, max = 100_000) int step, @ForAll long seed) {
    Problem p = new Problem(n, 0.1f, step, seed);
    double[] w = Data.widened(p.w.floats());
    double[] g = Data.widened(p.g.floats());
    double[] m = Data.widened(p.s.floats());
    double[] v = Data.widened(p.t.floats());
    double[] means = new double[n];
    double[] squares = new double[n];
    double[] before = w.clone();
    for (int i = 0; i < n; i++) {
      means[i] = Math.abs(m[i]) + 0.1 * (Math.abs(g[i]) + Math.abs(m[i]));
      squares[i] = v[i] + 0.001 * (g[i] * g[i] + v[i]);
    }
    OptimizersInDouble.adamW(w, g, m, v, LR, 0.9f, 0.999f, EPSILON, 0.1f, step);
    Rule.ADAM_W.fast(p, ONE);
    Bounds.gamma(4).times(means).holds(p.s.floats(), m);
    Bounds.gamma(4).times(squares).holds(p.t.floats(), v);
    double alpha = LR * Math.sqrt(1 - Math.pow(0.999f, step)) / (1 - Math.pow(0.9f, step));
    double[] want = new double[n];
    double[] magnitudes = new double[n];
    for (int i = 0; i < n; i++) {
      double move = alpha * p.s.floats()[i] / (Math.sqrt(p.t.floats()[i]) + EPSILON);
      want[i] = before[i] - LR * (double) 0.1f * before[i] - move;
      magnitudes[i] = Math.abs(before[i]) * 1.1 + Math.abs(move);
    }
    Bounds.gamma(8).times(magnitudes).holds(p.w.floats(), want);
  }

  /** An epsilon that matters, against the double twins: within RMSprop's root, beside Adam's. */
  @Property(tries = 100)
  void aLargeEpsilonIsWhereTheFormulasHaveIt(
      @ForAll @IntRange(min = 1, max = 60) int n, @ForAll @IntRange(min = 1, max = 100_000) int step, @ForAll long seed) {
    float epsilon = 0.25f;
    Problem rms = new Problem(n, 0f, 1, seed);
    double[] w = Data.widened(rms.w.floats());
    double[] g = Data.widened(rms.g.floats());
    double[] before = w.clone();
    double[] s = Data.widened(rms.t.floats());
    OptimizersInDouble.rmsprop(w, g, s, LR, 0.9f, epsilon, 0);
    Optimizers.rmsprop(n, rms.w.segment(), rms.g.segment(), rms.t.segment(), LR, 0.9f, epsilon, 0f, ONE);
    double[] magnitudes = new double[n];
    for (int i = 0; i < n; i++) {
      magnitudes[i] = Math.abs(before[i]) + LR * Math.abs(g[i]) / Math.sqrt(s[i] + epsilon);
    }
    Bounds.gamma(10).times(magnitudes).holds(rms.w.floats(), w);

    Problem adam = new Problem(n, 0f, step, seed);
    w = Data.widened(adam.w.floats());
    double[] m = Data.widened(adam.s.floats());
    double[] v = Data.widened(adam.t.floats());
    double[] means = new double[n];
    for (int i = 0; i < n; i++) {
      means[i] = Math.abs(m[i]) + 0.1 * (Math.abs(g[i]) + Math.abs(m[i]));
    }
    OptimizersInDouble.adamW(w, g, m, v, LR, 0.9f, 0.999f, epsilon, 0, step);
    Optimizers.adamW(
        n, adam.w.segment(), adam.g.segment(), adam.s.segment(), adam.t.segment(), LR, 0.9f, 0.999f, epsilon, 0f, step, ONE);
    double alpha = LR * Math.sqrt(1 - Math.pow(0.999f, step)) / (1 - Math.pow(0.9f, step));
    for (int i = 0; i < n; i++) {
      // What the mean is off by, gamma_4 of its terms, passes into the step; the root halves what v is off by.
      magnitudes[i] = Math.abs(before[i]) + 2 * alpha * means[i] / (Math.sqrt(v[i]) + epsilon);
    }
    Bounds.gamma(8).times(magnitudes).holds(adam.w.floats(), w);
  }

  /** Kingma and Ba, Adam, 2015, algorithm 1, whose corrected moments the twin folds into the rate; the same but for roundings of doubles. */
  @Property(tries = 100)
  void adamsFoldedRateIsTheBiasCorrectionOfThePaper(@ForAll @IntRange(min = 1, max = 5000) int step, @ForAll long seed) {
    Problem p = new Problem(20, 0f, step, seed);
    double[] w = Data.widened(p.w.floats());
    double[] m = Data.widened(p.s.floats());
    double[] v = Data.widened(p.t.floats());
    double[] before = w.clone();
    OptimizersInDouble.adamW(w, Data.widened(p.g.floats()), m, v, 0.01, 0.9, 0.999, 0, 0, step);
    for (int i = 0; i < w.length; i++) {
      double mean = m[i] / (1 - Math.pow(0.9, step));
      double square = v[i] / (1 - Math.pow(0.999, step));
      double move = 0.01 * mean / Math.sqrt(square);
      assertThat(Math.abs(before[i] - move - w[i])).isLessThanOrEqualTo(0x1p-47 * (Math.abs(before[i]) + Math.abs(move)));
    }
  }

  /** Without decay the two are one: same bits, and the published recurrence in double over 20 steps of changing gradients. */
  @Property(tries = 50)
  void adamIsAdamWithoutDecayStepByStep(@ForAll @IntRange(min = 1, max = 40) int n, @ForAll long seed) {
    Problem adam = new Problem(n, 0f, 1, seed);
    Problem decayed = new Problem(n, 0f, 1, seed);
    double[] m = Data.widened(adam.s.floats());
    double[] v = Data.widened(adam.t.floats());
    double[] size = new double[n];
    for (int i = 0; i < n; i++) {
      size[i] = Math.abs(m[i]) + 2;
    }
    for (int step = 1; step <= 20; step++) {
      Guarded g = Guarded.of(Data.seeded(seed + step).uniform(n, -2f, 2f));
      Optimizers.adam(n, adam.w.segment(), g.segment(), adam.s.segment(), adam.t.segment(), LR, 0.9f, 0.999f, EPSILON, step, ONE);
      Optimizers.adamW(n, decayed.w.segment(), g.segment(), decayed.s.segment(), decayed.t.segment(), LR, 0.9f, 0.999f, EPSILON, 0f, step,
          ONE);
      adam.assertSame(decayed);
      OptimizersInDouble.adamW(new double[n], Data.widened(g.floats()), m, v, LR, 0.9f, 0.999f, EPSILON, 0f, step);
    }
    // Three roundings a step on numbers that never exceed what the state and the gradients were at their largest.
    Bounds.gamma(3 * 20 + 1).times(size).holds(adam.s.floats(), m);
    Bounds.gamma(3 * 20 + 1).times(Arrays.stream(v).map(x -> x + 4).toArray()).holds(adam.t.floats(), v);
  }

  @Property(tries = 100)
  void paddingStaysZero(@ForAll Rule rule) {
    Problem p = new Problem(16, 0.1f, 7, 1);
    for (Guarded operand : new Guarded[] {p.w, p.g, p.s, p.t}) {
      operand.segment().fill((byte) 0);
    }
    rule.fast(p, ONE);
    assertThat(p.w.floats()).containsOnly(0f);
  }

  @Property(tries = 100)
  void averagesLieWithinTheirBoundAndRestWhereTheyAreEqual(
      @ForAll(supplier = Sizes.Straddling.class) int n, @ForAll @FloatRange(min = 0f, max = 1f) float decay, @ForAll long seed) {
    Problem p = new Problem(n, 0f, 1, seed);
    double[] w = Data.widened(p.w.floats());
    double[] want = Data.widened(p.s.floats());
    double[] size = new double[n];
    for (int i = 0; i < n; i++) {
      size[i] = Math.abs(want[i]) + Math.abs(w[i]);
    }
    OptimizersInDouble.ema(w, want, decay);
    Optimizers.ema(n, p.w.segment(), p.s.segment(), decay, ONE);
    // 1 - decay, w - average and the fma each round once.
    Bounds.gamma(3).times(size).holds(p.s.floats(), want);
    Guarded same = Guarded.of(p.w.floats());
    Optimizers.ema(n, p.w.segment(), same.segment(), decay, ONE);
    assertThat(same.bits()).isEqualTo(p.w.bits());
  }
}
