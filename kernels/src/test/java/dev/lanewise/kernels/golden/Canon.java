package dev.lanewise.kernels.golden;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.kernels.reference.RngReference;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Inputs drawn by the scalar Philox, one stream after another, and a hash over outputs. Whatever kernels run, the inputs are the same.
 */
final class Canon {
  /** Both sides of the vectors of every width, and past the four accumulators of a sum. */
  static final int[] SIZES = {0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 257, 1000};

  /** Long enough that the workers share it: two blocks and a piece. */
  static final int LONG = 33_001;

  private static final long SEED = 2026;

  private final String kernel;
  private final MessageDigest digest;
  private long stream;
  private long written;

  Canon(String kernel) {
    this.kernel = kernel;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
    digest.update(kernel.getBytes(StandardCharsets.UTF_8));
  }

  /** n floats in [low, high). */
  MemorySegment uniform(int n, float low, float high) {
    MemorySegment x = Arena.ofAuto().allocate(4L * n, 64);
    RngReference.uniform(SEED, stream++, 0, 0, n, x, low, high);
    return x;
  }

  /** n floats in [-20, 20), every seventh an edge: zeros, subnormals, huge numbers, infinities, NaN. */
  MemorySegment edgy(int n) {
    MemorySegment x = uniform(n, -20, 20);
    float[] edges = Data.edges();
    for (int i = 3; i < n; i += 7) {
      x.setAtIndex(JAVA_FLOAT, i, edges[i / 7 % edges.length]);
    }
    return x;
  }

  /** n whole numbers in [0, bound). */
  MemorySegment below(int n, int bound) {
    MemorySegment x = Arena.ofAuto().allocate(4L * n, 64);
    for (int i = 0; i < n; i++) {
      x.setAtIndex(JAVA_INT, i, RngReference.below(SEED, stream, i, bound));
    }
    stream++;
    return x;
  }

  /** Takes in floats, all NaNs made one: IEEE 754 does not say which NaN an operation returns. */
  void floats(MemorySegment y) {
    for (long i = 0; i < y.byteSize() / 4; i++) {
      word(Float.floatToIntBits(y.getAtIndex(JAVA_FLOAT, i)));
    }
  }

  /** The same of an output that must have kept inside its bounds. */
  void floats(Guarded y) {
    intact(y);
    floats(y.segment());
  }

  void ints(Guarded y) {
    intact(y);
    for (int word : y.ints()) {
      word(word);
    }
  }

  void number(float y) {
    word(Float.floatToIntBits(y));
  }

  void word(int word) {
    digest.update((byte) word);
    digest.update((byte) (word >> 8));
    digest.update((byte) (word >> 16));
    digest.update((byte) (word >> 24));
    written++;
  }

  private void intact(Guarded y) {
    if (!y.guardsIntact()) {
      throw new AssertionError(kernel + " wrote beyond an output of " + y.segment().byteSize() / 4 + " elements");
    }
  }

  String hash() {
    if (written == 0) {
      throw new AssertionError(kernel + ": no output was hashed");
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
