package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Known answers and refusals of {@link Optimizers}. */
class OptimizersTest {
  private static final Workers ONE = Crew.of(1);

  @Test
  void handCalculatedSteps() {
    Guarded w = Guarded.of(1f, -1f);
    Optimizers.sgd(2, w.segment(), Data.segment(2f, 4f), 0.25f, 0f, ONE);
    assertThat(w.floats()).containsExactly(0.5f, -2f);
    Optimizers.sgd(2, w.segment(), Data.segment(0f, 0f), 0.5f, 0.5f, ONE);
    assertThat(w.floats()).containsExactly(0.375f, -1.5f);
    Guarded v = Guarded.of(1f);
    Guarded one = Guarded.of(0f);
    Optimizers.momentum(1, one.segment(), Data.segment(4f), v.segment(), 0.25f, 0.5f, false, 0f, ONE);
    assertThat(v.floats()).containsExactly(-0.5f);
    assertThat(one.floats()).containsExactly(-0.5f);
    v = Guarded.of(1f);
    one = Guarded.of(0f);
    Optimizers.momentum(1, one.segment(), Data.segment(4f), v.segment(), 0.25f, 0.5f, true, 0f, ONE);
    assertThat(one.floats()).containsExactly(-1.25f);
  }

  @Test
  void adamsFirstStepIsTheLearningRateAgainstTheSign() {
    Guarded w = Guarded.of(0f, 0f, 0f);
    Guarded m = Guarded.of(0f, 0f, 0f);
    Guarded v = Guarded.of(0f, 0f, 0f);
    Optimizers.adam(
        3, w.segment(), Data.segment(5f, -0.01f, 0f), m.segment(), v.segment(), 1e-3f, 0.9f, 0.999f, 1e-7f, 1, ONE);
    float[] got = w.floats();
    // epsilon 1e-7 beside sqrt((1 - beta2) g^2) = 3e-4 takes away 3.2e-4 of it; the 7 roundings are far below that.
    assertThat(got[0]).isCloseTo(-1e-3f, within(1e-9f));
    assertThat(got[1]).isCloseTo(1e-3f, within(4e-7f));
    assertThat(got[2]).isZero();
  }

  @Test
  void adamIsAdamWWithoutDecay() {
    float[] start = Data.seeded(1).uniform(37, -1f, 1f);
    MemorySegment g = Data.segment(Data.seeded(2).uniform(37, -1f, 1f));
    Guarded plain = Guarded.of(start);
    Guarded zeroDecay = Guarded.of(start);
    Optimizers.adam(
        37, plain.segment(), g, Data.segment(new float[37]), Data.segment(new float[37]), 0.1f, 0.9f, 0.99f, 1e-7f, 2, ONE);
    Optimizers.adamW(
        37, zeroDecay.segment(), g, Data.segment(new float[37]), Data.segment(new float[37]), 0.1f, 0.9f, 0.99f, 1e-7f,
        0f, 2, ONE);
    assertThat(plain.bits()).isEqualTo(zeroDecay.bits());
  }

  @Test
  void nanInAGradientReachesItsWeightAlone() {
    Guarded w = Guarded.of(1f, 1f);
    Optimizers.sgd(2, w.segment(), Data.segment(Float.NaN, 0f), 0.1f, 0f, ONE);
    assertThat(w.floats()).containsExactly(Float.NaN, 1f);
  }

  @Test
  void refusesWhatItCannotDo() {
    MemorySegment a = Data.segment(new float[4]);
    MemorySegment b = Data.segment(new float[4]);
    MemorySegment c = Data.segment(new float[4]);
    assertThatThrownBy(() -> Optimizers.sgd(5, a, b, 1f, 0f, ONE))
        .hasMessageContaining("the weight array holds 4 elements but 5 are needed");
    assertThatThrownBy(() -> Optimizers.sgd(4, a, a, 1f, 0f, ONE))
        .hasMessageContaining("the weight array overlaps the gradient");
    assertThatThrownBy(() -> Optimizers.momentum(4, a, b, b, 1f, 0.9f, false, 0f, ONE))
        .hasMessageContaining("the velocity overlaps the gradient");
    assertThatThrownBy(() -> Optimizers.rmsprop(4, a, b, a, 1f, 0.9f, 1e-7f, 0f, ONE))
        .hasMessageContaining("the moving average overlaps the weight array");
    assertThatThrownBy(() -> Optimizers.adam(4, a, b, c, c, 1f, 0.9f, 0.99f, 1e-7f, 1, ONE))
        .hasMessageContaining("m overlaps v");
    assertThatThrownBy(() -> Optimizers.adam(4, a, b, c, Data.segment(new float[4]), 1f, 0.9f, 0.99f, 1e-7f, 0, ONE))
        .hasMessageContaining("step 0; steps count from 1");
    assertThatThrownBy(() -> Optimizers.sgd(4, MemorySegment.ofArray(new float[4]), b, 1f, 0f, ONE))
        .hasMessageContaining("the weight array is a heap segment");
  }
}
