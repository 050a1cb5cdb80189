package dev.lanewise.kernels;

import dev.lanewise.kernels.cpu.Simd;
import dev.lanewise.kernels.lane.Lanes;

/** Says which kernels this process runs, and why. Decided once, when the first kernel or this class is used. */
public final class Kernels {
  private Kernels() {}

  /** Whether the vector kernels run; false for their scalar twins. */
  public static boolean vectors() {
    return Simd.ENABLED;
  }

  /** Bits of the vectors that the kernels use: 128, 256 or 512, and 32, one float, where the scalar twins run. */
  public static int vectorBits() {
    return Simd.ENABLED ? Vector.bits() : Float.SIZE;
  }

  /** One sentence that says why the vector kernels run, or why they do not and what to do about it. */
  public static String why() {
    return Simd.why();
  }

  /** One line: the path chosen, its width and the reason. */
  public static String describe() {
    return (vectors() ? "vector kernels, " + vectorBits() + " bits (" + vectorBits() / Float.SIZE + " floats)" : "scalar kernels")
        + "; " + why();
  }

  /** Keeps the vector classes from being linked where the module is absent. */
  private static final class Vector {
    static int bits() {
      return Lanes.COUNT * Float.SIZE;
    }
  }
}
