package dev.lanewise.kernels.rng;

import static dev.lanewise.kernels.lane.Lanes.exact;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Philox4x32-10 over neighbouring blocks, a block per lane, as {@code RngReference} defines it.
 *
 * <p>The raw words of a group are left in the output and turned into floats by a second loop while they are in the first-level cache:
 * keeping ten rounds and a logarithm apart keeps both small enough for C2 to inline.
 */
final class PhiloxVector {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final VectorSpecies<Long> L = VectorSpecies.of(long.class, Lanes.F.vectorShape());

  private static final long LOW = 0xffff_ffffL;
  private static final int M0 = 0xD2511F53;
  private static final int M1 = 0xCD9E8D57;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final int ROUNDS = 10;

  private static final int BLOCKS_IN_GROUP = 16;
  /** Bytes from a block's word to its next: 16 words. */
  private static final int APART = 64;

  private PhiloxVector() {}

  /** Writes the 64 words of a group to y, beginning at a byte offset. */
  static void group(long seed, long stream, long group, MemorySegment y, long offset) {
    for (int b = 0; b < BLOCKS_IN_GROUP; b += Lanes.COUNT) {
      blocks(seed, stream, group * BLOCKS_IN_GROUP + b, y, offset + 4L * b);
    }
  }

  private static void blocks(long seed, long stream, long first, MemorySegment y, long offset) {
    // Groups begin at multiples of 16, so counting lanes up never carries into the upper half.
    IntVector c0 = IntVector.broadcast(Lanes.I, (int) first).addIndex(1);
    IntVector c1 = IntVector.broadcast(Lanes.I, (int) (first >>> 32));
    IntVector c2 = IntVector.broadcast(Lanes.I, (int) stream);
    IntVector c3 = IntVector.broadcast(Lanes.I, (int) (stream >>> 32));
    LongVector m0 = LongVector.broadcast(L, M0 & LOW);
    LongVector m1 = LongVector.broadcast(L, M1 & LOW);
    int k0 = (int) seed;
    int k1 = (int) (seed >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      // Upper halves of 64-bit products: even lanes and odd lanes as longs, then merged.
      LongVector l2 = c2.reinterpretAsLongs();
      LongVector even = l2.and(LOW).mul(m1).lanewise(VectorOperators.LSHR, 32);
      LongVector odd = l2.lanewise(VectorOperators.LSHR, 32).mul(m1).and(~LOW);
      IntVector n0 = even.or(odd).reinterpretAsInts().lanewise(VectorOperators.XOR, c1).lanewise(VectorOperators.XOR, k0);
      LongVector l0 = c0.reinterpretAsLongs();
      even = l0.and(LOW).mul(m0).lanewise(VectorOperators.LSHR, 32);
      odd = l0.lanewise(VectorOperators.LSHR, 32).mul(m0).and(~LOW);
      IntVector n2 = even.or(odd).reinterpretAsInts().lanewise(VectorOperators.XOR, c3).lanewise(VectorOperators.XOR, k1);
      c1 = c2.mul(M1);
      c3 = c0.mul(M0);
      c0 = n0;
      c2 = n2;
      k0 += W0;
      k1 += W1;
    }
    c0.intoMemorySegment(y, offset, NATIVE);
    c1.intoMemorySegment(y, offset + APART, NATIVE);
    c2.intoMemorySegment(y, offset + 2 * APART, NATIVE);
    c3.intoMemorySegment(y, offset + 3 * APART, NATIVE);
  }

  /** Words at y[offset, offset + bytes) to low + u width, capped at last. */
  static void uniform(MemorySegment y, long offset, long bytes, float low, float width, float last) {
    y = exact(y);
    FloatVector start = FloatVector.broadcast(Lanes.F, low);
    FloatVector factor = FloatVector.broadcast(Lanes.F, width);
    FloatVector cap = FloatVector.broadcast(Lanes.F, last);
    for (long i = offset; i < offset + bytes; i += 4L * Lanes.COUNT) {
      IntVector upper = IntVector.fromMemorySegment(Lanes.I, y, i, NATIVE).lanewise(VectorOperators.LSHR, 8);
      FloatVector value = ((FloatVector) upper.convert(VectorOperators.I2F, 0)).mul(0x1p-24f).fma(factor, start);
      cap.blend(value, value.compare(VectorOperators.LT, last)).intoMemorySegment(y, i, NATIVE);
    }
  }

  /** Words at y[offset, offset + bytes) to {@code kept} where u is less than keep, else 0. */
  static void mask(MemorySegment y, long offset, long bytes, float keep, float kept) {
    y = exact(y);
    for (long i = offset; i < offset + bytes; i += 4L * Lanes.COUNT) {
      IntVector upper = IntVector.fromMemorySegment(Lanes.I, y, i, NATIVE).lanewise(VectorOperators.LSHR, 8);
      FloatVector u = ((FloatVector) upper.convert(VectorOperators.I2F, 0)).mul(0x1p-24f);
      FloatVector.zero(Lanes.F).blend(kept, u.compare(VectorOperators.LT, keep)).intoMemorySegment(y, i, NATIVE);
    }
  }
}
