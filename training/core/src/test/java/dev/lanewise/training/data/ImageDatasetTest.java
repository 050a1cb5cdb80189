package dev.lanewise.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImageDatasetTest {
  private static final byte[] PIXELS = IdxBytes.pixels(20 * 6, 3);
  private static final byte[] LABELS = IdxBytes.digits(20, 3);

  private final Arena arena = Arena.ofConfined();
  private final ImageDataset data = ImageDataset.copyOf(arena, PIXELS, LABELS, 2, 3, 10);

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void batchesAreRowsOfTheOrderDividedBy255() {
    int[] order = {4, 19, 0, 4, 7};
    Tensor x = Tensor.allocate(arena, Shape.of(4, 2, 3, 1));
    IntTensor y = IntTensor.allocate(arena, Shape.of(4));
    x.fill(Float.NaN);
    y.fill(-1);
    data.batch(order, 1, 3, x, y);
    for (int i = 0; i < 3; i++) {
      for (int p = 0; p < 6; p++) {
        assertThat(x.get(i * 6 + p)).isEqualTo((PIXELS[order[1 + i] * 6 + p] & 0xFF) / 255f);
      }
      assertThat(y.get(i)).isEqualTo(LABELS[order[1 + i]]);
    }
    assertThat(x.get(18)).isNaN();
    assertThat(y.get(3)).isEqualTo(-1);
  }

  @Test
  void viewsShareTheExamples() {
    ImageDataset middle = data.slice(5, 9);
    assertThat(middle.size()).isEqualTo(4);
    assertThat(middle.label(2)).isEqualTo(LABELS[7]);
    assertThat(middle.pixel(2, 1, 2)).isEqualTo(PIXELS[7 * 6 + 5] & 0xFF);
    assertThat(data.limit(20)).isSameAs(data);
    assertThat(data.limit(7).size()).isEqualTo(7);
    Splits halves = Splits.holdOut(data, 6, "mine");
    assertThat(halves.train().size()).isEqualTo(14);
    assertThat(halves.test().label(0)).isEqualTo(LABELS[14]);
    assertThat(halves.limitTrain(3).train().size()).isEqualTo(3);
  }

  @Test
  void aLimitedDatasetOfAnotherKindHidesTheRest() {
    Dataset plain = new LimitedDataset(data, 20);
    Dataset limited = plain.limit(5);
    Tensor x = Tensor.allocate(arena, Shape.of(1, 2, 3, 1));
    IntTensor y = IntTensor.allocate(arena, Shape.of(1));
    limited.batch(new int[] {4}, 0, 1, x, y);
    assertThat(y.get(0)).isEqualTo(LABELS[4]);
    assertThat(limited.inputShape()).isEqualTo(data.inputShape());
    assertThatThrownBy(() -> limited.batch(new int[] {5}, 0, 1, x, y)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> plain.limit(0)).hasMessageContaining("limit is 0");
  }

  @Test
  void errorsNameBothSides() {
    Tensor x = Tensor.allocate(arena, Shape.of(2, 3, 2, 1));
    IntTensor y = IntTensor.allocate(arena, Shape.of(2));
    assertThatThrownBy(() -> data.batch(new int[2], 0, 2, x, y)).isInstanceOf(ShapeException.class)
        .hasMessageContaining("[2, 2, 3, 1]").hasMessageContaining("[2, 3, 2, 1]");
    Tensor right = Tensor.allocate(arena, Shape.of(3, 2, 3, 1));
    assertThatThrownBy(() -> data.batch(new int[3], 0, 3, right, y)).isInstanceOf(ShapeException.class)
        .hasMessageContaining("3 labels").hasMessageContaining("[2]");
    assertThatThrownBy(() -> data.batch(new int[] {20}, 0, 1, right, y)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> data.batch(new int[1], 0, 2, right, y)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> ImageDataset.copyOf(arena, new byte[7], new byte[1], 2, 3, 10))
        .hasMessageContaining("7 pixels").hasMessageContaining("6 pixels");
    assertThatThrownBy(() -> ImageDataset.copyOf(arena, new byte[6], new byte[] {3}, 2, 3, 3))
        .hasMessageContaining("label 0 is 3 but there are 3 classes");
    assertThatThrownBy(() -> ImageDataset.wrap(MemorySegment.ofArray(PIXELS), MemorySegment.ofArray(LABELS), 2, 3, 10))
        .hasMessageContaining("copyOf");
    assertThatThrownBy(() -> data.slice(3, 3)).hasMessageContaining("[3, 3)").hasMessageContaining("[0, 20)");
    ImageDataset other = ImageDataset.copyOf(arena, new byte[4], new byte[1], 2, 2, 10);
    assertThatThrownBy(() -> new Splits(data, other, "x")).hasMessageContaining("[2, 3, 1]")
        .hasMessageContaining("[2, 2, 1]");
  }
}
