package dev.lanewise.kernels.faults;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** A product as a vector kernel computes it, blocks of 8 columns and a rest, with one fault or none. */
enum FaultyProduct implements Multiplies {
  NONE,
  WRONG_SIGN,
  LAST_K_LEFT_OUT,
  FIRST_K_TWICE,
  TAIL_SKIPPED,
  STRIDES_SWAPPED,
  STALE_ACCUMULATOR,
  C_READ_THOUGH_OVERWRITTEN,
  WRITES_BEYOND_THE_ROW,
  PLAIN_MULTIPLY_ADD;

  private static final int BLOCK = 8;

  @Override
  public void run(
      int m, int n, int k, MemorySegment a, int lda, MemorySegment b, int ldb, MemorySegment c, int ldc, boolean accumulate) {
    float[] sums = new float[BLOCK];
    int columns = this == TAIL_SKIPPED ? n - n % BLOCK : n;
    int left = this == STRIDES_SWAPPED ? ldb : lda;
    int right = this == STRIDES_SWAPPED ? lda : ldb;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < columns; j += BLOCK) {
        int width = Math.min(BLOCK, n - j);
        for (int v = 0; v < width; v++) {
          if (accumulate || this == C_READ_THOUGH_OVERWRITTEN) {
            sums[v] = get(c, (long) i * ldc + j + v);
          } else if (this != STALE_ACCUMULATOR || j == 0) {
            sums[v] = 0;
          }
        }
        for (int p = this == FIRST_K_TWICE && k > 0 ? -1 : 0; p < (this == LAST_K_LEFT_OUT ? k - 1 : k); p++) {
          float x = get(a, (long) i * left + Math.max(0, p));
          for (int v = 0; v < width; v++) {
            float y = get(b, (long) Math.max(0, p) * right + j + v);
            sums[v] = step(this == WRONG_SIGN && p % 16 == 15 ? -x : x, y, sums[v]);
          }
        }
        for (int v = 0; v < (this == WRITES_BEYOND_THE_ROW && i < m - 1 && ldc > n ? Math.min(BLOCK, ldc - j) : width); v++) {
          c.setAtIndex(JAVA_FLOAT, (long) i * ldc + j + v, sums[v]);
        }
      }
    }
  }

  private float step(float x, float y, float sum) {
    return this == PLAIN_MULTIPLY_ADD ? x * y + sum : Math.fma(x, y, sum);
  }

  private static float get(MemorySegment segment, long index) {
    return segment.getAtIndex(JAVA_FLOAT, index);
  }
}
