package dev.lanewise.kernels.faults;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** A sum over 32 virtual lanes with one fault or none. */
enum FaultySum implements Sums {
  NONE,
  WRONG_SIGN,
  LAST_ELEMENT_LEFT_OUT,
  TAIL_SKIPPED,
  STRIDE_OF_TWO,
  STALE_LANE;

  private static final int LANES = 32;

  private final float[] lanes = new float[LANES];

  @Override
  public float run(int n, MemorySegment x) {
    int end = this == LAST_ELEMENT_LEFT_OUT ? n - 1 : n;
    int whole = Math.max(0, end) / LANES * LANES;
    for (int j = this == STALE_LANE ? 1 : 0; j < LANES; j++) {
      lanes[j] = 0;
    }
    for (int i = 0; i < whole; i++) {
      int from = this == STRIDE_OF_TWO ? 2 * (i / 2) : i;
      lanes[i % LANES] += this == WRONG_SIGN && i % LANES == LANES - 1 ? -x.getAtIndex(JAVA_FLOAT, from) : x.getAtIndex(JAVA_FLOAT, from);
    }
    float[] tree = lanes.clone();
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int j = 0; j < half; j++) {
        tree[j] += tree[j + half];
      }
    }
    float sum = tree[0];
    for (int i = whole; i < end && this != TAIL_SKIPPED; i++) {
      sum += x.getAtIndex(JAVA_FLOAT, i);
    }
    return sum;
  }
}
