package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.reference.GemmReference;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class GemmBatchedProperties {
  /** A batch with its layout; strides of 0 share one A or B. */
  record Batch(
      int entries, boolean transposeA, boolean transposeB, int m, int n, int k, int lda, int ldb, int ldc,
      long strideA, long strideB, long strideC, boolean accumulate, boolean bias, boolean relu, int seed) {

    MemorySegment a() {
      return numbers(entries, (transposeA ? k : m) * lda, strideA, seed);
    }

    MemorySegment b() {
      return numbers(entries, (transposeB ? n : k) * ldb, strideB, seed + 1);
    }

    Guarded c() {
      int size = (int) ((entries - 1) * strideC) + m * ldc;
      return accumulate ? Guarded.of(Data.seeded(seed + 2).uniform(size, -1, 1)) : Guarded.nanFilled(size);
    }

    Epilogue epilogue() {
      Epilogue epilogue = bias ? Epilogue.bias(Data.segment(Data.seeded(seed + 3).uniform(n, -1, 1))) : Epilogue.NONE;
      return relu ? epilogue.withRelu() : epilogue;
    }

    Guarded multiply(int threads) {
      Guarded c = c();
      Gemm.multiplyBatched(
          entries, transposeA, transposeB, m, n, k, a(), lda, strideA, b(), ldb, strideB, c.segment(), ldc, strideC, accumulate,
          epilogue(), Crew.of(threads));
      return c;
    }

    private static MemorySegment numbers(int entries, int one, long stride, int seed) {
      return Data.segment(Data.seeded(seed).uniform((int) ((entries - 1) * stride) + one, -1, 1));
    }
  }

  @Property(tries = 300)
  void everyEntryHasTheBitsOfTheTwin(@ForAll("batches") Batch batch, @ForAll @IntRange(min = 1, max = Crew.LARGEST) int threads) {
    Guarded got = batch.multiply(threads);
    Guarded want = batch.c();
    GemmReference.fmaOrderBatched(
        batch.entries, batch.transposeA, batch.transposeB, batch.m, batch.n, batch.k, batch.a(), batch.lda, batch.strideA, batch.b(),
        batch.ldb, batch.strideB, want.segment(), batch.ldc, batch.strideC, batch.accumulate, batch.epilogue());
    assertThat(got.bits()).isEqualTo(want.bits());
    assertThat(got.guardsIntact()).isTrue();
  }

  @Property(tries = 100)
  void aBatchHasTheBitsOfSingleCalls(@ForAll("batches") Batch batch) {
    Guarded want = batch.c();
    for (int e = 0; e < batch.entries; e++) {
      Gemm.multiply(
          batch.transposeA, batch.transposeB, batch.m, batch.n, batch.k, batch.a().asSlice(4 * e * batch.strideA), batch.lda,
          batch.b().asSlice(4 * e * batch.strideB), batch.ldb, want.segment().asSlice(4 * e * batch.strideC), batch.ldc,
          batch.accumulate, batch.epilogue(), Crew.of(1));
    }
    assertThat(batch.multiply(2).bits()).isEqualTo(want.bits());
  }

  /** Against double, entry by entry, so that a mistake which the door and its twin share would show. */
  @Property(tries = 60)
  void everyEntryLiesWithinGammaKOfItsProductInDouble(
      @ForAll @IntRange(min = 1, max = 6) int entries, @ForAll @IntRange(min = 1, max = 30) int m,
      @ForAll @IntRange(min = 1, max = 40) int n, @ForAll @IntRange(min = 1, max = 50) int k, @ForAll int seed) {
    MemorySegment a = Data.segment(Data.seeded(seed).uniform(entries * m * k, -1, 1));
    MemorySegment b = Data.segment(Data.seeded(seed + 1).uniform(entries * k * n, -1, 1));
    Guarded c = Guarded.nanFilled(entries * m * n);
    Gemm.multiplyBatched(
        entries, false, false, m, n, k, a, k, (long) m * k, b, n, (long) k * n, c.segment(), n, (long) m * n, false, Epilogue.NONE,
        Crew.of(2));
    double[] want = new double[entries * m * n];
    double[] size = new double[want.length];
    for (int e = 0; e < entries; e++) {
      MemorySegment left = a.asSlice(4L * e * m * k);
      MemorySegment right = b.asSlice(4L * e * k * n);
      System.arraycopy(GemmReference.inDouble(false, false, m, n, k, left, k, right, n), 0, want, e * m * n, m * n);
      System.arraycopy(GemmReference.sumOfAbsoluteProducts(false, false, m, n, k, left, k, right, n), 0, size, e * m * n, m * n);
    }
    Bounds.gamma(k).times(size).holds(c.floats(), want);
  }

  /** Any layout of C: refused exactly when two entries have an element in common. */
  @Property(tries = 500)
  void entriesThatShareAnElementAreRefusedAndOthersAreNot(
      @ForAll @IntRange(min = 1, max = 6) int entries, @ForAll @IntRange(min = 1, max = 5) int m,
      @ForAll @IntRange(min = 1, max = 5) int n, @ForAll @IntRange(max = 12) int slack, @ForAll @IntRange(max = 40) int stride) {
    int ldc = n + slack;
    Guarded c = Guarded.nanFilled((entries - 1) * stride + (m - 1) * ldc + n);
    MemorySegment ones = Data.segment(1, 1, 1, 1, 1);
    BitSet taken = new BitSet();
    boolean meet = false;
    for (int at = 0; at < entries * m * n; at++) {
      int element = at / (m * n) * stride + at / n % m * ldc + at % n;
      meet |= taken.get(element);
      taken.set(element);
    }
    Runnable product = () -> Gemm.multiplyBatched(
        entries, false, false, m, n, 1, ones, 1, 0, ones, n, 0, c.segment(), ldc, stride, false, Epilogue.NONE, Crew.of(1));
    if (meet) {
      assertThatThrownBy(product::run).hasMessageContaining("the entries of C overlap");
    } else {
      product.run();
    }
    float[] want = new float[c.floats().length];
    for (int i = 0; i < want.length; i++) {
      want[i] = !meet && taken.get(i) ? 1 : Float.NaN;
    }
    assertThat(c.floats()).isEqualTo(want);
    assertThat(c.guardsIntact()).isTrue();
  }

  /** Few and many entries, every path of a single product, shared operands, and entries side by side in wider matrices. */
  @Provide
  Arbitrary<Batch> batches() {
    return Arbitraries.randomValue(random -> {
      int entries = random.nextBoolean() ? 1 + random.nextInt(4) : 1 + random.nextInt(40);
      boolean large = entries <= 4 && random.nextInt(3) == 0;
      int m = 1 + random.nextInt(random.nextInt(3) == 0 ? 4 : large ? 110 : 20);
      int n = 1 + random.nextInt(large ? 140 : 36);
      int k = random.nextInt(large ? 300 : 40);
      boolean transposeA = random.nextBoolean();
      boolean transposeB = random.nextBoolean();
      int[] a = layout(random, entries, transposeA ? k : m, transposeA ? m : k, true);
      int[] b = layout(random, entries, transposeB ? n : k, transposeB ? k : n, true);
      int[] c = layout(random, entries, m, n, false);
      return new Batch(
          entries, transposeA, transposeB, m, n, k, a[0], b[0], c[0], a[1], b[1], c[1], random.nextBoolean(), random.nextBoolean(),
          random.nextBoolean(), random.nextInt());
    });
  }

  /** Leading dimension and stride: dense, with slack, side by side, or one for all. */
  private static int[] layout(Random random, int entries, int rows, int columns, boolean mayShare) {
    int slack = random.nextInt(3);
    return switch (random.nextInt(mayShare ? 4 : 3)) {
      case 0 -> new int[] {columns, rows * columns};
      case 1 -> new int[] {columns + slack, rows * (columns + slack) + random.nextInt(5)};
      case 2 -> new int[] {entries * (columns + slack), columns + slack};
      default -> new int[] {columns + slack, 0};
    };
  }
}
