package dev.lanewise.kernels.lane;

import dev.lanewise.kernels.cpu.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector species that every kernel uses: the widest that the VM prefers, at least 128 and at most 512 bits, or what
 * {@code -Dlanewise.simd} forces.
 *
 * <p>512 is the ceiling because sums are defined over {@value #VIRTUAL} virtual lanes: one 512-bit vector, two of 256 or
 * four of 128 bits, added up in the same tree and so to the same bits.
 *
 * <p>Loops run over slices of the operands that their own method cuts: C2 knows the class of a segment that it sees made, whatever a profile says.
 * Those of segments that come from outside hold heap segments as soon as a vector was reinterpreted in the interpreter, and then every
 * access is checked again and again. A slice goes to no other method: it would become a real object.
 */
public final class Lanes {
  /** Virtual lanes of a reproducible sum: element i belongs to lane i mod 16. */
  public static final int VIRTUAL = 16;

  public static final VectorSpecies<Float> F = species();
  public static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());
  /** Floats in a vector: 4, 8 or 16. */
  public static final int COUNT = F.length();

  private Lanes() {}

  private static VectorSpecies<Float> species() {
    int bits = Simd.FORCED_BITS > 0 ? Simd.FORCED_BITS : FloatVector.SPECIES_PREFERRED.vectorBitSize();
    return VectorSpecies.of(float.class, VectorShape.forBitSize(Math.clamp(bits, 128, 512)));
  }
}
