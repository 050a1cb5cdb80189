package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.reference.Conv2dReference;
import dev.lanewise.kernels.testkit.Allocation;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class Conv2dTest {
  @Test
  void slidesAKernelOverAnImage() {
    Conv2d conv = Conv2d.valid(3, 3, 1, 2, 2, 1);
    Guarded y = Guarded.nanFilled(4);
    conv.forward(
        1, Data.segment(1, 2, 3, 4, 5, 6, 7, 8, 9), Data.segment(1, 10, 100, 1000), y.segment(), Epilogue.NONE, Crew.of(1));
    assertThat(y.floats()).containsExactly(5421, 6532, 8754, 9865);
  }

  @Test
  void samePaddingPutsTheOddZeroBelowAndRight() {
    Conv2d conv = Conv2d.same(2, 2, 1, 2, 2, 1);
    Guarded y = Guarded.nanFilled(4);
    conv.forward(1, Data.segment(1, 2, 3, 4), Data.segment(1, 10, 100, 1000), y.segment(), Epilogue.NONE, Crew.of(1));
    assertThat(y.floats()).containsExactly(4321, 402, 43, 4);
  }

  @Test
  void anInputPixelThatNoOutputSawHasGradientZero() {
    Conv2d conv = Conv2d.of(1, 4, 1, 1, 1, 1, 1, 3, 0, 0, 0, 0, 1, 1);
    Guarded dx = Guarded.nanFilled(4);
    conv.backwardInput(1, Data.segment(2, 3), Data.segment(5f), dx.segment(), Crew.of(1));
    assertThat(dx.floats()).containsExactly(10, 0, 0, 15);
  }

  @Test
  void aFilterOfAGroupSeesTheChannelsOfItsGroup() {
    Conv2d conv = Conv2d.valid(1, 1, 4, 1, 1, 2).withGroups(2);
    Guarded y = Guarded.nanFilled(2);
    conv.forward(1, Data.segment(1, 2, 3, 4), Data.segment(10, 1000, 100, 10_000), y.segment(), Epilogue.NONE, Crew.of(1));
    assertThat(y.floats()).containsExactly(210, 43_000);
  }

  @Test
  void eachChannelOfADepthwiseConvolutionHasFiltersOfItsOwn() {
    Conv2d conv = Conv2d.valid(1, 2, 2, 1, 2, 4).withGroups(2);
    Guarded y = Guarded.nanFilled(4);
    conv.forward(1, Data.segment(1, 2, 3, 4), Data.segment(1, 2, 3, 4, 10, 20, 30, 40), y.segment(), Epilogue.NONE, Crew.of(1));
    assertThat(y.floats()).containsExactly(31, 62, 126, 168);
  }

  /** Long rows and many of them: bands end inside of the image. */
  @Test
  void aLargeDepthwiseImageIsWorkedOnBandByBand() {
    hasTheBitsOfItsDefinition(Conv2d.of(150, 90, 5, 3, 3, 10, 2, 1, 1, 1, 1, 1, 1, 2).withGroups(5));
  }

  @Test
  void aLargeImageOfFewChannelsIsWorkedOnBandByBand() {
    hasTheBitsOfItsDefinition(Conv2d.of(190, 130, 2, 3, 3, 64, 1, 2, 1, 1, 1, 1, 2, 1));
  }

  @Test
  void aLargeImageOfManyChannelsIsWorkedOnBandByBand() {
    hasTheBitsOfItsDefinition(Conv2d.of(40, 47, 64, 3, 2, 64, 1, 1, 1, 1, 1, 0, 1, 1));
    hasTheBitsOfItsDefinition(Conv2d.of(70, 60, 32, 2, 3, 32, 2, 1, 0, 1, 1, 1, 2, 1));
  }

  /** As far as scratch reaches, and beyond. */
  @Test
  void longRowsOfFewChannelsHaveTheBitsToo() {
    hasTheBitsOfItsDefinition(Conv2d.of(1, 16_390, 1, 1, 7, 32, 1, 1, 0, 0, 0, 0, 1, 1));
    hasTheBitsOfItsDefinition(Conv2d.of(1, 16_384, 1, 1, 7, 32, 1, 1, 0, 0, 0, 0, 1, 1));
    // Strides beyond the kernel: most of what a piece of a few outputs spans is seen by none.
    hasTheBitsOfItsDefinition(Conv2d.of(40_000, 1, 1, 2, 1, 32, 2_000, 1, 0, 0, 0, 0, 1, 1));
    hasTheBitsOfItsDefinition(Conv2d.of(30_000, 1, 2, 2, 1, 64, 900, 1, 0, 0, 0, 0, 1, 1));
    hasTheBitsOfItsDefinition(Conv2d.of(90, 70, 64, 2, 2, 64, 30, 20, 0, 0, 0, 0, 1, 1));
  }

  /** So many images that they are several pieces, and filters that do not come out even for each number of threads. */
  @Test
  void anyNumberOfThreadsSharesImagesAndFilters() {
    int[] threads = IntStream.rangeClosed(1, Crew.LARGEST).toArray();
    hasTheBitsOfItsDefinition(Conv2d.valid(14, 14, 1, 3, 3, 32), 25, threads);
    hasTheBitsOfItsDefinition(Conv2d.valid(14, 14, 1, 3, 3, 96), 13, threads);
    hasTheBitsOfItsDefinition(Conv2d.valid(11, 11, 3, 5, 5, 160), 9, threads);
    hasTheBitsOfItsDefinition(Conv2d.valid(13, 13, 32, 2, 2, 32), 9, threads);
  }

  private static void hasTheBitsOfItsDefinition(Conv2d conv) {
    hasTheBitsOfItsDefinition(conv, 1, 2);
  }

  /** All three passes; the weights' gradient a second time on top of the first. */
  private static void hasTheBitsOfItsDefinition(Conv2d conv, int n, int... threads) {
    MemorySegment x = Data.segment(Data.seeded(1).uniform((int) conv.inputSize(n), -1, 1));
    MemorySegment w = Data.segment(Data.seeded(2).uniform((int) conv.weightSize(), -1, 1));
    MemorySegment dy = Data.segment(Data.seeded(3).uniform((int) conv.outputSize(n), -1, 1));
    Guarded[] want = results(conv, n);
    Conv2dReference.forward(conv.geometry(), n, x, w, want[0].segment(), Epilogue.RELU);
    Conv2dReference.backwardInput(conv.geometry(), n, dy, w, want[1].segment(), Epilogue.NONE);
    Conv2dReference.backwardWeights(conv.geometry(), n, x, dy, want[2].segment(), false);
    Conv2dReference.backwardWeights(conv.geometry(), n, x, dy, want[2].segment(), true);
    for (int count : threads) {
      Guarded[] got = results(conv, n);
      conv.forward(n, x, w, got[0].segment(), Epilogue.RELU, Crew.of(count));
      conv.backwardInput(n, dy, w, got[1].segment(), Crew.of(count));
      conv.backwardWeights(n, x, dy, got[2].segment(), false, Crew.of(count));
      conv.backwardWeights(n, x, dy, got[2].segment(), true, Crew.of(count));
      for (int i = 0; i < got.length; i++) {
        assertThat(got[i].bits()).isEqualTo(want[i].bits());
        assertThat(got[i].guardsIntact()).isTrue();
      }
    }
  }

  /** Room for the output and both gradients. */
  private static Guarded[] results(Conv2d conv, int n) {
    return new Guarded[] {Guarded.nanFilled((int) conv.outputSize(n)), Guarded.nanFilled((int) conv.inputSize(n)),
        Guarded.nanFilled((int) conv.weightSize())};
  }

  @Test
  void noImagesGiveNoOutputAndAZeroGradient() {
    zeroGradientOfNoImages(Conv2d.valid(3, 3, 1, 2, 2, 1));
    zeroGradientOfNoImages(Conv2d.valid(8, 8, 1, 2, 2, 64));
    zeroGradientOfNoImages(Conv2d.valid(8, 8, 64, 2, 2, 1));
    zeroGradientOfNoImages(Conv2d.valid(3, 3, 4, 2, 2, 4).withGroups(4));
  }

  private static void zeroGradientOfNoImages(Conv2d conv) {
    MemorySegment none = Guarded.nanFilled(0).segment();
    MemorySegment w = Data.segment(new float[(int) conv.weightSize()]);
    Guarded dw = Guarded.nanFilled((int) conv.weightSize());
    for (int threads = 1; threads <= 2; threads++) {
      conv.forward(0, none, w, none, Epilogue.NONE, Crew.of(threads));
      conv.backwardInput(0, none, w, none, Crew.of(threads));
      conv.backwardWeights(0, none, none, dw.segment(), false, Crew.of(threads));
      assertThat(dw.floats()).containsOnly(0);
    }
  }

  @Test
  void badSizesAndSegmentsAreNamed() {
    assertThatThrownBy(() -> Conv2d.valid(3, 3, 1, 4, 2, 1))
        .hasMessageContaining("the padded height is 3 but the kernel rows with their dilation reach over 4");
    assertThatThrownBy(() -> Conv2d.of(3, 3, 1, (1 << 16) + 1, 1, 1, 1, 1, 0, 0, 0, 0, 1 << 16, 1))
        .hasMessageContaining("the padded height is 3 but the kernel rows with their dilation reach over 4294967297");
    assertThatThrownBy(() -> Conv2d.of(3, 3, 1, 1, 2, 1, 1, 1, 0, 0, Integer.MAX_VALUE, 1, 1, 1))
        .hasMessage("Conv2d: the padded width is 2147483651, more than 2^31 - 1; pad less");
    assertThatThrownBy(() -> Conv2d.valid(1 << 15, 1 << 15, 2, 1 << 15, 1 << 15, 1))
        .hasMessage("Conv2d: a patch of 32768x32768x2 is more than 2^31 - 1 floats; use a smaller kernel");
    assertThatThrownBy(() -> Conv2d.valid(3, 3, 0, 2, 2, 1)).hasMessageContaining("each must be at least 1");
    assertThatThrownBy(() -> Conv2d.of(3, 3, 1, 2, 2, 1, 1, 1, -1, 0, 0, 0, 1, 1)).hasMessageContaining("none may be negative");
    assertThatThrownBy(() -> Conv2d.valid(3, 3, 6, 2, 2, 4).withGroups(4))
        .hasMessage("Conv2d: 6 channels and 4 filters in 4 groups; both must be multiples of the groups");
    assertThatThrownBy(() -> Conv2d.valid(3, 3, 6, 2, 2, 4).withGroups(0)).hasMessageContaining("in 0 groups");
    Conv2d conv = Conv2d.valid(3, 3, 1, 2, 2, 1);
    MemorySegment x = Data.segment(new float[9]);
    MemorySegment w = Data.segment(new float[4]);
    Guarded y = Guarded.nanFilled(4);
    assertThatThrownBy(() -> conv.forward(2, x, w, y.segment(), Epilogue.NONE, Crew.of(1)))
        .hasMessage("Conv2d: X holds 9 elements but 18 are needed");
    assertThatThrownBy(() -> conv.forward(1, x, w, w, Epilogue.NONE, Crew.of(1))).hasMessageContaining("Y overlaps W");
    assertThatThrownBy(() -> conv.forward(-1, x, w, y.segment(), Epilogue.NONE, Crew.of(1))).hasMessageContaining("-1 images");
    assertThat(y.floats()).containsOnly(Float.NaN);
  }

  @Test
  void aSteadyCallAllocatesNothing() {
    allocatesNothing(Conv2d.same(8, 8, 8, 3, 3, 16));
    allocatesNothing(Conv2d.same(8, 8, 8, 3, 3, 16).withGroups(4));
    allocatesNothing(Conv2d.same(8, 8, 40, 3, 3, 40).withGroups(40));
    allocatesNothing(Conv2d.same(28, 28, 1, 3, 3, 32));
    allocatesNothing(Conv2d.same(9, 9, 32, 3, 3, 32));
  }

  private static void allocatesNothing(Conv2d conv) {
    MemorySegment x = Data.segment(new float[(int) conv.inputSize(2)]);
    MemorySegment w = Data.segment(new float[(int) conv.weightSize()]);
    MemorySegment y = Data.segment(new float[(int) conv.outputSize(2)]);
    MemorySegment dx = Data.segment(new float[(int) conv.inputSize(2)]);
    MemorySegment dw = Data.segment(new float[(int) conv.weightSize()]);
    for (int threads = 1; threads <= 2; threads++) {
      Workers workers = Crew.of(threads);
      assertThat(Allocation.steady(() -> {
        conv.forward(2, x, w, y, Epilogue.RELU, workers);
        conv.backwardWeights(2, x, y, dw, false, workers);
        conv.backwardInput(2, y, w, dx, workers);
      }))
          .isZero();
    }
  }
}
