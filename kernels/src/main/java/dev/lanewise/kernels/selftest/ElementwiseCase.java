package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.elementwise.ElementwiseVector;
import dev.lanewise.kernels.reference.ElementwiseReference;
import java.lang.foreign.MemorySegment;

/** Element by element: sums, products, scaling, rows, bytes. */
public final class ElementwiseCase implements SelfTest.Case {
  private static final int N = Sample.N;

  @Override
  public void run(Sample sample) {
    MemorySegment x = sample.values(N);
    MemorySegment y = sample.values(N);
    MemorySegment got = sample.blank(N);
    MemorySegment want = sample.blank(N);
    ElementwiseVector.add(N, x, y, got);
    ElementwiseReference.add(N, x, y, want);
    sample.same("add", got, want);
    ElementwiseVector.subtract(N, x, y, got);
    ElementwiseReference.subtract(N, x, y, want);
    sample.same("subtract", got, want);
    ElementwiseVector.multiply(N, x, y, got);
    ElementwiseReference.multiply(N, x, y, want);
    sample.same("multiply", got, want);
    ElementwiseVector.axpy(N, 0.7f, x, got);
    ElementwiseReference.axpy(N, 0.7f, x, want);
    sample.same("axpy", got, want);
    ElementwiseVector.scale(N, 0.7f, x, got);
    ElementwiseReference.scale(N, 0.7f, x, want);
    sample.same("scale", got, want);
    ElementwiseVector.fill(N, 0.7f, got);
    ElementwiseReference.fill(N, 0.7f, want);
    sample.same("fill", got, want);
    ElementwiseVector.addRow(1, N, x, y, got);
    ElementwiseReference.addRow(1, N, x, y, want);
    sample.same("addRow", got, want);
    ElementwiseVector.scaleBytes(N, x, 0.7f, got);
    ElementwiseReference.scaleBytes(N, x, 0.7f, want);
    sample.same("scaleBytes", got, want);
  }
}
