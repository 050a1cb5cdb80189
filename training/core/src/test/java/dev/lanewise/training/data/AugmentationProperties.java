package dev.lanewise.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;

class AugmentationProperties {
  private final Arena arena = Arena.ofAuto();

  @Property(tries = 60)
  void strengthZeroIsTheIdentityBitForBit(@ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 1, max = 40) int width, @ForAll long seed, @ForAll @IntRange(max = 100) int epoch) {
    ImageDataset data = images(6, height, width);
    int[] order = {5, 0, 3, 3};
    Tensor want = Tensor.allocate(arena, Shape.of(4, height, width, 1));
    IntTensor wantLabels = IntTensor.allocate(arena, Shape.of(4));
    data.batch(order, 0, 4, want, wantLabels);
    Tensor got = Tensor.allocate(arena, Shape.of(4, height, width, 1));
    IntTensor labels = IntTensor.allocate(arena, Shape.of(4));
    Augmentation.NONE.augmenter(data, seed).batch(epoch, order, 0, 4, got, labels);
    assertThat(got.toArray()).isEqualTo(want.toArray());
    assertThat(labels.toArray()).isEqualTo(wantLabels.toArray());
  }

  @Property(tries = 100)
  void anImageDependsOnSeedEpochAndIndexAlone(@ForAll long seed, @ForAll @IntRange(max = 1000) int epoch,
      @ForAll @IntRange(max = 5) int image) {
    ImageDataset data = images(6, 11, 13);
    Augmenter augmenter = Augmentation.mnist().augmenter(data, seed);
    float[] alone = one(augmenter, epoch, image, 11, 13);
    Tensor x = Tensor.allocate(arena, Shape.of(3, 11, 13, 1));
    augmenter.batch(epoch, new int[] {2, 4, image}, 0, 3, x, IntTensor.allocate(arena, Shape.of(3)));
    assertThat(x.slice(2, 3).toArray()).isEqualTo(alone);
    assertThat(one(Augmentation.mnist().augmenter(data, seed), epoch, image, 11, 13)).isEqualTo(alone);
    assertThat(one(augmenter, epoch + 1, image, 11, 13)).isNotEqualTo(alone);
    assertThat(one(Augmentation.mnist().augmenter(data, seed + 1), epoch, image, 11, 13)).isNotEqualTo(alone);
  }

  @Property(tries = 200)
  void everyValueLiesBetweenPaperAndInk(@ForAll long seed, @ForAll @FloatRange(max = 40) float shift,
      @ForAll @FloatRange(max = 180) float rotation, @ForAll @FloatRange(max = 0.99f) float zoom,
      @ForAll @FloatRange(max = 3) float shear, @ForAll @FloatRange(max = 20) float elastic) {
    ImageDataset data = images(2, 17, 12);
    Augmenter augmenter = new Augmentation(shift, rotation, zoom, shear, elastic).augmenter(data, seed);
    for (float value : one(augmenter, 0, 1, 17, 12)) {
      assertThat(value).isBetween(0f, 1f);
    }
  }

  @Property(tries = 100)
  void aShiftByWholePixelsIsExact(@ForAll @IntRange(min = -9, max = 9) int down,
      @ForAll @IntRange(min = -9, max = 9) int right, @ForAll @IntRange(min = 1, max = 12) int height,
      @ForAll @IntRange(min = 1, max = 12) int width) {
    ImageDataset data = images(1, height, width);
    ImageWarp warp = new ImageWarp(height, width);
    warp.load(data, 0);
    warp.map(1, 0, 0, 1, down, right);
    Tensor x = Tensor.allocate(arena, Shape.of(height * width));
    warp.run(new ElasticField(height, width), x.segment(), 0);
    for (int r = 0; r < height; r++) {
      for (int c = 0; c < width; c++) {
        int fromR = r - down;
        int fromC = c - right;
        boolean inside = fromR >= 0 && fromR < height && fromC >= 0 && fromC < width;
        assertThat(x.get(r * width + c)).isEqualTo(inside ? data.pixel(0, fromR, fromC) / 255f : 0);
      }
    }
  }

  @Property(tries = 50)
  void aQuarterTurnMovesEachPixelToItsPlace(@ForAll @IntRange(min = 1, max = 12) int side) {
    ImageDataset data = images(1, side, side);
    ImageWarp warp = new ImageWarp(side, side);
    warp.load(data, 0);
    warp.map(0, 1, -1, 0, 0, 0);
    Tensor x = Tensor.allocate(arena, Shape.of(side * side));
    warp.run(new ElasticField(side, side), x.segment(), 0);
    for (int r = 0; r < side; r++) {
      for (int c = 0; c < side; c++) {
        assertThat(x.get(r * side + c)).isEqualTo(data.pixel(0, c, side - 1 - r) / 255f);
      }
    }
  }

  private float[] one(Augmenter augmenter, int epoch, int image, int height, int width) {
    Tensor x = Tensor.allocate(arena, Shape.of(1, height, width, 1));
    augmenter.batch(epoch, new int[] {image}, 0, 1, x, IntTensor.allocate(arena, Shape.of(1)));
    return x.toArray();
  }

  private ImageDataset images(int count, int height, int width) {
    return ImageDataset.copyOf(arena, IdxBytes.pixels(count * height * width, 9), IdxBytes.digits(count, 9), height,
        width, 10);
  }
}
