package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.ActivationsProperties.Backward;
import dev.lanewise.kernels.ActivationsProperties.Function;
import dev.lanewise.kernels.reference.ActivationsReference;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of IEEE edges in the Javadoc of {@link Activations}, and what it refuses. */
class ActivationsTest {
  private static final Workers ONE = Crew.of(1);

  @ParameterizedTest
  @CsvSource({
      "RELU, NaN, NaN", "RELU, -Infinity, 0", "RELU, Infinity, Infinity", "RELU, -0.0, 0", "RELU, -1e-45, 0",
      "EXP, NaN, NaN", "EXP, -Infinity, 0", "EXP, Infinity, Infinity", "EXP, -0.0, 1",
      "EXP, 88.72284, Infinity", "EXP, -103.97207, 1.4E-45", "EXP, -103.97209, 0", "EXP, 1e-45, 1",
      "LOG, NaN, NaN", "LOG, -Infinity, NaN", "LOG, Infinity, Infinity", "LOG, -0.0, -Infinity", "LOG, 0, -Infinity",
      "LOG, -1e-45, NaN", "LOG, 1, 0", "LOG, 1.4e-45, -103.27893",
      "TANH, NaN, NaN", "TANH, -Infinity, -1", "TANH, Infinity, 1", "TANH, -0.0, -0.0", "TANH, 1e-45, 1e-45",
      "TANH, 9.02, 1", "TANH, -1e30, -1",
      "SIGMOID, NaN, NaN", "SIGMOID, -Infinity, 0", "SIGMOID, Infinity, 1", "SIGMOID, -0.0, 0.5",
      "SIGMOID, -103.97207, 1.4E-45", "SIGMOID, -1e30, 0", "SIGMOID, 1e30, 1",
      "ERF, NaN, NaN", "ERF, -Infinity, -1", "ERF, Infinity, 1", "ERF, -0.0, -0.0", "ERF, 3.96, 1", "ERF, 0, 0",
      "RSQRT, NaN, NaN", "RSQRT, -Infinity, NaN", "RSQRT, Infinity, 0", "RSQRT, -0.0, -Infinity", "RSQRT, 0, Infinity",
      "RSQRT, -1e-45, NaN", "RSQRT, 4, 0.5",
      "GELU, NaN, NaN", "GELU, -Infinity, -0.0", "GELU, Infinity, Infinity", "GELU, -0.0, -0.0", "GELU, 0, 0",
      "GELU, -14.35, -1.4E-45", "GELU, -14.36, -0.0", "GELU, 1e30, 1e30", "GELU, -1e30, -0.0",
      "GELU_TANH, NaN, NaN", "GELU_TANH, -Infinity, -0.0", "GELU_TANH, Infinity, Infinity", "GELU_TANH, -0.0, -0.0",
      "GELU_TANH, 0, 0", "GELU_TANH, -10.77, -1.4E-45", "GELU_TANH, -10.78, -0.0", "GELU_TANH, 1e30, 1e30",
      "SILU, NaN, NaN", "SILU, -Infinity, -0.0", "SILU, Infinity, Infinity", "SILU, -0.0, -0.0", "SILU, 0, 0",
      "SILU, -108.66, -1.4E-45", "SILU, -108.67, -0.0", "SILU, 1e30, 1e30",
      "SOFTPLUS, NaN, NaN", "SOFTPLUS, -Infinity, 0", "SOFTPLUS, Infinity, Infinity", "SOFTPLUS, -0.0, 0.6931472",
      "SOFTPLUS, -104, 0", "SOFTPLUS, 1e30, 1e30",
      "LEAKY_RELU, NaN, NaN", "LEAKY_RELU, -Infinity, -Infinity", "LEAKY_RELU, Infinity, Infinity",
      "LEAKY_RELU, -0.0, -0.0", "LEAKY_RELU, -1e-45, -0.0",
      "ELU, NaN, NaN", "ELU, -Infinity, -1.3", "ELU, Infinity, Infinity", "ELU, -0.0, -0.0", "ELU, -1e30, -1.3"
  })
  void edges(Function f, float x, float want) {
    // 19 equal elements: the vector loop and the rest at every width.
    float[] many = new float[19];
    Arrays.fill(many, x);
    Guarded y = Guarded.nanFilled(19);
    f.door.apply(19, Data.segment(many), y.segment(), ONE);
    assertThat(y.bits()).containsOnly(Float.floatToIntBits(want));
  }

