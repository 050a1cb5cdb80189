package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.elementwise.TransposeKernel;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.ElementwiseReference;
import java.lang.foreign.MemorySegment;

/** A square of one vector's width turned, and a row and a column beside it. */
public final class TransposeCase implements SelfTest.Case {
  private static final int SIDE = Lanes.COUNT + 1;

  @Override
  public void run(Sample sample) {
    MemorySegment x = sample.values(SIDE * SIDE);
    MemorySegment got = sample.blank(SIDE * SIDE);
    MemorySegment want = sample.blank(SIDE * SIDE);
    TransposeKernel.run(SIDE, SIDE, x, got);
    ElementwiseReference.transpose(SIDE, SIDE, x, want);
    sample.same("transpose", got, want);
  }
}
