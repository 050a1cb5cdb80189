package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Known answers, the IEEE edges in the Javadoc of {@link Losses}, and what it refuses. */
class LossesTest {
  private static final Workers ONE = Crew.of(1);
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private static float sparse(int label, float... x) {
    Guarded losses = Guarded.nanFilled(1);
    Losses.sparseCrossEntropy(1, x.length, Data.segment(x), Guarded.ofInts(label).segment(), losses.segment(), ONE);
    return losses.floats()[0];
  }

  private static float binary(float x, float t) {
    Guarded losses = Guarded.nanFilled(1);
    Losses.binaryCrossEntropy(1, 1, Data.segment(x), Data.segment(t), losses.segment(), ONE);
    return losses.floats()[0];
  }

  @Test
  void equalLogitsOfTenClassesCostLogTenAndPullTheLabelUp() {
    float[] x = new float[10];
    assertThat(sparse(3, x)).isEqualTo((float) Math.log(10));
    Guarded gradient = Guarded.nanFilled(10);
    Losses.sparseCrossEntropy(
        1, 10, Data.segment(x), Guarded.ofInts(3).segment(), Data.segment(0f), gradient.segment(), 1f, ONE);
    assertThat(gradient.floats()).containsExactly(.1f, .1f, .1f, .1f - 1f, .1f, .1f, .1f, .1f, .1f, .1f);
  }

  @Test
  void certaintyIsExactWhereProbabilitiesWouldHaveVanished() {
    assertThat(sparse(0, 0f, 500f)).isEqualTo(500f);
    assertThat(sparse(1, 0f, 500f)).isEqualTo(0f);
    assertThat(binary(-500f, 1f)).isEqualTo(500f);
    assertThat(binary(500f, 1f)).isEqualTo(0f);
    assertThat(binary(0f, 0.5f)).isEqualTo((float) Math.log(2));
  }

  @Test
  void squaredErrorIsTheMeanOverColumnsAndItsGradientThatOfTheMean() {
    Guarded losses = Guarded.nanFilled(2);
    Guarded gradient = Guarded.nanFilled(4);
    Losses.squaredError(
        2, 2, Data.segment(1f, 2f, 3f, 4f), Data.segment(0f, 0f, 3f, 0f), losses.segment(), gradient.segment(), 0.5f, ONE);
    assertThat(losses.floats()).containsExactly(2.5f, 8f);
    assertThat(gradient.floats()).containsExactly(0.5f, 1f, 0f, 2f);
  }

  @Test
  void edges() {
    assertThat(sparse(0, -INFINITY, 1f)).isEqualTo(INFINITY);
    assertThat(sparse(1, -INFINITY, 1f)).isEqualTo(0f);
    assertThat(sparse(1, Float.NaN, 1f)).isNaN();
    assertThat(sparse(1, INFINITY, 1f)).isNaN();
    assertThat(sparse(0, -INFINITY, -INFINITY)).isNaN();
    assertThat(binary(INFINITY, 1f)).isNaN();
    assertThat(binary(Float.NaN, 1f)).isNaN();
  }

  @Test
  void refusesWhatItCannotDo() {
    MemorySegment x = Data.segment(new float[6]);
    MemorySegment two = Data.segment(new float[2]);
    assertThatThrownBy(() -> Losses.sparseCrossEntropy(2, 3, x, Guarded.ofInts(0, 3).segment(), two, ONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the label of row 1 is 3 but there are 3 classes");
    assertThatThrownBy(() -> Losses.sparseCrossEntropy(2, 3, x, Guarded.ofInts(-1, 0).segment(), two, ONE))
        .hasMessageContaining("the label of row 0 is -1");
    assertThatThrownBy(() -> Losses.squaredError(2, 0, x, x, two, ONE)).hasMessageContaining("2 rows of 0 columns");
    assertThatThrownBy(() -> Losses.crossEntropy(2, 3, x, two, two, ONE))
        .hasMessageContaining("the target array holds 2 elements but 6 are needed");
    MemorySegment y = Data.segment(new float[6]);
    assertThatThrownBy(() -> Losses.crossEntropy(2, 3, x, y, two, y, 1f, ONE))
        .hasMessageContaining("the gradient overlaps the target array");
    assertThatThrownBy(() -> Losses.binaryCrossEntropy(2, 3, x, y, x.asSlice(0, 8), ONE))
        .hasMessageContaining("the loss array overlaps x");
    assertThatThrownBy(() -> Losses.squaredError(1, 5, x, y, two, x.asSlice(4), 1f, ONE))
        .hasMessageContaining("the gradient overlaps x");
  }
}
