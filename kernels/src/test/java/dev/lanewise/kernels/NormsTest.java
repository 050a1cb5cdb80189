package dev.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Examples, the edges in the Javadoc of {@link Norms}, and what it refuses. */
class NormsTest {
  private static final Workers ONE = Crew.of(1);

  private static MemorySegment filled(int n, float value) {
    float[] values = new float[n];
    Arrays.fill(values, value);
    return Data.segment(values);
  }

  private static MemorySegment zeros(int n) {
    return filled(n, 0f);
  }

  private static float[] layer(float epsilon, float... row) {
    int n = row.length;
    Guarded y = Guarded.nanFilled(n);
    Norms.layerNorm(1, n, Data.segment(row), filled(n, 1f), filled(n, 0.5f), epsilon, y.segment(), zeros(1), zeros(1), ONE);
    return y.floats();
  }

  @Test
  void anExampleByHand() {
    // Mean 2, variance 4: (-2, 2, -2, 2) / 2 + 0.5.
    assertThat(layer(0f, 0f, 4f, 0f, 4f)).containsExactly(-0.5f, 1.5f, -0.5f, 1.5f);
    Guarded y = Guarded.nanFilled(4);
    MemorySegment running = zeros(1);
    MemorySegment variance = filled(1, 1f);
    Norms.batchNorm(
        4, 1, Data.segment(0f, 4f, 0f, 4f), filled(1, 1f), filled(1, 0.5f), 0f, 0.75f, running, variance, y.segment(),
        zeros(1), zeros(1), ONE);
    assertThat(y.floats()).containsExactly(-0.5f, 1.5f, -0.5f, 1.5f);
    assertThat(running.toArray(JAVA_FLOAT)).containsExactly(0.5f);
    assertThat(variance.toArray(JAVA_FLOAT)).containsExactly(1.75f);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 19, 40})
  void nanAndInfinitySpoilTheirRowAlone(int cols) {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] x = Data.seeded(cols).uniform(3 * cols, -1f, 1f);
      x[cols + cols / 2] = bad;
      Guarded y = Guarded.nanFilled(3 * cols);
      Norms.layerNorm(3, cols, Data.segment(x), filled(cols, 1f), zeros(cols), 0.1f, y.segment(), zeros(3), zeros(3), ONE);
      for (int i = 0; i < 3 * cols; i++) {
        assertThat(Float.isNaN(y.floats()[i])).isEqualTo(i / cols == 1);
      }
    }
  }

  @Test
  void equalElementsGiveBetaAndWithoutEpsilonNan() {
    float[] equal = new float[19];
    Arrays.fill(equal, 3f);
    assertThat(layer(1e-3f, equal)).containsOnly(0.5f);
    assertThat(layer(0f, equal)).containsOnly(Float.NaN);
  }

  @Test
  void aNanSpoilsItsChannelAlone() {
    float[] x = Data.seeded(1).uniform(5 * 19, -1f, 1f);
    x[19 + 2] = Float.NaN;
    Guarded y = Guarded.nanFilled(5 * 19);
    MemorySegment running = zeros(19);
    Norms.batchNorm(
        5, 19, Data.segment(x), filled(19, 1f), zeros(19), 0.1f, 0.9f, running, filled(19, 1f), y.segment(), zeros(19),
        zeros(19), ONE);
    for (int i = 0; i < 5 * 19; i++) {
      assertThat(Float.isNaN(y.floats()[i])).isEqualTo(i % 19 == 2);
    }
    assertThat(running.getAtIndex(JAVA_FLOAT, 2)).isNaN();
  }

  @Test
  void noRowsOverwriteGradientsByZeros() {
    MemorySegment none = zeros(0);
    Guarded dgamma = Guarded.nanFilled(3);
    Guarded dbeta = Guarded.nanFilled(3);
    Norms.layerNormBackward(
        0, 3, none, zeros(3), none, none, none, zeros(0), dgamma.segment(), dbeta.segment(), false, ONE);
    assertThat(dgamma.floats()).containsOnly(0f);
    assertThat(dbeta.floats()).containsOnly(0f);
    Norms.layerNorm(0, 3, none, zeros(3), zeros(3), 0.1f, zeros(0), zeros(0), zeros(0), ONE);
    Norms.batchNormInference(0, 3, none, zeros(3), zeros(3), 0.1f, zeros(3), zeros(3), zeros(0), ONE);
  }

  @Test
  void refusesWhatItCannotDo() {
    MemorySegment x = zeros(6);
    MemorySegment three = zeros(3);
    MemorySegment two = zeros(2);
    assertThatThrownBy(() -> Norms.layerNorm(2, 0, x, three, three, 0f, x, two, zeros(2), ONE))
        .hasMessage("layerNorm: 2 rows of 0 columns; a row needs at least 1");
    assertThatThrownBy(() -> Norms.layerNorm(2, 3, x, two, three, 0f, x, two, zeros(2), ONE))
        .hasMessage("layerNorm: gamma holds 2 elements but 3 are needed");
    assertThatThrownBy(() -> Norms.layerNorm(2, 3, x, three, three, 0f, x, two, two, ONE))
        .hasMessageContaining("the spread overlaps the mean");
    assertThatThrownBy(() -> Norms.layerNorm(2, 3, x, three, three, 0f, x.asSlice(4), two, zeros(2), ONE))
        .hasMessageContaining("y holds 5 elements but 6 are needed");
    assertThatThrownBy(() -> Norms.layerNorm(2, 3, x, three, zeros(3), 0f, x, three, zeros(2), ONE))
        .hasMessageContaining("the mean overlaps gamma");
    assertThatThrownBy(
        () -> Norms.layerNormBackward(2, 3, x, three, two, zeros(2), zeros(6), zeros(6), three, zeros(3), false, ONE))
        .hasMessageContaining("dgamma overlaps gamma");
    assertThatThrownBy(
        () -> Norms.batchNorm(0, 3, x, three, three, 0f, 0.9f, zeros(3), zeros(3), x, zeros(3), zeros(3), ONE))
        .hasMessage("batchNorm: 0 rows of 3 channels; a batch needs at least 1 row");
    MemorySegment running = zeros(3);
    assertThatThrownBy(
        () -> Norms.batchNorm(2, 3, x, three, zeros(3), 0f, 0.9f, running, zeros(3), x, running, zeros(3), ONE))
        .hasMessageContaining("mean overlaps the running mean");
    assertThatThrownBy(() -> Norms.batchNormInference(-1, 3, x, three, three, 0f, running, running, x, ONE))
        .hasMessageContaining("-1 rows");
    assertThatThrownBy(
        () -> Norms.batchNormBackward(
            2, 3, MemorySegment.ofArray(new float[6]), three, running, running, x, x, zeros(3), zeros(3), false, ONE))
        .hasMessageContaining("x is a heap segment");
  }
}
