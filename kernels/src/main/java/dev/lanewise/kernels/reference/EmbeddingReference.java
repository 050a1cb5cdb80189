package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/** Scalar twins of {@code Embedding}, same bits. There is no twin in double: a gather rounds nothing, a scatter is a chain of adds. */
public final class EmbeddingReference {
  private EmbeddingReference() {}

  /** y[i] = table[ids[i]], rows of so many floats. */
  public static void gather(int width, MemorySegment table, int n, MemorySegment ids, MemorySegment y) {
    for (long i = 0; i < n; i++) {
      long row = (long) ids.getAtIndex(JAVA_INT, i) * width;
      for (long j = 0; j < width; j++) {
        y.setAtIndex(JAVA_FLOAT, i * width + j, table.getAtIndex(JAVA_FLOAT, row + j));
      }
    }
  }

  /** dtable[ids[i]] += dy[i], i ascending. */
  public static void scatterAdd(int width, int n, MemorySegment ids, MemorySegment dy, MemorySegment dtable) {
    for (long i = 0; i < n; i++) {
      long row = (long) ids.getAtIndex(JAVA_INT, i) * width;
      for (long j = 0; j < width; j++) {
        float sum = dtable.getAtIndex(JAVA_FLOAT, row + j) + dy.getAtIndex(JAVA_FLOAT, i * width + j);
        dtable.setAtIndex(JAVA_FLOAT, row + j, sum);
      }
    }
  }
}
