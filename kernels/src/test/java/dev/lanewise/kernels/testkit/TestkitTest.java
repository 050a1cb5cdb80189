package dev.lanewise.kernels.testkit;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The tools themselves: each must be able to fail. */
class TestkitTest {
  @Test
  void guardsNoticeAWriteOnEitherSide() {
    Guarded below = Guarded.nanFilled(3);
    Guarded above = Guarded.nanFilled(3);
    assertThat(below.guardsIntact() && above.guardsIntact()).isTrue();
    assertThat(below.floats()).containsOnly(Float.NaN).hasSize(3);
    below.whole().setAtIndex(JAVA_FLOAT, 63, 0f);
    assertThat(below.guardsIntact()).isFalse();
    above.whole().setAtIndex(JAVA_FLOAT, 64 + 3, 0f);
    assertThat(above.guardsIntact()).isFalse();
  }

  @Test
  void distancesCountBitPatternsAndTheSignOfZero() {
    assertThat(Ulp.distance(1f, Math.nextUp(1f))).isEqualTo(1);
    assertThat(Ulp.distance(-0f, 0f)).isEqualTo(1);
    assertThat(Ulp.distance(-Float.MIN_VALUE, Float.MIN_VALUE)).isEqualTo(3);
    assertThat(Ulp.distance(Float.NaN, Float.intBitsToFloat(0x7fc0_0001))).isZero();
    assertThat(Ulp.distance(Float.NaN, 1f)).isEqualTo(Long.MAX_VALUE);
    assertThat(Ulp.distance(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY)).isEqualTo(2L * 0x7f80_0000 + 1);
  }

  @Test
  void errorsAreInUlpsOfTheTruth() {
    assertThat(Ulp.error(1f, 1 + 0x1p-24)).isEqualTo(0.5);
    assertThat(Ulp.error(0f, Float.MIN_VALUE)).isEqualTo(1);
    assertThat(Ulp.error(-0f, 0.0)).isInfinite();
    assertThat(Ulp.error(Float.NaN, 1)).isInfinite();
    assertThat(Ulp.error(Float.MAX_VALUE, 1e300)).isInfinite();
    assertThat(Ulp.error(Float.NaN, Double.NaN)).isZero();
    assertThat(Ulp.error(Float.POSITIVE_INFINITY, 1e300)).isZero();
  }

  @Test
  void sweepsFailWhenAPromiseIsBrokenOrNothingWasTried() {
    Ulp.Map twoOff = (n, x, y) -> {
      for (int i = 0; i < n; i++) {
        y.setAtIndex(JAVA_FLOAT, i, Math.nextUp(Math.nextUp(x.getAtIndex(JAVA_FLOAT, i))));
      }
    };
    assertThat(Ulp.sweep("two off", 1f, 1.5f, 1001, twoOff, x -> x, 2)).isEqualTo(2);
    assertThatThrownBy(() -> Ulp.sweep("two off", 1f, 1.5f, 1001, twoOff, x -> x, 1.9))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("max 2.0000 ulp (promised 1.9)");
    assertThatThrownBy(() -> Ulp.sweep("backwards", 2f, 1f, 1, twoOff, x -> x, 9))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("no bit pattern tried");
  }

  @Test
  void boundsHoldAndBreak() {
    assertThat(Bounds.gammaOf(1)).isBetween(Bounds.U, Bounds.U * (1 + 0x1p-20));
    assertThat(Bounds.gamma(2).times(1.0).holds(1f, 1 + 0x1p-24)).isBetween(0.49, 0.51);
    assertThatThrownBy(() -> Bounds.gamma(1).times(1.0).holds(1f, 1 + 0x1p-22))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("element 0");
    assertThatThrownBy(() -> Bounds.gamma(1).times(1.0).holds(Float.NaN, 1)).isInstanceOf(AssertionError.class);
    assertThat(Bounds.gamma(1).times(1.0).holds(Float.NaN, Double.NaN)).isZero();
    assertThatThrownBy(() -> Bounds.gamma(1).times(1.0, 2.0).holds(1f, 1)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> Bounds.gamma(1).times(-1.0).holds(1f, 2)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> Bounds.gammaOf(0x1p24)).isInstanceOf(IllegalArgumentException.class);
    assertThat(Bounds.gamma(0).times(0.0).plusUnderflows(1).holds(Float.MIN_VALUE, 0x1p-150)).isEqualTo(1);
  }

  @Test
  void differencesFindSlopes() {
    double[] slopes = Differences.gradient(new double[] {2, 3}, x -> x[0] * x[0] * x[1]);
    assertThat(Math.abs(slopes[0] - 12)).isLessThan(Differences.ERROR);
    assertThat(Math.abs(slopes[1] - 4)).isLessThan(Differences.ERROR);
  }

  @Test
  void dataIsRepeatable() {
    assertThat(Data.seeded(5).edgy(100)).isEqualTo(Data.seeded(5).edgy(100));
    assertThat(Data.seeded(5).finite(100)).isNotEqualTo(Data.seeded(6).finite(100));
    for (float v : Data.seeded(1).finite(1000)) {
      assertThat(Float.isFinite(v)).isTrue();
    }
  }
}
