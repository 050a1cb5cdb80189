package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.conv.Direct;
import dev.lanewise.kernels.conv.ShallowInput;
import dev.lanewise.kernels.conv.ShallowWeights;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.Conv2dReference;
import dev.lanewise.kernels.reference.GemmReference;
import java.lang.foreign.MemorySegment;

/**
 * A convolution of one image of one channel or one of its two gradients: a tile of pixels and another that overlaps it, taps that miss a border. Where it can be, the
 * twin is a product with the patch matrix, which the interpreter has done sooner than the definition.
 */
public final class ShallowCase implements SelfTest.Case {
  private static final int FILTERS = 2 * Lanes.COUNT;
  private static final int PIXELS = 9;
  private static final int PATCH = 2;
  private static final Conv2dGeometry IMAGE = new Conv2dGeometry(3, 3, 1, 1, PATCH, FILTERS, 1, 1, 0, 0, 1, 0, 1, 1);

  /** For the input, whose kernel takes one vector of filters and has four rows even of one. */
  private static final int ROW_FILTERS = Lanes.COUNT;
  private static final int ROW_PIXELS = 3;
  private static final Conv2dGeometry ROW = new Conv2dGeometry(1, ROW_PIXELS, 1, 1, PATCH, ROW_FILTERS, 1, 1, 0, 0, 1, 0, 1, 1);

  /** What is tried at a time. */
  public enum Part {
    FORWARD,
    BACKWARD_INPUT,
    BACKWARD_WEIGHTS
  }

  private final Part part;

  public ShallowCase(Part part) {
    this.part = part;
  }

  @Override
  public void run(Sample sample) {
    switch (part) {
      case FORWARD -> forward(sample);
      case BACKWARD_INPUT -> backwardInput(sample);
      case BACKWARD_WEIGHTS -> backwardWeights(sample);
    }
  }

  private static void forward(Sample sample) {
    MemorySegment x = sample.values(PIXELS);
    MemorySegment w = sample.values(PATCH * FILTERS);
    MemorySegment got = sample.blank(PIXELS * FILTERS);
    MemorySegment want = sample.blank(PIXELS * FILTERS);
    Epilogue epilogue = Epilogue.bias(sample.values(FILTERS)).withRelu();
    sample.workers().state(Direct.KEY).forward(IMAGE, 1, x, w, got, epilogue, sample.workers());
    GemmReference.fmaOrder(
        false, false, PIXELS, FILTERS, PATCH, patches(sample, x), PATCH, w, FILTERS, want, FILTERS, false, epilogue);
    sample.same("forward", got, want);
  }

  private static void backwardInput(Sample sample) {
    MemorySegment dy = sample.values(ROW_PIXELS * ROW_FILTERS);
    MemorySegment w = sample.values(PATCH * ROW_FILTERS);
    MemorySegment got = sample.blank(ROW_PIXELS);
    MemorySegment want = sample.blank(ROW_PIXELS);
    sample.workers().state(ShallowInput.KEY).run(ROW, 1, dy, w, got, Epilogue.NONE, sample.workers());
    Conv2dReference.backwardInput(ROW, 1, dy, w, want, Epilogue.NONE);
    sample.same("backwardInput", got, want);
  }

  private static void backwardWeights(Sample sample) {
    MemorySegment x = sample.values(PIXELS);
    MemorySegment dy = sample.values(PIXELS * FILTERS);
    MemorySegment got = sample.blank(PATCH * FILTERS);
    MemorySegment want = sample.blank(PATCH * FILTERS);
    sample.workers().state(ShallowWeights.KEY).run(IMAGE, 1, x, dy, got, false, sample.workers());
    GemmReference.fmaOrder(
        true, false, PATCH, FILTERS, PIXELS, patches(sample, x), PATCH, dy, FILTERS, want, FILTERS, false, Epilogue.NONE);
    sample.same("backwardWeights", got, want);
  }

  private static MemorySegment patches(Sample sample, MemorySegment x) {
    MemorySegment patches = sample.blank(PIXELS * PATCH);
    Conv2dReference.im2col(IMAGE, 1, x, patches);
    return patches;
  }
}
