package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.ActivationsProperties.Backward;
import dev.lanewise.kernels.ActivationsProperties.Function;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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
      "SIGMOID, -103.97207, 1.4E-45", "SIGMOID, -1e30, 0", "SIGMOID, 1e30, 1"
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
        .hasMessageContaining("y holds 8 elements but 9 are needed");
    assertThatThrownBy(() -> f.door.apply(7, y, dy, dy.asSlice(4), ONE)).hasMessageContaining("dx overlaps dy");
    assertThatThrownBy(() -> f.door.apply(7, y, dy, y.asSlice(4), ONE)).hasMessageContaining("dx overlaps y");
    assertThatThrownBy(() -> f.door.apply(8, y, MemorySegment.ofArray(new float[8]), dy, ONE))
        .hasMessageContaining("dy is a heap segment");
  }
}
