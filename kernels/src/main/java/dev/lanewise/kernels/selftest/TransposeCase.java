package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.elementwise.TransposeKernel;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;

/** A square of one vector's width turned, and a row and a column beside it. */
public final class TransposeCase implements SelfTest.Case {
  private static final int SIDE = Lanes.COUNT + 1;

  @Override
  public void run(Sample sample) {
    float[] x = sample.numbers(SIDE * SIDE);
    float[] want = new float[SIDE * SIDE];
    for (int i = 0; i < SIDE; i++) {
      for (int j = 0; j < SIDE; j++) {
        want[j * SIDE + i] = x[i * SIDE + j];
      }
    }
    MemorySegment got = sample.blank(SIDE * SIDE);
    TransposeKernel.run(SIDE, SIDE, sample.segment(x), got);
    sample.same("transpose", got, want);
  }
}
