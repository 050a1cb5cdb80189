package dev.lanewise.kernels.cpu;

import java.lang.System.Logger.Level;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * Decides once per VM whether the vector kernels run or their scalar twins.
 *
 * <p>The Vector API is fast only when C2 compiles it: interpreted or compiled by C1 alone every vector is an object and
 * the same loop runs 4 to 75 times slower than scalar code. So the vector path needs the module
 * {@code jdk.incubator.vector} and a VM with C2. {@code -Dlanewise.simd=off} forces the scalar path by hand, {@code 128},
 * {@code 256} or {@code 512} the vector path at that many bits, even without C2; what cannot be forced is an error, never another
 * path. This class links no vector class unless a width is forced: it must load where the module is absent.
 */
public final class Simd {
  /** True when the vector kernels run. A constant to the JIT, so that the branch not taken costs nothing. */
  public static final boolean ENABLED;

  /** Bits of a vector that {@code -Dlanewise.simd} asks for, or 0 for the widest that serve. */
  public static final int FORCED_BITS;

  private static final String PROPERTY = "lanewise.simd";
  private static final String MODULE = "jdk.incubator.vector";
  private static final String ADD_MODULE = "add --add-modules " + MODULE + " to the java command";
  private static final String WHY;

  static {
    String wish = System.getProperty(PROPERTY);
    FORCED_BITS = forcedBits(wish);
    String refusal = FORCED_BITS > 0 ? null : refusal(wish);
    ENABLED = refusal == null;
    if (refusal != null) {
      WHY = refusal;
      System.getLogger("dev.lanewise.kernels").log(Level.WARNING, "Lanewise runs its scalar kernels: " + WHY);
    } else {
      WHY = FORCED_BITS > 0 ? "forced by -D" + PROPERTY + "=" + wish : "module " + MODULE + " present, C2 compiles";
    }
  }

  private Simd() {}

  /** One sentence that says why {@link #ENABLED} is what it is, with the remedy when it is false. */
  public static String why() {
    return WHY;
  }

  private static int forcedBits(@Nullable String wish) {
    if (wish == null || wish.equals("off")) {
      return 0;
    }
    int bits =
        switch (wish) {
          case "128" -> 128;
          case "256" -> 256;
          case "512" -> 512;
          default ->
            throw new IllegalArgumentException(
                "-D" + PROPERTY + "=" + wish
                    + " is none of the choices off, 128, 256 and 512; without it the widest vectors that serve are used");
        };
    if (!modulePresent()) {
      throw new IllegalArgumentException("-D" + PROPERTY + "=" + wish + " needs the module " + MODULE + "; " + ADD_MODULE);
    }
    if (bits > Widest.bits()) {
      throw new IllegalArgumentException(
          "-D" + PROPERTY + "=" + wish + " but the widest vectors of this VM and processor have " + Widest.bits()
              + " bits; choose off or at most that");
    }
    return bits;
  }

  private static @Nullable String refusal(@Nullable String wish) {
    if (wish != null) {
      return "turned off by -D" + PROPERTY + "=" + wish;
    }
    if (!modulePresent()) {
      return "module " + MODULE + " is absent; " + ADD_MODULE;
    }
    String vm = System.getProperty("java.vm.name", "");
    if (!vm.contains("HotSpot") && !vm.contains("OpenJDK")) {
      return "the VM \"" + vm + "\" is not HotSpot, the only one whose JIT is known to compile vectors well";
    }
    // HotSpot says here how it runs; asking the management beans instead would cost 50 ms at start.
    String mode = System.getProperty("java.vm.info", "");
    if (mode.contains("interpreted")) {
      return "-Xint forbids compilation; remove it";
    }
    if (mode.contains("emulated-client")) {
      return "-XX:TieredStopAtLevel forbids C2; remove it";
    }
    return null;
  }

  private static boolean modulePresent() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  /** Keeps the vector classes from being linked where the module is absent. */
  private static final class Widest {
    static int bits() {
      return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
  }
}
