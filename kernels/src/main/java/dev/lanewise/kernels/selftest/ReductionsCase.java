package dev.lanewise.kernels.selftest;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reduction.ColumnSumsTask;
import dev.lanewise.kernels.reduction.ReductionsVector;
import dev.lanewise.kernels.reference.ReductionsReference;
import java.lang.foreign.MemorySegment;

/** Sums, dot products, sums of columns and searches. */
public final class ReductionsCase implements SelfTest.Case {
  private static final int N = Sample.N;
  private static final int ROWS = 2;
  private static final int COLS = 7 * Lanes.COUNT + 1;

  @Override
  public void run(Sample sample) {
    MemorySegment x = sample.values(N);
    MemorySegment y = sample.values(N);
    sample.same("sum", ReductionsVector.sum(x, 0, 4 * N), ReductionsReference.sum(N, x));
    sample.same("dot", ReductionsVector.dot(x, y, 0, 4 * N), ReductionsReference.dot(N, x, y));
    MemorySegment matrix = sample.values(ROWS * COLS);
    MemorySegment got = sample.values(COLS);
    MemorySegment want = sample.copy(got);
    sample.workers().state(ColumnSumsTask.KEY).sum(ROWS, COLS, matrix, got, true, sample.workers());
    ReductionsReference.columnSums(ROWS, COLS, matrix, want, true);
    sample.same("columnSums", got, want);
    got = sample.blank(1);
    want = sample.blank(1);
    ReductionsVector.argmax(1, COLS, matrix, got);
    ReductionsReference.argmax(1, COLS, matrix, want);
    sample.same("argmax", got, want);
    x.setAtIndex(JAVA_FLOAT, Lanes.COUNT - 1, Float.NaN);
    sample.same("firstNonFinite", ReductionsVector.firstNonFinite(N, x), ReductionsReference.firstNonFinite(N, x));
  }
}
