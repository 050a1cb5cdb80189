package dev.lanewise.kernels.testkit;

import java.util.Locale;
import java.util.Set;

/** How exact a law is: the tiers of the architecture. */
public enum Tier {
  /** Equal bits, exact numbers, or refused arguments. */
  T0("exact"),
  /** A number of units in the last place over walked bit patterns. */
  T1("ulp"),
  /** A bound that follows from the order of operations. */
  T2("gamma"),
  /** Gradients: adjoint identities and central differences. */
  T3("gradient");

  private final String word;

  Tier(String word) {
    this.word = word;
  }

  /** One word for tables. */
  public String word() {
    return word;
  }

  /** Told from what a test reaches. */
  static Tier of(String test, Set<String> reached) {
    if (reached.contains(Ulp.class.getName() + ".sweep")) {
      return T1;
    }
    String name = test.toLowerCase(Locale.ROOT);
    if (name.contains("gradienttest#") || name.contains("adjoint") || reached.contains(Differences.class.getName() + ".gradient")
        || reached.stream().anyMatch(method -> method.contains(".GradientCheck."))) {
      return T3;
    }
    return reached.contains(Bounds.class.getName() + ".holds") ? T2 : T0;
  }
}
