package dev.lanewise.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TensorTest {
  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void aNewTensorIsZeroAndAligned() {
    for (int n = 0; n < 70; n++) {
      Tensor x = Tensor.allocate(arena, Shape.of(n));
      assertThat(x.toArray()).containsOnly(new float[n]).hasSize(n);
      assertThat(x.segment().address() % 64).isZero();
      assertThat(x.segment().byteSize()).isEqualTo(4L * n);
    }
  }

  @Test
  void theLastAxisIsTheFastest() {
    Tensor x = Tensor.of(arena, Shape.of(2, 3), 0, 1, 2, 10, 11, 12);
    assertThat(x.get(1 * 3 + 2)).isEqualTo(12);
    x.set(1, -1);
    assertThat(x.toArray()).containsExactly(0, -1, 2, 10, 11, 12);
    assertThat(x.rank()).isEqualTo(2);
    assertThat(x.dim(1)).isEqualTo(3);
    assertThat(x).hasToString("Tensor[2, 3]");
  }

  @Test
  void viewsShareMemory() {
    Tensor x = Tensor.of(arena, Shape.of(3, 2), 0, 1, 10, 11, 20, 21);
    Tensor rows = x.slice(1, 3);
    assertThat(rows.shape()).isEqualTo(Shape.of(2, 2));
    assertThat(rows.toArray()).containsExactly(10, 11, 20, 21);
    rows.set(0, 5);
    assertThat(x.reshape(Shape.of(6)).get(2)).isEqualTo(5);
    assertThat(x.slice(3, 3).size()).isZero();
    assertThat(x.slice(0, 1).toArray()).containsExactly(0, 1);
  }

  @Test
  void copiesTakeAllElementsOrRefuse() {
    Tensor x = Tensor.of(arena, Shape.of(4), 1, 2, 3, 4);
    assertThat(Tensor.allocate(arena, Shape.of(2, 2)).copyFrom(x).toArray()).containsExactly(1, 2, 3, 4);
    assertThat(x.fill(7).toArray()).containsExactly(7, 7, 7, 7);
    assertThatThrownBy(() -> x.copyFrom(new float[3])).isInstanceOf(ShapeException.class)
        .hasMessage("Tensor.copyFrom: an array of 3 elements does not fit [4] of 4");
    assertThatThrownBy(() -> x.copyTo(new float[5])).isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> x.copyFrom(Tensor.allocate(arena, Shape.of(5)))).isInstanceOf(ShapeException.class)
        .hasMessage("Tensor.copyFrom: [5] has 5 elements but [4] has 4");
    assertThatThrownBy(() -> Tensor.of(arena, Shape.of(2), 1)).isInstanceOf(ShapeException.class)
        .hasMessage("Tensor.of: an array of 1 elements does not fit [2] of 2");
  }

  @Test
  void shapesThatDoNotFitAreNamed() {
    Tensor x = Tensor.allocate(arena, Shape.of(4, 3));
    assertThatThrownBy(() -> x.reshape(Shape.of(5))).isInstanceOf(ShapeException.class)
        .hasMessage("Tensor.reshape: [5] has 5 elements but [4, 3] has 12");
    assertThatThrownBy(() -> x.slice(2, 5)).isInstanceOf(ShapeException.class)
        .hasMessage("Tensor.slice: no rows 2 to 5 in [4, 3]");
    assertThatThrownBy(() -> x.slice(-1, 2)).isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> x.slice(3, 2)).isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> x.dim(2)).isInstanceOf(ShapeException.class)
        .hasMessage("Shape: no axis 2 in [4, 3], which has rank 2");
    assertThatThrownBy(() -> x.get(12)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void wrappingTakesNativeAlignedMemoryThatIsLargeEnough() {
    MemorySegment segment = arena.allocate(64, 64);
    Tensor x = Tensor.wrap(segment, Shape.of(3));
    assertThat(x.segment().byteSize()).isEqualTo(12);
    x.set(0, 1);
    assertThat(Tensor.wrap(segment, Shape.of(16)).get(0)).isEqualTo(1);
    assertThatThrownBy(() -> Tensor.wrap(segment, Shape.of(17))).isInstanceOf(ShapeException.class)
        .hasMessage("Tensor: [17] needs 68 bytes but the segment has 64");
    assertThatThrownBy(() -> Tensor.wrap(segment.asSlice(2), Shape.of(1))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no multiple of 4");
    assertThatThrownBy(() -> Tensor.wrap(MemorySegment.ofArray(new float[4]), Shape.of(4)))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("heap segment; copy it");
  }

  @Test
  void aTensorOfAClosedArenaThrows() {
    Tensor x;
    try (Arena shortLived = Arena.ofConfined()) {
      x = Tensor.allocate(shortLived, Shape.of(3));
    }
    assertThatThrownBy(() -> x.get(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void integersAreKeptAsTheyAre() {
    IntTensor y = IntTensor.of(arena, Shape.of(2, 2), Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE);
    assertThat(y.toArray()).containsExactly(Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE);
    assertThat(y.slice(1, 2).reshape(Shape.of(2)).toArray()).containsExactly(0, Integer.MAX_VALUE);
    assertThat(IntTensor.allocate(arena, Shape.of(4)).copyFrom(y).fill(3).toArray()).containsOnly(3);
    assertThat(y).hasToString("IntTensor[2, 2]");
    assertThatThrownBy(() -> y.copyFrom(new int[3])).isInstanceOf(ShapeException.class);
  }
}
