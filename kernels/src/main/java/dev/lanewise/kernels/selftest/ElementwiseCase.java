package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.elementwise.ElementwiseVector;
import dev.lanewise.kernels.reference.ElementwiseReference;
import java.lang.foreign.MemorySegment;

/** Element by element: a sum, a product, a scaling, a row or bytes. */
public final class ElementwiseCase implements SelfTest.Case {
  private static final int N = Sample.N;
  private static final float A = 0.7f;

  /** What is tried at a time. */
  public enum Part {
    ADD,
    SUBTRACT,
    MULTIPLY,
    SCALE,
    AXPY,
    FILL,
    ADD_ROW,
    SCALE_BYTES
  }

  private final Part part;

  public ElementwiseCase(Part part) {
    this.part = part;
  }

  @Override
  public void run(Sample sample) {
    MemorySegment x = sample.values(N);
    MemorySegment y = sample.values(N);
    MemorySegment got = sample.blank(N);
    MemorySegment want = sample.blank(N);
    switch (part) {
      case ADD -> {
        ElementwiseVector.add(N, x, y, got);
        ElementwiseReference.add(N, x, y, want);
      }
      case SUBTRACT -> {
        ElementwiseVector.subtract(N, x, y, got);
        ElementwiseReference.subtract(N, x, y, want);
      }
      case MULTIPLY -> {
        ElementwiseVector.multiply(N, x, y, got);
        ElementwiseReference.multiply(N, x, y, want);
      }
      case SCALE -> {
        ElementwiseVector.scale(N, A, x, got);
        ElementwiseReference.scale(N, A, x, want);
      }
      case AXPY -> {
        got.copyFrom(y);
        want.copyFrom(y);
        ElementwiseVector.axpy(N, A, x, got);
        ElementwiseReference.axpy(N, A, x, want);
      }
      case FILL -> {
        ElementwiseVector.fill(N, A, got);
        ElementwiseReference.fill(N, A, want);
      }
      case ADD_ROW -> {
        ElementwiseVector.addRow(1, N, x, y, got);
        ElementwiseReference.addRow(1, N, x, y, want);
      }
      case SCALE_BYTES -> {
        ElementwiseVector.scaleBytes(N, x, A, got);
        ElementwiseReference.scaleBytes(N, x, A, want);
      }
    }
    sample.same(part.name(), got, want);
  }
}
