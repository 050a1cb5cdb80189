package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.conv.Shallow;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.Conv2dReference;
import dev.lanewise.kernels.reference.GemmReference;
import java.lang.foreign.MemorySegment;

/**
 * A convolution of one image of one channel, or the gradient of its weights: a tile of pixels and another that overlaps it, padding. The twin is a product with
 * the patch matrix, which the interpreter has done sooner than the definition.
 */
public final class ShallowCase implements SelfTest.Case {
  private static final int FILTERS = 2 * Lanes.COUNT;
  private static final int PIXELS = 9;
  private static final int PATCH = 2;
  private static final Conv2dGeometry GEOMETRY = new Conv2dGeometry(3, 3, 1, 2, 1, FILTERS, 1, 1, 1, 0, 0, 0, 1, 1);

  private final boolean backwardWeights;

  public ShallowCase(boolean backwardWeights) {
    this.backwardWeights = backwardWeights;
  }

  @Override
  public void run(Sample sample) {
    MemorySegment x = sample.values(PIXELS);
    MemorySegment patches = sample.blank(PIXELS * PATCH);
    Conv2dReference.im2col(GEOMETRY, 1, x, patches);
    if (backwardWeights) {
      backwardWeights(sample, x, patches);
    } else {
      forward(sample, x, patches);
    }
  }

  private static void forward(Sample sample, MemorySegment x, MemorySegment patches) {
    MemorySegment w = sample.values(PATCH * FILTERS);
    MemorySegment got = sample.blank(PIXELS * FILTERS);
    MemorySegment want = sample.blank(PIXELS * FILTERS);
    Epilogue epilogue = Epilogue.bias(sample.values(FILTERS)).withRelu();
    sample.workers().state(Shallow.KEY).forward(GEOMETRY, 1, x, w, got, epilogue, sample.workers());
    GemmReference.fmaOrder(false, false, PIXELS, FILTERS, PATCH, patches, PATCH, w, FILTERS, want, FILTERS, false, epilogue);
    sample.same("forward", got, want);
  }

  private static void backwardWeights(Sample sample, MemorySegment x, MemorySegment patches) {
    MemorySegment dy = sample.values(PIXELS * FILTERS);
    MemorySegment got = sample.blank(PATCH * FILTERS);
    MemorySegment want = sample.blank(PATCH * FILTERS);
    sample.workers().state(Shallow.KEY).backwardWeights(GEOMETRY, 1, x, dy, got, false, sample.workers());
    GemmReference.fmaOrder(
        true, false, PATCH, FILTERS, PIXELS, patches, PATCH, dy, FILTERS, want, FILTERS, false, Epilogue.NONE);
    sample.same("backwardWeights", got, want);
  }
}
