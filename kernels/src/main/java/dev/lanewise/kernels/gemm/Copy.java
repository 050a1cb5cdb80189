package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.gemm.GemmPlan.NR;
import static dev.lanewise.kernels.lane.Lanes.COUNT;
import static dev.lanewise.kernels.lane.Lanes.F;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Copies from native memory into panels. Short runs are the rule here (a patch row, a panel row), for which
 * {@code MemorySegment.copy} costs more in the call than in the copy.
 */
public final class Copy {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** Steps of k transposed at a time: 8 KB of panel, which stays in the first-level cache meanwhile. */
  private static final int TURN = 64;

  private Copy() {}

  /** Copies n floats from a byte offset. */
  public static void run(MemorySegment from, long byteOffset, float[] to, int at, int n) {
    int i = 0;
    for (; i <= n - COUNT; i += COUNT) {
      FloatVector.fromMemorySegment(F, from, byteOffset + 4L * i, ORDER).intoArray(to, at + i);
    }
    for (; i < n; i++) {
      to[at + i] = from.get(JAVA_FLOAT_UNALIGNED, byteOffset + 4L * i);
    }
  }

  /**
   * Copies n floats in whole vectors where the source is long enough: up to a vector's length less one of what follows is
   * copied too. For pieces that are copied in ascending order into a buffer with slack, where a short tail would cost as much
   * as the rest.
   */
  public static void overrun(MemorySegment from, long byteOffset, float[] to, int at, int n) {
    int whole = (n + COUNT - 1) & -COUNT;
    if (byteOffset + 4L * whole > from.byteSize()) {
      run(from, byteOffset, to, at, n);
      return;
    }
    for (int i = 0; i < n; i += COUNT) {
      FloatVector.fromMemorySegment(F, from, byteOffset + 4L * i, ORDER).intoArray(to, at + i);
    }
  }

  /** Copies n floats, at most a panel's width, and fills the rest of that width with zeros. */
  public static void padded(MemorySegment from, long byteOffset, float[] to, int at, int n) {
    if (n == NR) {
      FloatVector.fromMemorySegment(F, from, byteOffset, ORDER).intoArray(to, at);
      FloatVector.fromMemorySegment(F, from, byteOffset + 4L * COUNT, ORDER).intoArray(to, at + COUNT);
    } else {
      run(from, byteOffset, to, at, n);
      Arrays.fill(to, at + n, at + NR, 0f);
    }
  }

  /**
   * Copies rows x k floats, each row k floats long and {@code ld} from the next, into a panel with the rows as its columns:
   * element (j, p) to {@code to[at + p * NR + j]}, zeros for j from rows to NR.
   */
  public static void transposed(MemorySegment from, long byteOffset, int ld, int rows, int k, float[] to, int at) {
    for (int p0 = 0; p0 < k; p0 += TURN) {
      int p1 = Math.min(k, p0 + TURN);
      for (int j = 0; j < rows; j++) {
        long row = byteOffset + 4L * j * ld;
        for (int p = p0; p < p1; p++) {
          to[at + p * NR + j] = from.get(JAVA_FLOAT_UNALIGNED, row + 4L * p);
        }
      }
    }
    if (rows < NR) {
      for (int p = 0; p < k; p++) {
        Arrays.fill(to, at + p * NR + rows, at + (p + 1) * NR, 0f);
      }
    }
  }
}
