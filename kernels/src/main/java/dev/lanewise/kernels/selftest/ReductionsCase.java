package dev.lanewise.kernels.selftest;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reduction.ColumnSumsTask;
import dev.lanewise.kernels.reduction.ReductionsVector;
import dev.lanewise.kernels.reduction.SumKernel;
import dev.lanewise.kernels.reference.ReductionsReference;
import java.lang.foreign.MemorySegment;

/** A sum, a dot product, sums of columns or a search. */
public final class ReductionsCase implements SelfTest.Case {
  /** Elements that fill the 32 lanes of a long sum and leave a rest. */
  private static final int N = 2 * Lanes.VIRTUAL + 1;
  private static final int ROWS = 2;
  private static final int COLS = 7 * Lanes.COUNT + 1;

  /** What is tried at a time. */
  public enum Part {
    SUM,
    DOT,
    COLUMN_SUMS,
    ARGMAX,
    FIRST_NON_FINITE
  }

  private final Part part;

  public ReductionsCase(Part part) {
    this.part = part;
  }

  @Override
  public void run(Sample sample) {
    MemorySegment x = sample.values(N);
    switch (part) {
      case SUM -> sample.same("sum", SumKernel.sum(N, x), ReductionsReference.sum(N, x));
      case DOT -> {
        MemorySegment y = sample.values(N);
        sample.same("dot", SumKernel.dot(N, x, y), ReductionsReference.dot(N, x, y));
      }
      case COLUMN_SUMS -> columnSums(sample);
      case ARGMAX -> {
        MemorySegment row = sample.values(COLS);
        MemorySegment got = sample.blank(1);
        MemorySegment want = sample.blank(1);
        ReductionsVector.argmax(1, COLS, row, got);
        ReductionsReference.argmax(1, COLS, row, want);
        sample.same("argmax", got, want);
      }
      case FIRST_NON_FINITE -> {
        x.setAtIndex(JAVA_FLOAT, Lanes.COUNT - 1, Float.NaN);
        sample.same("firstNonFinite", ReductionsVector.firstNonFinite(N, x), ReductionsReference.firstNonFinite(N, x));
      }
    }
  }

  private static void columnSums(Sample sample) {
    MemorySegment matrix = sample.values(ROWS * COLS);
    MemorySegment got = sample.values(COLS);
    MemorySegment want = sample.copy(got);
    sample.workers().state(ColumnSumsTask.KEY).sum(ROWS, COLS, matrix, got, true, sample.workers());
    ReductionsReference.columnSums(ROWS, COLS, matrix, want, true);
    sample.same("columnSums", got, want);
  }
}
