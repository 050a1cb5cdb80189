package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.kernels.reference.ActivationsInDouble;
import dev.lanewise.kernels.reference.AttentionInDouble;
import dev.lanewise.kernels.reference.NormsInDouble;
import dev.lanewise.kernels.testkit.Data;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** What errors are measured against, the functions in double, against definitions that they do not compute by. */
class TruthProperties {
  /** "Some 12 digits", says their Javadoc. */
  private static final double DIGITS = 1e-12;

  /** Three points of Gauss and Legendre on each of 400 pieces: a piece's error goes with the seventh power of its width, below 1e-14 in all. */
  @Property(tries = 200)
  void erfIsTheIntegralOfItsDensity(@ForAll @DoubleRange(min = -6, max = 6) double x) {
    double half = x / 800;
    double sum = 0;
    for (int piece = 0; piece < 400; piece++) {
      double middle = (2 * piece + 1) * half;
      double beside = Math.sqrt(0.6) * half;
      sum += 8 * density(middle) + 5 * density(middle - beside) + 5 * density(middle + beside);
    }
    double want = sum * half / 9;
    assertThat(ActivationsInDouble.erf(x)).isCloseTo(want, within(DIGITS * Math.abs(want)));
  }

  private static double density(double t) {
    return 2 / Math.sqrt(Math.PI) * Math.exp(-t * t);
  }

  /**
   * 2 x e^-x^2 / pi times the integral of e^-t^2 / (t^2 + x^2) from 0 on (Abramowitz and Stegun, 7.4.11), by trapezoids with steps of 1/16,
   * which leaves out less than e^-100 of it (its poles are at least 1 away from the path), up to 6.5, where e^-t^2 is 4e-19.
   */
  @Property(tries = 200)
  void erfcIsAnIntegralOfItsOwnAlsoWhereItIsTiny(@ForAll @DoubleRange(min = 1, max = 26) double x) {
    double sum = 1 / (2 * x * x);
    for (int k = 1; k <= 104; k++) {
      double t = k / 16.0;
      sum += Math.exp(-t * t) / (t * t + x * x);
    }
    double want = 2 * x * Math.exp(-x * x) / Math.PI * sum / 16;
    assertThat(ActivationsInDouble.erfc(x)).isCloseTo(want, within(DIGITS * want));
    assertThat(ActivationsInDouble.erfc(-x)).isCloseTo(2 - want, within(2 * DIGITS));
  }

  @Example
  void elusSlopeIsAlphaAtZeroAsTheKernelHasIt() {
    assertThat(ActivationsInDouble.eluSlope(0, 1.3)).isEqualTo(1.3);
    assertThat(ActivationsInDouble.eluSlope(Double.MIN_VALUE, 1.3)).isEqualTo(1);
  }

  /** As the kernels have it: the product must not be taken there. */
  @Example
  void anInfiniteSlopeOrAlphaLeavesZeroAsItIs() {
    assertThat(ActivationsInDouble.leakyRelu(0, Double.POSITIVE_INFINITY)).isZero();
    assertThat(ActivationsInDouble.elu(0, Double.POSITIVE_INFINITY)).isZero();
  }

  /** Two examples, so that a query's place among all rows is not that in its own. */
  @Property(tries = 50)
  void attentionsGradientReadsNoProbabilityOfAKeyThatIsNotSeen(@ForAll @IntRange(min = 1, max = 5) int rows, @ForAll long seed) {
    Data data = Data.seeded(seed);
    double[] q = Data.widened(data.uniform(2 * rows * 3, -1f, 1f));
    double[] p = Data.widened(data.uniform(2 * rows * rows, 0f, 1f));
    double[] spoiled = p.clone();
    for (int i = 0; i < p.length; i++) {
      if (i % rows > i / rows % rows) {
        p[i] = 0;
        spoiled[i] = Double.NaN;
      }
    }
    int[] lengths = {rows, rows};
    assertThat(AttentionInDouble.backward(1, 3, true, 2, rows, rows, q, q, q, lengths, spoiled, q))
        .isDeepEqualTo(AttentionInDouble.backward(1, 3, true, 2, rows, rows, q, q, q, lengths, p, q));
  }

  /** Whole numbers stay exact 10^8 away from 0; the mean is off by at most 21 roundings, 3e-7, and a mean of squared distances by its square. */
  @Property(tries = 100)
  void aNormOfNumbersFarFromZeroIsThatOfTheirDistances(@ForAll @IntRange(min = 3, max = 20) int n, @ForAll long seed) {
    double[] near = Data.widened(Data.seeded(seed).integers(n, 8));
    double[] far = Arrays.stream(near).map(x -> x + 1e8).toArray();
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    double[] zeros = new double[n];
    assertThat(NormsInDouble.layerNorm(1, n, far, ones, zeros, 1)).containsExactly(NormsInDouble.layerNorm(1, n, near, ones, zeros, 1),
        within(1e-6));
    double[] one = {1};
    double[] zero = {0};
    assertThat(NormsInDouble.batchNorm(n, 1, far, one, zero, 1)).containsExactly(NormsInDouble.batchNorm(n, 1, near, one, zero, 1),
        within(1e-6));
  }
}
