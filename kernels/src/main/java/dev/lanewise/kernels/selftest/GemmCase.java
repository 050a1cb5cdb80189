package dev.lanewise.kernels.selftest;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.gemm.Copy;
import dev.lanewise.kernels.gemm.InPlaceProduct;
import dev.lanewise.kernels.gemm.Matrix;
import dev.lanewise.kernels.gemm.Product;
import dev.lanewise.kernels.gemm.RowProduct;
import dev.lanewise.kernels.gemm.StoredProduct;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.ElementwiseReference;
import dev.lanewise.kernels.reference.GemmReference;
import java.lang.foreign.MemorySegment;

/** Products by rows, also with a transpose, of small and of narrow matrices, and by blocks from either side: a whole tile and rests of rows and columns. */
public final class GemmCase implements SelfTest.Case {
  private static final int M = 13;
  private static final int PANEL = 2 * Lanes.COUNT;
  private static final int N = PANEL + 3;
  private static final int K = 2;
  private static final int ROWS = 2;

  @Override
  public void run(Sample sample) {
    MemorySegment a = sample.values(M * K);
    MemorySegment b = sample.values(K * N);
    MemorySegment c = sample.values(M * N);
    MemorySegment bias = sample.values(N);
    Epilogue epilogue = Epilogue.bias(bias).withRelu();
    Epilogue rest = Epilogue.bias(bias.asSlice(4 * PANEL)).withRelu();
    Epilogue last = Epilogue.bias(bias.asSlice(4 * (N - 1))).withRelu();
    Workers workers = sample.workers();
    MemorySegment want = sample.copy(c);
    GemmReference.fmaOrder(false, false, M, N, K, a, K, b, N, want, N, true, epilogue);

    for (boolean transposeB : new boolean[] {false, true}) {
      MemorySegment got = sample.copy(c);
      MemorySegment right = transposeB ? transposed(sample, b, K, N) : b;
      workers.state(RowProduct.KEY).run(false, transposeB, ROWS, N, K, a, K, right, transposeB ? K : N, got, N, true, epilogue, workers);
      sample.same(
          transposeB ? "a product of few rows with a transpose" : "a product of few rows", got.asSlice(0, 4 * ROWS * N),
          want.asSlice(0, 4 * ROWS * N));
    }

    // Whole vectors that go on from C, and the last column, narrower than one; then a row that does not read C.
    MemorySegment got = sample.copy(c);
    InPlaceProduct inPlace = workers.state(InPlaceProduct.KEY);
    inPlace.run(false, M, PANEL, K, a, K, b, N, got, N, true, epilogue, workers);
    inPlace.run(false, M, N - PANEL, K, a, K, b.asSlice(4 * PANEL), N, got.asSlice(4 * PANEL), N, true, rest, workers);
    sample.same("a product in place", got, want);
    got = sample.blank(N);
    MemorySegment plain = sample.blank(N);
    inPlace.run(false, 1, N, K, a, K, b, N, got, N, false, epilogue, workers);
    GemmReference.fmaOrder(false, false, 1, N, K, a, K, b, N, plain, N, false, epilogue);
    sample.same("a product in place that overwrites", got, plain);

    small(sample, PANEL + Lanes.COUNT, Lanes.COUNT + 1);
    small(sample, 8, 8);
    // A transposed B is turned, square by square, into what packing a row-major one gives.
    int steps = Lanes.COUNT + 1;
    MemorySegment stored = sample.values(PANEL * steps);
    MemorySegment turned = sample.blank(PANEL * steps);
    float[] panel = new float[PANEL * steps];
    Copy.transposed(stored, 0, steps, PANEL, steps, panel, 0, new float[Copy.SCRATCH]);
    ElementwiseReference.transpose(PANEL, steps, stored, turned);
    sample.same("packing a transpose", sample.segment(panel), turned);

    for (boolean transposeA : new boolean[] {false, true}) {
      MemorySegment left = transposeA ? transposed(sample, a, M, K) : a;
      got = sample.copy(c);
      // Whole panels read B where it lies, a rest packs it, and a single column has a kernel of its own.
      blocked(left, transposeA, PANEL, b, got, epilogue, workers);
      blocked(left, transposeA, N - 1 - PANEL, b.asSlice(4 * PANEL), got.asSlice(4 * PANEL), rest, workers);
      blocked(left, transposeA, 1, b.asSlice(4 * (N - 1)), got.asSlice(4 * (N - 1)), last, workers);
      sample.same(transposeA ? "a blocked product of a transpose" : "a blocked product", got, want);
    }
  }

  /** Eight rows, which overwrite C, by the path that a stored product takes: tiles of two vectors and of one, or pairs of rows. */
  private static void small(Sample sample, int n, int k) {
    MemorySegment a = sample.values(8 * k);
    MemorySegment b = sample.values(k * n);
    MemorySegment got = sample.blank(8 * n);
    MemorySegment want = sample.blank(8 * n);
    sample.workers().state(StoredProduct.KEY)
        .run(false, false, 8, n, k, a, 0, k, b, 0, n, got, 0, n, false, Epilogue.NONE, sample.workers());
    GemmReference.fmaOrder(false, false, 8, n, k, a, k, b, n, want, n, false, Epilogue.NONE);
    sample.same("a small product of " + k + " steps", got, want);
  }

  private static void blocked(
      MemorySegment a, boolean transposeA, int n, MemorySegment b, MemorySegment c, Epilogue epilogue, Workers workers) {
    Matrix left = new Matrix();
    Matrix right = new Matrix();
    Matrix out = new Matrix();
    left.set(a, transposeA ? M : K, transposeA, K);
    right.set(b, N, false, K);
    out.set(c, N, false, K);
    workers.state(Product.KEY).begin().add(M, n, K, left, right, out).run(c, true, epilogue, workers);
  }

  private static MemorySegment transposed(Sample sample, MemorySegment x, int rows, int columns) {
    float[] stored = x.toArray(JAVA_FLOAT);
    float[] turned = new float[stored.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        turned[j * rows + i] = stored[i * columns + j];
      }
    }
    return sample.segment(turned);
  }
}
