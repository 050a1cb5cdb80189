package dev.lanewise.kernels.lane;

import dev.lanewise.kernels.cpu.Simd;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector species that every kernel uses: the widest that the VM prefers, at least 128 and at most 512 bits, or what
 * {@code -Dlanewise.simd} forces.
 *
 * <p>512 is the ceiling because sums are defined over {@value #VIRTUAL} virtual lanes: one 512-bit vector, two of 256 or
 * four of 128 bits, added up in the same tree and so to the same bits.
 */
public final class Lanes {
  /** Virtual lanes of a reproducible sum: element i belongs to lane i mod 16. */
  public static final int VIRTUAL = 16;

  public static final VectorSpecies<Float> F = species();
  public static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());
  /** Floats in a vector: 4, 8 or 16. */
  public static final int COUNT = F.length();

  /**
   * Whether loops may count on 32 vector registers, not on 16: tiles must fit them. x86 has 32 with AVX-512 only. Where that runs vectors narrower than it could,
   * it counts as one of 16: what is tested there is what runs on the processors of that width.
   */
  public static final boolean MANY_REGISTERS = COUNT == VIRTUAL || !isX86();

  /** What all native segments are, mapped files too. */
  private static final Class<? extends MemorySegment> NATIVE = MemorySegment.NULL.getClass();

  private Lanes() {}

  /**
   * The same segment, of which C2 knows the class from here on, whatever its profiles say: loops call it before they begin, {@code x = exact(x)}.
   *
   * <p>A vector that is reinterpreted in the interpreter goes through a heap segment, inside of the JDK, and from then on the JDK's own profiles hold
   * heap and native segments. Each access of a loop would be checked for either again and again, two to four times the time of a light loop. A
   * cast needs no profile of its own, which a loop that runs long from its first call on would not have yet (measured, see reports/decisions/0006).
   *
   * @throws ClassCastException if it is on the heap, which doors refuse
   */
  public static MemorySegment exact(MemorySegment segment) {
    return NATIVE.cast(segment);
  }

  private static boolean isX86() {
    String processor = System.getProperty("os.arch");
    return processor.equals("amd64") || processor.equals("x86_64");
  }

  private static VectorSpecies<Float> species() {
    int bits = Simd.FORCED_BITS > 0 ? Simd.FORCED_BITS : FloatVector.SPECIES_PREFERRED.vectorBitSize();
    return VectorSpecies.of(float.class, VectorShape.forBitSize(Math.clamp(bits, 128, 512)));
  }
}
