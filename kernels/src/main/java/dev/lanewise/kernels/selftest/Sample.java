package dev.lanewise.kernels.selftest;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Operands of a small case, and the first difference found. */
public final class Sample implements AutoCloseable {
  /** Elements that fill 16 virtual lanes, that is one to four vectors, and leave a rest. */
  static final int N = Lanes.VIRTUAL + 1;

  private static final int ROOM = 1 << 12;

  /** Shared, as users' tensors are: C2 would remember a confined one, and check the owner in every loop from then on (half the speed). */
  private final Arena arena = Arena.ofShared();

  /** One piece of memory, cut up: asking for each operand by itself costs the interpreter more than what is tried. */
  private MemorySegment room = MemorySegment.NULL;
  private long used;
  private final Workers workers = Workers.single();
  private int salt;
  private @Nullable String difference;

  Workers workers() {
    return workers;
  }

  @Nullable
  String difference() {
    return difference;
  }

  /** n different numbers in (-3, 3), of both signs, none of them 0. */
  MemorySegment values(int n) {
    return segment(numbers(n));
  }

  /** The same in an array. */
  float[] numbers(int n) {
    salt += 31;
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = ((i * 37 + salt) % 191 - 95.25f) / 32f;
    }
    return x;
  }

  /** n different numbers in (0, 3). */
  MemorySegment positive(int n) {
    salt += 31;
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = ((i * 37 + salt) % 191 + 0.25f) / 64f;
    }
    return segment(x);
  }

  /** One whole number in [0, bound). */
  MemorySegment label(int bound) {
    MemorySegment x = blank(1);
    x.setAtIndex(JAVA_INT, 0, bound / 2);
    return x;
  }

  /** n whole numbers in [0, bound), by turns. */
  MemorySegment taps(int n, int bound) {
    MemorySegment x = blank(n);
    for (int i = 0; i < n; i++) {
      x.setAtIndex(JAVA_INT, i, i % bound);
    }
    return x;
  }

  /** A copy, for what is updated in place. */
  MemorySegment copy(MemorySegment x) {
    return blank((int) (x.byteSize() / 4)).copyFrom(x);
  }

  /** Room for a result: all NaN, so that an element which is not written differs. */
  MemorySegment blank(int n) {
    return cut(n).fill((byte) 0xff);
  }

  private MemorySegment cut(int n) {
    if (used + 4L * n > room.byteSize()) {
      room = arena.allocate(Math.max(ROOM, 4L * n), 64);
      used = 0;
    }
    MemorySegment piece = room.asSlice(used, 4L * n);
    used = (used + 4L * n + 63) & -64L;
    return piece;
  }

  /**
   * These numbers; in one copy, since the interpreter takes a microsecond for each access of an element, and from a segment, since
   * {@code MemorySegment.copy} of an array writes a class at its first call (3 ms).
   */
  MemorySegment segment(float[] x) {
    return cut(x.length).copyFrom(MemorySegment.ofArray(x));
  }

  /** Compares bit for bit. */
  void same(String kernel, MemorySegment got, MemorySegment want) {
    long at = got.mismatch(want);
    if (at >= 0) {
      differs(kernel, at / 4, got.getAtIndex(JAVA_FLOAT, at / 4), want.getAtIndex(JAVA_FLOAT, at / 4));
    }
  }

  /** The same with what a twin left in an array. */
  void same(String kernel, MemorySegment got, float[] want) {
    same(kernel, got, MemorySegment.ofArray(want));
  }

  /** The same of arrays. */
  void same(String kernel, float[] got, float[] want) {
    int at = Arrays.mismatch(got, want);
    if (at >= 0) {
      differs(kernel, at, got[at], want[at]);
    }
  }

  private void differs(String kernel, long element, float got, float want) {
    if (difference == null) {
      difference = kernel + " gives " + got + " (bits " + Integer.toHexString(Float.floatToRawIntBits(got)) + ") at element " + element
          + " where its scalar twin gives " + want + " (bits " + Integer.toHexString(Float.floatToRawIntBits(want)) + ")";
    }
  }

  /** The same of one number. */
  void same(String kernel, float got, float want) {
    if (Float.floatToIntBits(got) != Float.floatToIntBits(want) && difference == null) {
      difference = kernel + " gives " + got + " where its scalar twin gives " + want;
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
