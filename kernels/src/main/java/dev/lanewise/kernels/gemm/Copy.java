package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.gemm.GemmPlan.NR;
import static dev.lanewise.kernels.lane.Lanes.COUNT;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
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

  /**
   * Steps of k transposed at a time: half of a first-level cache of 32 KB at 512 bits. Runs of 1 KB of each row, and as few rows at a time as a vector
   * has lanes, are what prefetchers follow: runs of 256 bytes of twice as many rows took twice the time where rows lie pages apart.
   */
  private static final int TURN = 256;

  /** Floats from one row to the next while they wait to be transposed: 17 cache lines, odd, to spread over all sets. */
  private static final int TURN_STRIDE = TURN + 16;

  /** Floats of scratch that {@link #transposed} needs. */
  public static final int SCRATCH = COUNT * TURN_STRIDE;

  private Copy() {}

  /** Copies n floats from a byte offset. */
  public static void run(MemorySegment from, long byteOffset, float[] to, int at, int n) {
    from = exact(from);
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
    } else {
      vectors(from, byteOffset, to, at, whole);
    }
  }

  /** Copies n floats, a multiple of a vector. */
  private static void vectors(MemorySegment from, long byteOffset, float[] to, int at, int n) {
    from = exact(from);
    for (int i = 0; i < n; i += COUNT) {
      FloatVector.fromMemorySegment(F, from, byteOffset + 4L * i, ORDER).intoArray(to, at + i);
    }
  }

  /**
   * Copies rows of n floats, {@code rowBytes} from one to the next, to rows {@code stride} floats apart, as {@link #overrun} each: one loop, since a call
   * for each takes longer than a short row.
   */
  static void rows(MemorySegment from, long byteOffset, long rowBytes, int rows, int n, float[] to, int at, int stride) {
    int whole = (n + COUNT - 1) & -COUNT;
    long room = from.byteSize() - byteOffset - 4L * whole;
    int sure = room < 0 ? 0 : rowBytes == 0 ? rows : (int) Math.min(rows, room / rowBytes + 1);
    if (whole == NR) {
      panel(from, byteOffset, rowBytes, sure, to, at, stride);
    } else {
      wholeRows(from, byteOffset, rowBytes, sure, whole, to, at, stride);
    }
    for (int i = sure; i < rows; i++) {
      run(from, byteOffset + i * rowBytes, to, at + i * stride, n);
    }
  }

  /** Copies rows of n floats, a multiple of a vector. */
  private static void wholeRows(MemorySegment from, long byteOffset, long rowBytes, int rows, int n, float[] to, int at, int stride) {
    from = exact(from);
    for (int i = 0; i < rows; i++) {
      long row = byteOffset + i * rowBytes;
      for (int j = 0; j < n; j += COUNT) {
        FloatVector.fromMemorySegment(F, from, row + 4L * j, ORDER).intoArray(to, at + i * stride + j);
      }
    }
  }

  /** Copies rows of a panel's width, {@code rowBytes} from one to the next. */
  static void panel(MemorySegment from, long byteOffset, long rowBytes, int rows, float[] to, int at, int stride) {
    from = exact(from);
    for (int p = 0; p < rows; p++) {
      long row = byteOffset + p * rowBytes;
      FloatVector.fromMemorySegment(F, from, row, ORDER).intoArray(to, at + p * stride);
      FloatVector.fromMemorySegment(F, from, row + 4L * COUNT, ORDER).intoArray(to, at + p * stride + COUNT);
    }
  }

  /** Copies n floats, at most a panel's width, and fills the rest of that width with zeros. */
  public static void padded(MemorySegment from, long byteOffset, float[] to, int at, int n) {
    from = exact(from);
    if (n == NR) {
      FloatVector.fromMemorySegment(F, from, byteOffset, ORDER).intoArray(to, at);
      FloatVector.fromMemorySegment(F, from, byteOffset + 4L * COUNT, ORDER).intoArray(to, at + COUNT);
    } else {
      run(from, byteOffset, to, at, n);
      Arrays.fill(to, at + n, at + NR, 0f);
    }
  }

  /**
   * Copies rows of n floats, less than a vector, from a byte offset to rows a vector apart. What lies behind the end of a row is copied into the rest of the
   * vector where the segment reaches that far: lanes that nobody looks at.
   */
  static void spread(MemorySegment from, long byteOffset, long rowBytes, int rows, int n, float[] to) {
    from = exact(from);
    long last = from.byteSize() - byteOffset - 4L * COUNT;
    int whole = last < 0 ? 0 : (int) Math.min(rows, last / rowBytes + 1);
    for (int p = 0; p < whole; p++) {
      FloatVector.fromMemorySegment(F, from, byteOffset + p * rowBytes, ORDER).intoArray(to, p * COUNT);
    }
    for (int p = whole; p < rows; p++) {
      for (int j = 0; j < n; j++) {
        to[p * COUNT + j] = from.get(JAVA_FLOAT_UNALIGNED, byteOffset + p * rowBytes + 4L * j);
      }
    }
  }

  /**
   * Copies rows x k floats, each row k floats long and {@code ld} from the next, into a panel with the rows as its columns:
   * element (j, p) to {@code to[at + p * NR + j]}, zeros for j from rows to NR.
   *
   * <p>First a piece of as many rows as a vector has lanes goes to scratch, whole vectors at a time, so that many cache misses are under way at once; then
   * the scratch is turned, square by square.
   *
   * @param scratch of {@link #SCRATCH} floats
   */
  public static void transposed(
      MemorySegment from, long byteOffset, int ld, int rows, int k, float[] to, int at, float[] scratch) {
    for (int p0 = 0; p0 < k; p0 += TURN) {
      int steps = Math.min(TURN, k - p0);
      for (int j0 = 0; j0 < NR; j0 += COUNT) {
        int lines = Math.clamp(rows - j0, 0, COUNT);
        rows(from, byteOffset + 4L * ((long) j0 * ld + p0), 4L * ld, lines, steps, scratch, 0, TURN_STRIDE);
        Arrays.fill(scratch, lines * TURN_STRIDE, SCRATCH, 0f);
        turn(scratch, steps, to, at + p0 * NR + j0);
      }
    }
  }

  private static void turn(float[] scratch, int steps, float[] to, int at) {
    int whole = steps - steps % COUNT;
    Turn.squares(whole / COUNT, scratch, 0, TURN_STRIDE, to, at, NR);
    for (int p = whole; p < steps; p++) {
      for (int j = 0; j < COUNT; j++) {
        to[at + p * NR + j] = scratch[j * TURN_STRIDE + p];
      }
    }
  }
}
