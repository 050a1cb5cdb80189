package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.conv.ShallowInput;
import dev.lanewise.kernels.conv.ShallowWeights;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.Conv2dReference;
import dev.lanewise.kernels.reference.GemmReference;
import java.lang.foreign.MemorySegment;

/** A gradient of a convolution of one row of three pixels of one channel: taps that miss a border. The twin of the weights' is a product with the patch matrix. */
public final class ShallowCase implements SelfTest.Case {
  private static final int FILTERS = 2 * Lanes.COUNT;
  private static final int PIXELS = 3;
  private static final int PATCH = 2;
  private static final Conv2dGeometry ROW = new Conv2dGeometry(1, PIXELS, 1, 1, PATCH, FILTERS, 1, 1, 0, 0, 1, 0, 1, 1);

  private final boolean backwardWeights;

  public ShallowCase(boolean backwardWeights) {
    this.backwardWeights = backwardWeights;
  }

  @Override
  public void run(Sample sample) {
    if (backwardWeights) {
      backwardWeights(sample);
    } else {
      backwardInput(sample);
    }
  }

  private static void backwardInput(Sample sample) {
    MemorySegment dy = sample.values(PIXELS * FILTERS);
    MemorySegment w = sample.values(PATCH * FILTERS);
    MemorySegment got = sample.blank(PIXELS);
    MemorySegment want = sample.blank(PIXELS);
    sample.workers().state(ShallowInput.KEY).run(ROW, 1, dy, w, got, Epilogue.NONE, sample.workers());
    Conv2dReference.backwardInput(ROW, 1, dy, w, want, Epilogue.NONE);
    sample.same("backwardInput", got, want);
  }

  private static void backwardWeights(Sample sample) {
    MemorySegment x = sample.values(PIXELS);
    MemorySegment dy = sample.values(PIXELS * FILTERS);
    MemorySegment patches = sample.blank(PIXELS * PATCH);
    MemorySegment got = sample.blank(PATCH * FILTERS);
    MemorySegment want = sample.blank(PATCH * FILTERS);
    sample.workers().state(ShallowWeights.KEY).run(ROW, 1, x, dy, got, false, sample.workers());
    Conv2dReference.im2col(ROW, 1, x, patches);
    GemmReference.fmaOrder(true, false, PATCH, FILTERS, PIXELS, patches, PATCH, dy, FILTERS, want, FILTERS, false, Epilogue.NONE);
    sample.same("backwardWeights", got, want);
  }
}
