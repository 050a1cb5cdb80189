package dev.lanewise.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@link TensorTest} asks of tensors of floats. */
class IntTensorTest {
  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void theLastAxisIsTheFastest() {
    IntTensor x = IntTensor.of(arena, Shape.of(2, 3), 0, 1, 2, 10, 11, 12);
    assertThat(x.get(1 * 3 + 2)).isEqualTo(12);
    x.set(1, -1);
    assertThat(x.toArray()).containsExactly(0, -1, 2, 10, 11, 12);
    assertThat(x.rank()).isEqualTo(2);
    assertThat(x.dim(1)).isEqualTo(3);
    assertThat(x.slice(0, 1).toArray()).containsExactly(0, -1, 2);
  }

  @Test
  void copiesTakeAllElementsOrRefuse() {
    IntTensor x = IntTensor.of(arena, Shape.of(4), 1, 2, 3, 4);
    assertThat(IntTensor.allocate(arena, Shape.of(2, 2)).copyFrom(x).toArray()).containsExactly(1, 2, 3, 4);
    assertThatThrownBy(() -> x.copyTo(new int[3])).isInstanceOf(ShapeException.class)
        .hasMessage("IntTensor.copyTo: an array of 3 elements does not fit [4] of 4");
    assertThatThrownBy(() -> x.copyFrom(IntTensor.allocate(arena, Shape.of(5)))).isInstanceOf(ShapeException.class)
        .hasMessage("IntTensor.copyFrom: [5] has 5 elements but [4] has 4");
    assertThatThrownBy(() -> IntTensor.of(arena, Shape.of(2), 1)).isInstanceOf(ShapeException.class)
        .hasMessage("IntTensor.of: an array of 1 elements does not fit [2] of 2");
    assertThatThrownBy(() -> x.reshape(Shape.of(3))).isInstanceOf(ShapeException.class)
        .hasMessage("IntTensor.reshape: [3] has 3 elements but [4] has 4");
  }
}
