package dev.lanewise.kernels.testkit;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Native memory for an operand, with a guard band on either side that no kernel may touch.
 *
 * <p>Outputs start as NaN, so that an element which a kernel forgot, or read although it should only write, shows.
 */
public final class Guarded {
  /** Elements per band: more than the longest vector, so that one stray store stays inside. */
  private static final int BAND = 64;

  /** A NaN with a payload that no arithmetic produces. */
  private static final int CANARY = 0x7fc0_dead;

  private final int size;
  private final MemorySegment whole;
  private final MemorySegment segment;

  private Guarded(int size) {
    this.size = size;
    this.whole = Arena.ofAuto().allocate(4L * (size + 2 * BAND), 64);
    for (int i = 0; i < size + 2 * BAND; i++) {
      whole.setAtIndex(JAVA_INT, i, CANARY);
    }
    this.segment = whole.asSlice(4L * BAND, 4L * size);
  }

  /** Memory of {@code size} elements, each a NaN. */
  public static Guarded nanFilled(int size) {
    return new Guarded(size);
  }

  /** Memory that holds these numbers, for operands that are read or updated in place. */
  public static Guarded of(float... values) {
    Guarded guarded = new Guarded(values.length);
    for (int i = 0; i < values.length; i++) {
      guarded.segment.setAtIndex(JAVA_FLOAT, i, values[i]);
    }
    return guarded;
  }

  /** Memory that holds these integers. */
  public static Guarded ofInts(int... values) {
    Guarded guarded = new Guarded(values.length);
    for (int i = 0; i < values.length; i++) {
      guarded.segment.setAtIndex(JAVA_INT, i, values[i]);
    }
    return guarded;
  }

  /** The memory between the guard bands, 64-byte aligned, exactly as long as the operand. */
  public MemorySegment segment() {
    return segment;
  }

  /** The memory with its bands, for the test of this class. */
  MemorySegment whole() {
    return whole;
  }

  /** True while nobody has written outside {@link #segment()}. */
  public boolean guardsIntact() {
    for (int i = 0; i < BAND; i++) {
      if (whole.getAtIndex(JAVA_INT, i) != CANARY || whole.getAtIndex(JAVA_INT, BAND + size + i) != CANARY) {
        return false;
      }
    }
    return true;
  }

  public float[] floats() {
    return segment.toArray(JAVA_FLOAT);
  }

  /** What the memory holds, raw: a NaN with its payload. */
  public int[] ints() {
    return segment.toArray(JAVA_INT);
  }

  /** Bit patterns of the floats, all NaNs made one: IEEE 754 does not say which NaN an operation returns. Copies keep them, so they take {@link #ints}. */
  public int[] bits() {
    float[] floats = floats();
    int[] bits = new int[floats.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToIntBits(floats[i]);
    }
    return bits;
  }
}
