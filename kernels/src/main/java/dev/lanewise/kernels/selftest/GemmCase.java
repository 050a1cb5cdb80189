package dev.lanewise.kernels.selftest;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.gemm.InPlaceProduct;
import dev.lanewise.kernels.gemm.Matrix;
import dev.lanewise.kernels.gemm.Product;
import dev.lanewise.kernels.gemm.RowProduct;
import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.reference.GemmReference;
import java.lang.foreign.MemorySegment;

/** Products by rows, of small matrices, and by blocks from either side: a whole tile and rests of rows and columns. */
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

    MemorySegment got = sample.copy(c);
    workers.state(RowProduct.KEY).run(false, false, ROWS, N, K, a, K, b, N, got, N, true, epilogue, workers);
    sample.same("a product of few rows", got.asSlice(0, 4 * ROWS * N), want.asSlice(0, 4 * ROWS * N));

    got = sample.copy(c);
    MemorySegment plain = sample.copy(c);
    GemmReference.fmaOrder(false, false, M, N, K, a, K, b, N, plain, N, false, epilogue);
    workers.state(InPlaceProduct.KEY).run(false, M, N, K, a, K, b, N, got, N, false, epilogue, workers);
    sample.same("a product in place", got, plain);

    for (boolean transposeA : new boolean[] {false, true}) {
      MemorySegment left = transposeA ? transposed(sample, a) : a;
      got = sample.copy(c);
      // Whole panels read B where it lies, a rest packs it, and a single column has a kernel of its own.
      blocked(left, transposeA, PANEL, b, got, epilogue, workers);
      blocked(left, transposeA, N - 1 - PANEL, b.asSlice(4 * PANEL), got.asSlice(4 * PANEL), rest, workers);
      blocked(left, transposeA, 1, b.asSlice(4 * (N - 1)), got.asSlice(4 * (N - 1)), last, workers);
      sample.same(transposeA ? "a blocked product of a transpose" : "a blocked product", got, want);
    }
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

  private static MemorySegment transposed(Sample sample, MemorySegment a) {
    float[] rows = a.toArray(JAVA_FLOAT);
    float[] columns = new float[rows.length];
    for (int i = 0; i < M; i++) {
      for (int p = 0; p < K; p++) {
        columns[p * M + i] = rows[i * K + p];
      }
    }
    return sample.segment(columns);
  }
}
