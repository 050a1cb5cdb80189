package dev.lanewise.kernels;

import dev.lanewise.kernels.cpu.Simd;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.selftest.SelfTest;
import java.util.ArrayList;
import java.util.List;

/**
 * Says which kernels this process runs, and why. Decided once, when the first kernel or this class is used.
 *
 * <p>{@code -Dlanewise.simd=off} forces the scalar twins, {@code 128}, {@code 256} or {@code 512} vectors of so many bits; what cannot be
 * forced is an {@link IllegalArgumentException} that names the choices, as the cause of an {@link ExceptionInInitializerError}.
 *
 * <p>Where vectors run, each kernel family (a function forwards or back, a loss, a path of products: Conv2d.forward,
 * Pool2d.maxBackward, Gemm.direct, ...) is tried when its first kernel is called: a small case through every loop must
 * give the bits of the scalar twin. If it does not, this family runs its scalar twins, and one line of the log says what
 * differed. Price, once per family and process: a case takes the interpreter 0.2 to 2 ms of processor time, and 2 to 4
 * where its loops are long whatever the size (random numbers, attention, a step of an LSTM or GRU, cross-entropy, products
 * that spread A within registers). To load the classes takes 20 to 80 ms, once per process.
 */
public final class Kernels {
  private static final long TRIAL_NANOS = 50_000_000;

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

  /**
   * Runs the case of every kernel family for a while, 50 ms each, so that C2 compiles what it compiles: finds a fault of the JIT or of the
   * processor, which the trial at first use, interpreted, may miss.
   *
   * @return for each family that gives other bits than its scalar twin a line that says what differs; nothing where the twins run anyway
   */
  public static List<String> selfTest() {
    List<String> differences = new ArrayList<>();
    if (vectors()) {
      for (Family family : Family.values()) {
        SelfTest.Case tried = family.tried();
        long begin = System.nanoTime();
        String difference;
        do {
          difference = SelfTest.difference(tried);
        } while (difference == null && System.nanoTime() - begin < TRIAL_NANOS);
        if (difference != null) {
          differences.add(family + ": " + difference);
        }
      }
    }
    return differences;
  }

  /** Keeps the vector classes from being linked where the module is absent. */
  private static final class Vector {
    static int bits() {
      return Lanes.COUNT * Float.SIZE;
    }
  }
}