  @ParameterizedTest
  @CsvSource({
      "GELU, NaN, NaN", "GELU, -Infinity, 0", "GELU, Infinity, 2", "GELU, -0.0, 1", "GELU, -1e30, 0", "GELU, 1e30, 2",
      "GELU_TANH, NaN, NaN", "GELU_TANH, -Infinity, 0", "GELU_TANH, Infinity, 2", "GELU_TANH, -0.0, 1",
      "GELU_TANH, -1e30, 0", "GELU_TANH, 1e30, 2",
      "SILU, NaN, NaN", "SILU, -Infinity, 0", "SILU, Infinity, 2", "SILU, -0.0, 1", "SILU, -1e30, 0", "SILU, 1e30, 2",
      "SOFTPLUS, NaN, NaN", "SOFTPLUS, Infinity, 2", "SOFTPLUS, 0, 0",
      "LEAKY_RELU, NaN, 0.6", "LEAKY_RELU, 0, 0.6", "LEAKY_RELU, Infinity, 2",
      "ELU, NaN, NaN", "ELU, 0, 2.6", "ELU, -1.3, 0", "ELU, Infinity, 2"
  })
  void slopesAtTheEdges(Backward f, float point, float want) {
    float[] many = new float[19];
    Arrays.fill(many, point);
    float[] two = new float[19];
    Arrays.fill(two, 2f);
    Guarded dx = Guarded.nanFilled(19);
    f.door.apply(19, Data.segment(many), Data.segment(two), dx.segment(), ONE);
    for (float got : dx.floats()) {
      // Adding +0 makes zeros of either sign equal.
      assertThat(Float.floatToIntBits(got + 0f)).isEqualTo(Float.floatToIntBits(want));
    }
  }

  /** The product with the slope must not be taken there: infinity times 0 is NaN. */
  @ParameterizedTest
  @ValueSource(floats = {0f, -0f, 1f})
  void anInfiniteSlopeOrAlphaLeavesZerosAndPositiveNumbersAsTheyAre(float x) {
    float[] many = Data.filled(19, x);
    Guarded y = Guarded.nanFilled(19);
    Activations.leakyRelu(19, Float.POSITIVE_INFINITY, Data.segment(many), y.segment(), ONE);
    assertThat(y.floats()).containsOnly(x);
    ActivationsReference.leakyRelu(19, Float.POSITIVE_INFINITY, Data.segment(many), y.segment());
    assertThat(y.floats()).containsOnly(x);
    Activations.elu(19, Float.POSITIVE_INFINITY, Data.segment(many), y.segment(), ONE);
    assertThat(y.floats()).containsOnly(x);
    ActivationsReference.elu(19, Float.POSITIVE_INFINITY, Data.segment(many), y.segment());
    assertThat(y.floats()).containsOnly(x);
  }

  @Test
  void parametersMustNotBeNegative() {
    MemorySegment x = Data.segment(new float[8]);
    assertThatThrownBy(() -> Activations.leakyRelu(8, -0.1f, x, x, ONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("leakyRelu: slope -0.1; it must be at least 0");
    assertThatThrownBy(() -> Activations.leakyReluBackward(8, -1f, x, x, x, ONE)).hasMessageContaining("slope -1.0");
    assertThatThrownBy(() -> Activations.elu(8, Float.NaN, x, x, ONE)).hasMessageContaining("alpha NaN");
    assertThatThrownBy(() -> Activations.eluBackward(8, -2f, x, x, x, ONE)).hasMessageContaining("alpha -2.0");
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatItCannotDo(Function f) {
    MemorySegment x = Data.segment(new float[8]);
    MemorySegment heap = MemorySegment.ofArray(new float[8]);
    assertThatThrownBy(() -> f.door.apply(9, x, Data.segment(new float[9]), ONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("x holds 8 elements but 9 are needed");
    assertThatThrownBy(() -> f.door.apply(8, heap, x, ONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("x is a heap segment; copy it to a native one");
    assertThatThrownBy(() -> f.door.apply(8, x, heap, ONE)).hasMessageContaining("y is a heap segment");
    assertThatThrownBy(() -> f.door.apply(-1, x, x, ONE)).hasMessageContaining("-1");
    assertThatThrownBy(() -> f.door.apply(7, x, x.asSlice(4), ONE)).hasMessageContaining("y overlaps x");
    assertThatThrownBy(() -> f.door.apply(1, x.asSlice(2), Data.segment(1f), ONE)).hasMessageContaining("multiple of 4");
  }

  @ParameterizedTest
  @EnumSource
  void backwardRefusesWhatItCannotDo(Backward f) {
    MemorySegment y = Data.segment(new float[8]);
    MemorySegment dy = Data.segment(new float[8]);
    assertThatThrownBy(() -> f.door.apply(9, y, Data.segment(new float[9]), Data.segment(new float[9]), ONE))
        .hasMessageContaining(f.operand() + " holds 8 elements but 9 are needed");
    assertThatThrownBy(() -> f.door.apply(7, y, dy, dy.asSlice(4), ONE)).hasMessageContaining("dx overlaps dy");
    assertThatThrownBy(() -> f.door.apply(7, y, dy, y.asSlice(4), ONE))
        .hasMessageContaining("dx overlaps " + f.operand());
    assertThatThrownBy(() -> f.door.apply(8, y, MemorySegment.ofArray(new float[8]), dy, ONE))
        .hasMessageContaining("dy is a heap segment");
  }
}
