package dev.lanewise.kernels.testkit;

import java.util.function.Function;
import java.util.function.IntFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;

/**
 * Matrix products at the sizes where kernels go wrong: on both sides of a few rows (4), a tile (12 rows, 2 vectors), 8 vectors, a block of rows (96), of
 * the depth up to which operands are read in place (128), and of a block of k (512).
 */
public final class Problems {
  private Problems() {}

  /** In any storage, with any epilogue, going on from C or not; numbers in (-1, 1). */
  public static Arbitrary<Problem> any() {
    return problems(true, data -> n -> data.uniform(n, -1, 1));
  }

  /** As {@link #any}, of NaN, infinities, subnormals and zeros among moderate numbers. */
  public static Arbitrary<Problem> edgy() {
    return problems(true, data -> data::edgy);
  }

  /** Nothing but a product, in any storage; numbers in (-1, 1). */
  public static Arbitrary<Problem> plain() {
    return problems(false, data -> n -> data.uniform(n, -1, 1));
  }

  /** As {@link #plain}, of whole numbers, whose products and sums are exact. */
  public static Arbitrary<Problem> whole() {
    return problems(false, data -> n -> data.integers(n, 100));
  }

  private static Arbitrary<Problem> problems(boolean everything, Function<Data, IntFunction<float[]>> numbers) {
    Arbitrary<Integer> rows = Arbitraries.oneOf(
        Arbitraries.integers().between(1, 40), Arbitraries.integers().between(1, 5),
        Arbitraries.of(11, 12, 13, 24, 25, 95, 96, 97, 193));
    Arbitrary<Integer> columns = Arbitraries.oneOf(
        Arbitraries.integers().between(1, 40), Arbitraries.of(7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 97, 127, 128, 129, 150));
    Arbitrary<Integer> depth = Arbitraries.oneOf(
        Arbitraries.integers().between(0, 40), Arbitraries.integers().between(0, 40),
        Arbitraries.of(127, 128, 129, 320, 511, 512, 513, 1025));
    return Combinators.combine(rows, columns, depth, Arbitraries.integers().between(0, 1 << 20)).as((m, n, k, flags) -> Problem.of(
        (flags & 1) != 0, (flags & 2) != 0, m, n, k, (flags & 4) != 0 ? 3 : 0, everything && (flags & 8) != 0,
        everything && (flags & 16) != 0,
        everything && (flags & 32) != 0, numbers.apply(Data.seeded(flags))));
  }

  /** {@code @ForAll(supplier = Problems.Any.class) Problem problem}: {@link #any}. */
  public static final class Any implements ArbitrarySupplier<Problem> {
    @Override
    public Arbitrary<Problem> get() {
      return any();
    }
  }

  /** {@link #edgy}. */
  public static final class Edgy implements ArbitrarySupplier<Problem> {
    @Override
    public Arbitrary<Problem> get() {
      return edgy();
    }
  }

  /** {@link #plain}. */
  public static final class Plain implements ArbitrarySupplier<Problem> {
    @Override
    public Arbitrary<Problem> get() {
      return plain();
    }
  }

  /** {@link #whole}. */
  public static final class Whole implements ArbitrarySupplier<Problem> {
    @Override
    public Arbitrary<Problem> get() {
      return whole();
    }
  }
}
