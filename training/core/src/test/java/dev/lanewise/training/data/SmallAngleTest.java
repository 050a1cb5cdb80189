package dev.lanewise.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SmallAngleTest {
  @Test
  void theBitsAreThoseOfStrictMath() {
    for (int i = -40_000; i <= 40_000; i++) {
      double x = (float) (i * 1e-5);
      assertThat(SmallAngle.sin(x)).isEqualTo(StrictMath.sin(x));
      assertThat(SmallAngle.cos(x)).isEqualTo(StrictMath.cos(x));
    }
  }
}
