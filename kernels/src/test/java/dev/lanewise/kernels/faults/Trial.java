package dev.lanewise.kernels.faults;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Kernels of one kind against the laws of that kind.
 *
 * @param <K> what a kernel looks like
 */
final class Trial<K> {
  private static final int SEEDS = 25;

  /** Throws an AssertionError where the kernel breaks the law on the case of a seed. */
  @FunctionalInterface
  interface Law<K> {
    void check(K kernel, long seed);
  }

  private final Map<String, Law<K>> laws = new LinkedHashMap<>();

  Trial<K> law(String name, Law<K> law) {
    laws.put(name, law);
    return this;
  }

  /** The laws that a kernel breaks on any of the cases. */
  TreeSet<String> broken(K kernel) {
    TreeSet<String> broken = new TreeSet<>();
    laws.forEach((name, law) -> {
      for (long seed = 0; seed < SEEDS && !broken.contains(name); seed++) {
        try {
          law.check(kernel, seed);
        } catch (AssertionError e) {
          broken.add(name);
        } catch (IndexOutOfBoundsException e) {
          // Reading or writing beyond an operand shows by itself.
          broken.add("bounds of memory");
        }
      }
    });
    return broken;
  }
}
