package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.embedding.EmbeddingTask;
import dev.lanewise.kernels.reference.EmbeddingReference;
import java.lang.foreign.MemorySegment;

/** One row looked up, or its gradient added. */
public final class EmbeddingCase implements SelfTest.Case {
  private static final int N = Sample.N;
  private static final int ROWS = 3;

  /** What is tried at a time. */
  public enum Part {
    GATHER,
    SCATTER_ADD
  }

  private final Part part;

  public EmbeddingCase(Part part) {
    this.part = part;
  }

  @Override
  public void run(Sample sample) {
    EmbeddingTask task = sample.workers().state(EmbeddingTask.KEY);
    MemorySegment table = sample.values(ROWS * N);
    MemorySegment ids = sample.label(ROWS);
    switch (part) {
      case GATHER -> {
        MemorySegment got = sample.blank(N);
        MemorySegment want = sample.blank(N);
        task.gather(N, table, 1, ids, got, sample.workers());
        EmbeddingReference.gather(N, table, 1, ids, want);
        sample.same("gather", got, want);
      }
      case SCATTER_ADD -> {
        MemorySegment sums = sample.copy(table);
        MemorySegment dy = sample.values(N);
        task.scatterAdd(N, 1, ids, dy, sums, sample.workers());
        EmbeddingReference.scatterAdd(N, 1, ids, dy, table);
        sample.same("scatterAdd", sums, table);
      }
    }
  }
}
