package dev.lanewise.kernels.testkit;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Tuple;

/** Sizes at which vector code goes wrong: none, one, and both sides of every multiple of a vector. */
public final class Sizes {
  /** Lanes of the widest vector, which all narrower ones divide. */
  private static final int WIDEST = 16;

  private Sizes() {}

  /** 0 to three widest vectors and one element more, multiples of a vector and their neighbours preferred. */
  public static Arbitrary<Integer> straddlingLanes() {
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.just(0)),
        Tuple.of(6, Arbitraries.integers().between(1, 3 * WIDEST + 1)),
        Tuple.of(4, Arbitraries.of(3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49)));
  }

  /** {@code @ForAll(supplier = Sizes.Straddling.class) int n}. */
  public static final class Straddling implements ArbitrarySupplier<Integer> {
    @Override
    public Arbitrary<Integer> get() {
      return straddlingLanes();
    }
  }

  /** As {@link Straddling}, zero left out. */
  public static final class NonZero implements ArbitrarySupplier<Integer> {
    @Override
    public Arbitrary<Integer> get() {
      return straddlingLanes().filter(n -> n > 0);
    }
  }
}
