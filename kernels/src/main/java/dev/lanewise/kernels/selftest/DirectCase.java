package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.conv.Direct;
import dev.lanewise.kernels.conv.DirectInput;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.Conv2dReference;
import dev.lanewise.kernels.reference.GemmReference;
import java.lang.foreign.MemorySegment;

/**
 * A convolution of one image that gathers no patches, or its gradient for the input: a tile of pixels and another that overlaps it, taps that miss a border. Forwards the
 * twin is a product with the patch matrix, which the interpreter has done sooner than the definition.
 */
public final class DirectCase implements SelfTest.Case {
  private static final int COLUMNS = 2 * Lanes.COUNT;
  private static final Conv2dGeometry IMAGE = new Conv2dGeometry(3, 3, 1, 1, 2, COLUMNS, 1, 1, 0, 0, 1, 0, 1, 1);

  /** As many elements of a patch side by side as kernels for few registers take by a loop of their own, an even number and an odd one. */
  private static final Conv2dGeometry DEEP = new Conv2dGeometry(1, 9, 8, 1, 1, COLUMNS, 1, 1, 0, 0, 0, 0, 1, 1);
  private static final Conv2dGeometry ODD = new Conv2dGeometry(1, 6, 9, 1, 1, COLUMNS, 1, 1, 0, 0, 0, 0, 1, 1);

  /** For the input, whose columns are channels: two outputs of two filters, and of one. */
  private static final Conv2dGeometry ROW = new Conv2dGeometry(1, 3, COLUMNS, 1, 2, 2, 1, 1, 0, 0, 0, 0, 1, 1);
  private static final Conv2dGeometry ODD_ROW = new Conv2dGeometry(1, 3, COLUMNS, 1, 2, 1, 1, 1, 0, 0, 0, 0, 1, 1);

  private final boolean backwardInput;

  public DirectCase(boolean backwardInput) {
    this.backwardInput = backwardInput;
  }

  @Override
  public void run(Sample sample) {
    if (backwardInput) {
      backwardInput(sample, ROW);
      if (!Lanes.MANY_REGISTERS) {
        backwardInput(sample, ODD_ROW);
      }
    } else {
      forward(sample, IMAGE);
      if (!Lanes.MANY_REGISTERS) {
        forward(sample, DEEP);
        forward(sample, ODD);
      }
    }
  }

  private static void forward(Sample sample, Conv2dGeometry image) {
    int pixels = image.outHeight() * image.outWidth();
    int patch = image.patch();
    MemorySegment x = sample.values(pixels * image.channels());
    MemorySegment w = sample.values(patch * COLUMNS);
    MemorySegment patches = sample.blank(pixels * patch);
    MemorySegment got = sample.blank(pixels * COLUMNS);
    MemorySegment want = sample.blank(pixels * COLUMNS);
    Epilogue epilogue = Epilogue.bias(sample.values(COLUMNS)).withRelu();
    sample.workers().state(Direct.KEY).forward(image, 1, x, w, got, epilogue, sample.workers());
    Conv2dReference.im2col(image, 1, x, patches);
    GemmReference.fmaOrder(false, false, pixels, COLUMNS, patch, patches, patch, w, COLUMNS, want, COLUMNS, false, epilogue);
    sample.same("forward", got, want);
  }

  private static void backwardInput(Sample sample, Conv2dGeometry row) {
    MemorySegment dy = sample.values(2 * row.filters());
    MemorySegment w = sample.values(2 * row.filters() * COLUMNS);
    MemorySegment got = sample.blank(3 * COLUMNS);
    MemorySegment want = sample.blank(3 * COLUMNS);
    sample.workers().state(DirectInput.KEY).run(row, 1, dy, w, got, Epilogue.NONE, sample.workers());
    Conv2dReference.backwardInput(row, 1, dy, w, want, Epilogue.NONE);
    sample.same("backwardInput", got, want);
  }
}
