package dev.lanewise.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AugmentationTest {

  @Test
  void refusesStrengthsThatMeanNothing() {
    Augmentation mnist = Augmentation.mnist();
    assertThatThrownBy(() -> mnist.withZoom(1)).hasMessageContaining("zoom is 1.0").hasMessageContaining("less than 1");
    assertThatThrownBy(() -> mnist.withShift(-1)).hasMessageContaining("shift is -1.0");
    assertThatThrownBy(() -> mnist.withRotation(181)).hasMessageContaining("rotation is 181.0");
    assertThatThrownBy(() -> mnist.withShear(Float.NaN)).hasMessageContaining("shear is NaN");
    assertThatThrownBy(() -> mnist.withElastic(-0.1f)).hasMessageContaining("elastic is -0.1");
  }

  /** A resumed run and another machine must bend the images as this one does. */
  @Test
  void theSameSeedBendsAlikeOnEveryMachine() {
    try (Arena arena = Arena.ofConfined()) {
      ImageDataset digits = SyntheticDigits.splits(100, 1, SyntheticDigits.SEED, arena, null).train();
      Tensor x = Tensor.allocate(arena, Shape.of(100, 28, 28, 1));
      IntTensor y = IntTensor.allocate(arena, Shape.of(100));
      new Augmentation(2, 10, 0.1f, 0.1f, 0.7f).augmenter(digits, 1).batch(2, IntStream.range(0, 100).toArray(), 0, 100, x, y);
      assertThat(Integer.toHexString(Arrays.hashCode(x.toArray()))).isEqualTo("6e9d08d9");
    }
  }

  /** Each limit is reached and not passed: the whole of a bright dot's travel is measured. */
  @Test
  void aDotTravelsAsFarAsTheShiftSays() {
    double[] range = travel(Augmentation.NONE.withShift(3), 14, 14);
    assertThat(range[0]).isBetween(11.0 - 1e-4, 11.1);
    assertThat(range[1]).isBetween(16.9, 17.0 + 1e-4);
  }

  @Test
  void aDotOffCentreTravelsAsFarAsTheRotationSays() {
    // The dot is (-0.5, 9.5) from the centre (14.5, 14.5): its row reaches 14.5 - 0.5 cos 30 -+ 9.5 sin 30.
    double[] range = travel(Augmentation.NONE.withRotation(30), 14, 24);
    assertThat(range[0]).isBetween(9.31, 9.5);
    assertThat(range[1]).isBetween(18.6, 18.82);
  }

  @Test
  void elasticDisplacementsHaveTheStandardDeviationTheyPromise() {
    ElasticField field = new ElasticField(28, 28);
    Draws draws = new Draws();
    double squares = 0;
    double largest = 0;
    int fields = 2000;
    for (int i = 0; i < fields; i++) {
      draws.begin(1, 2, i);
      field.draw(draws, 1.5f);
      for (int p = 0; p < 784; p++) {
        squares += field.dy[p] * field.dy[p] + field.dx[p] * field.dx[p];
        largest = Math.max(largest, Math.max(Math.abs(field.dy[p]), Math.abs(field.dx[p])));
      }
    }
    // About 2000 * 2 * 16 independent values: the deviation of their mean square is 0.6 % of it; five of those.
    assertThat(Math.sqrt(squares / (2.0 * 784 * fields))).isBetween(1.5 * 0.985, 1.5 * 1.015);
    assertThat(largest).isLessThan(3.7 * 1.5);
  }

  @Test
  void elasticDisplacementsAreSmooth() {
    ElasticField field = new ElasticField(28, 28);
    Draws draws = new Draws();
    draws.begin(5, 6, 7);
    field.draw(draws, 1);
    // A cubic B-spline's slope is at most (limit - -limit) / spacing per knot difference; limit = sqrt 3 / KEPT = 3.62.
    float steepest = 2 * 3.62f / ElasticField.SPACING;
    for (int p = 1; p < 784; p++) {
      if (p % 28 != 0) {
        assertThat(Math.abs(field.dx[p] - field.dx[p - 1])).isLessThan(steepest);
      }
    }
  }

  /** Smallest and largest centre of mass, in rows, of one dot over many epochs. */
  private static double[] travel(Augmentation augmentation, int row, int column) {
    int side = 30;
    byte[] pixels = new byte[side * side];
    for (int r = row - 1; r <= row + 1; r++) {
      Arrays.fill(pixels, r * side + column - 1, r * side + column + 2, (byte) 255);
    }
    double[] range = {Double.MAX_VALUE, 0};
    try (Arena arena = Arena.ofConfined()) {
      ImageDataset data = ImageDataset.copyOf(arena, pixels, new byte[1], side, side, 10);
      Augmenter augmenter = augmentation.augmenter(data, 3);
      Tensor x = Tensor.allocate(arena, Shape.of(1, side, side, 1));
      IntTensor y = IntTensor.allocate(arena, Shape.of(1));
      for (int epoch = 0; epoch < 500; epoch++) {
        augmenter.batch(epoch, new int[1], 0, 1, x, y);
        double mass = 0;
        double moment = 0;
        for (int i = 0; i < side * side; i++) {
          mass += x.get(i);
          moment += x.get(i) * (i / side);
        }
        range[0] = Math.min(range[0], moment / mass);
        range[1] = Math.max(range[1], moment / mass);
      }
    }
    return range;
  }
}
