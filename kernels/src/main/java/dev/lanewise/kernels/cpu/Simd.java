package dev.lanewise.kernels.cpu;

import java.lang.System.Logger.Level;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides once per VM whether the vector kernels run or their scalar twins.
 *
 * <p>The Vector API is fast only when C2 compiles it: interpreted or compiled by C1 alone every vector is an object and
 * the same loop runs 4 to 75 times slower than scalar code. So the vector path needs the module
 * {@code jdk.incubator.vector} and a VM with C2; {@code -Dlanewise.simd=off} turns it off by hand. This class never
 * links a vector class itself: it must load where the module is absent.
 */
public final class Simd {
  /** True when the vector kernels run. A constant to the JIT, so that the branch not taken costs nothing. */
  public static final boolean ENABLED;

  private static final String WHY;

  static {
    String refusal = refusal();
    ENABLED = refusal == null;
    WHY = refusal == null ? "module jdk.incubator.vector present, C2 compiles" : refusal;
    if (refusal != null) {
      System.getLogger("dev.lanewise.kernels").log(Level.WARNING, "Lanewise runs its scalar kernels: " + WHY);
    }
  }

  private Simd() {}

  /** One sentence that says why {@link #ENABLED} is what it is, with the remedy when it is false. */
  public static String why() {
    return WHY;
  }

  private static @Nullable String refusal() {
    String wish = System.getProperty("lanewise.simd", "on").toLowerCase(Locale.ROOT);
    if (wish.equals("off")) {
      return "turned off by -Dlanewise.simd=off";
    }
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return "module jdk.incubator.vector is absent; add --add-modules jdk.incubator.vector to the java command";
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
}
