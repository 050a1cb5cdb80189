package dev.lanewise.kernels.selftest;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one kernel family whether its vector kernels may run: they must give the bits of their twins on a small case.
 *
 * <p>What that can find is a kernel that is wrong on this processor or this VM's interpreter and libraries; C2 compiles a kernel only
 * later, so {@code lanewise doctor} runs the same cases until it has.
 *
 * <p>A case may be made only where vectors are on: its class links vector classes. It calls what lies below the doors, never a door, which would
 * ask for the verdict that is being found.
 */
public final class SelfTest {
  /** A family's vector kernels and twins on a small case. */
  public interface Case {
    void run(Sample sample);
  }

  private SelfTest() {}

  /** Whether the family's case shows no difference; a difference costs one line of the log. */
  public static boolean passed(String family, Case tried) {
    String difference = difference(tried);
    if (difference != null) {
      System.getLogger("dev.lanewise.kernels")
          .log(Level.WARNING,
              "Lanewise runs the scalar kernels of " + family + ", since its vector kernels compute wrongly here: " + difference);
    }
    return difference == null;
  }

  /** The first difference of a case, or null. */
  public static @Nullable String difference(Case family) {
    try (Sample sample = new Sample()) {
      family.run(sample);
      return sample.difference();
    } catch (RuntimeException | LinkageError e) {
      return "they fail with " + e;
    }
  }
}
