package dev.lanewise.kernels.golden;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.Conv2d;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Gemm;
import dev.lanewise.kernels.Im2col;
import dev.lanewise.kernels.PackedMatrix;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Matrix products and convolutions. */
final class GoldenProducts {
  /** m, n, k: single elements, a few rows, both sides of a tile, of a block of rows and of a block of k, no inner size. */
  private static final int[][] PRODUCTS = {
      {1, 1, 1}, {1, 10, 128}, {3, 17, 5}, {4, 33, 40}, {5, 31, 7}, {12, 32, 16}, {13, 33, 17}, {24, 64, 0}, {25, 65, 161},
      {96, 16, 160}, {97, 40, 159}, {130, 129, 33}
  };

  private static final Conv2d[] CONVOLUTIONS = {
      Conv2d.valid(9, 8, 1, 3, 3, 5), Conv2d.valid(13, 13, 8, 3, 3, 16), Conv2d.same(7, 9, 3, 3, 2, 17),
      Conv2d.of(11, 10, 4, 3, 4, 6, 2, 3, 1, 0, 2, 1, 2, 1), Conv2d.valid(5, 5, 16, 1, 1, 33)
  };

  private static final Conv2d[] GROUPED = {
      Conv2d.same(9, 8, 6, 3, 3, 10).withGroups(2), Conv2d.of(7, 9, 12, 2, 3, 36, 2, 1, 0, 1, 1, 0, 1, 2).withGroups(4),
      Conv2d.same(11, 12, 37, 3, 3, 37).withGroups(37), Conv2d.of(13, 10, 16, 3, 3, 16, 2, 2, 0, 1, 0, 1, 1, 1).withGroups(16),
      Conv2d.of(9, 9, 5, 5, 2, 15, 1, 3, 2, 2, 1, 0, 1, 2).withGroups(5), Conv2d.same(60, 60, 33, 7, 7, 33).withGroups(33)
  };

  private static final Conv2d[] DIRECT = {
      Conv2d.valid(12, 13, 1, 3, 3, 32), Conv2d.of(14, 14, 1, 4, 4, 64, 2, 2, 1, 1, 1, 1, 1, 1),
      Conv2d.of(9, 11, 3, 2, 3, 96, 1, 2, 0, 1, 2, 0, 2, 1),
      Conv2d.of(9, 8, 8, 3, 3, 32, 1, 1, 1, 1, 1, 1, 1, 1), Conv2d.valid(130, 250, 1, 2, 1, 32),
      Conv2d.same(7, 6, 32, 3, 3, 32), Conv2d.of(8, 30, 64, 4, 4, 32, 2, 2, 1, 1, 1, 1, 1, 1)
  };

  private static final int IMAGES = 3;

  private GoldenProducts() {}

  static List<Golden> all() {
    return List.of(
        new Golden("Gemm.multiply",
            "12 shapes from 1x1x1 to 130x129x33, each in all 4 transpositions, with and without slack rows, bias, ReLU and accumulation; one with edges",
            GoldenProducts::products),
        new Golden("Gemm.multiplyBatched",
            "5 batches of 1 to 40 entries in all 4 transpositions: dense, B shared, entries of C side by side with bias, ReLU and accumulation",
            GoldenProducts::batches),
        new Golden("Gemm.multiplyPacked", "6 shapes in both storages of A, overwriting, and accumulating with bias and ReLU",
            (canon, workers) -> packed(canon, false, workers)),
        new Golden("PackedMatrix.pack", "products of a row by the same 6 matrices, stored transposed",
            (canon, workers) -> packed(canon, true, workers)),
        new Golden("Conv2d.forward", "5 convolutions (valid, same, strided and dilated, 1x1) of 3 images, plain and with bias and ReLU",
            (canon, workers) -> forward(CONVOLUTIONS, canon, workers)),
        new Golden("Conv2d.backwardInput", "the same 5 convolutions", (canon, workers) -> backwardInput(CONVOLUTIONS, canon, workers)),
        new Golden("Conv2d.backwardWeights", "the same 5 convolutions, overwriting and accumulating",
            (canon, workers) -> backwardWeights(CONVOLUTIONS, canon, workers)),
        new Golden("Conv2d.forward/groups", "6 convolutions in groups, 4 of them depthwise, plain and with bias and ReLU",
            (canon, workers) -> forward(GROUPED, canon, workers)),
        new Golden("Conv2d.backwardInput/groups", "the same 6 convolutions", (canon, workers) -> backwardInput(GROUPED, canon, workers)),
        new Golden("Conv2d.backwardWeights/groups", "the same 6 convolutions, overwriting and accumulating",
            (canon, workers) -> backwardWeights(GROUPED, canon, workers)),
        new Golden("Conv2d.forward/direct",
            "7 convolutions of 1 to 64 channels, one in bands, strided, padded and dilated, plain and with bias and ReLU",
            (canon, workers) -> forward(DIRECT, canon, workers)),
        new Golden("Conv2d.backwardInput/direct", "the same 7 convolutions", (canon, workers) -> backwardInput(DIRECT, canon, workers)),
        new Golden("Conv2d.backwardWeights/direct", "the same 7 convolutions, overwriting and accumulating",
            (canon, workers) -> backwardWeights(DIRECT, canon, workers)),
        new Golden("Im2col.run", "the patches of the same 5 convolutions, edges among the pixels", GoldenProducts::patches));
  }

  private static void products(Canon canon, Workers workers) {
    for (int[] shape : PRODUCTS) {
      for (int flags = 0; flags < 16; flags++) {
        product(canon, shape[0], shape[1], shape[2], flags, workers);
      }
    }
    MemorySegment a = canon.edgy(20 * 40);
    MemorySegment b = canon.uniform(40 * 35, -1, 1);
    Guarded c = Guarded.nanFilled(20 * 35);
    Gemm.multiply(false, false, 20, 35, 40, a, 40, b, 35, c.segment(), 35, false, Epilogue.NONE, workers);
    canon.floats(c);
  }

  private static void product(Canon canon, int m, int n, int k, int flags, Workers workers) {
    boolean ta = (flags & 1) != 0;
    boolean tb = (flags & 2) != 0;
    boolean accumulate = (flags & 4) != 0;
    int slack = (flags & 8) != 0 ? 3 : 0;
    int lda = (ta ? m : k) + slack;
    int ldb = (tb ? k : n) + slack;
    int ldc = n + slack;
    MemorySegment a = canon.uniform((ta ? k : m) * lda, -1, 1);
    MemorySegment b = canon.uniform((tb ? n : k) * ldb, -1, 1);
    Guarded c = Guarded.of(canon.uniform(m * ldc, -1, 1).toArray(JAVA_FLOAT));
    Epilogue epilogue = slack == 0 ? Epilogue.NONE : Epilogue.bias(canon.uniform(n, -1, 1));
    Gemm.multiply(
        ta, tb, m, n, k, a, lda, b, ldb, c.segment(), ldc, accumulate, accumulate ? epilogue.withRelu() : epilogue, workers);
    canon.floats(c);
  }

  private static void batches(Canon canon, Workers workers) {
    int[][] batches = {{1, 5, 7, 3}, {3, 97, 33, 161}, {6, 4, 40, 20}, {13, 16, 24, 130}, {40, 12, 10, 9}};
    for (int[] batch : batches) {
      for (int flags = 0; flags < 12; flags++) {
        batch(canon, batch[0], batch[1], batch[2], batch[3], flags, workers);
      }
    }
  }

  private static void batch(Canon canon, int entries, int m, int n, int k, int flags, Workers workers) {
    boolean ta = (flags & 1) != 0;
    boolean tb = (flags & 2) != 0;
    boolean shared = flags / 4 == 1;
    boolean wide = flags / 4 == 2;
    MemorySegment a = canon.uniform(entries * m * k, -1, 1);
    MemorySegment b = canon.uniform((shared ? 1 : entries) * n * k, -1, 1);
    Guarded c = Guarded.of(canon.uniform(entries * m * n, -1, 1).toArray(JAVA_FLOAT));
    Epilogue epilogue = wide ? Epilogue.bias(canon.uniform(n, -1, 1)).withRelu() : Epilogue.NONE;
    Gemm.multiplyBatched(
        entries, ta, tb, m, n, k, a, ta ? m : k, (long) m * k, b, tb ? k : n, shared ? 0 : (long) n * k, c.segment(),
        wide ? entries * n : n, wide ? n : (long) m * n, wide, epilogue, workers);
    canon.floats(c);
  }

  private static void packed(Canon canon, boolean turned, Workers workers) {
    for (int[] shape : new int[][] {{3, 17, 5}, {2, 33, 140}, {1, 300, 257}, {25, 65, 161}, {97, 40, 300}, {13, 32, 128}}) {
      int m = turned ? 1 : shape[0];
      int n = shape[1];
      int k = shape[2];
      PackedMatrix b = PackedMatrix.of(k, n, Arena.ofAuto());
      b.pack(turned, canon.uniform(n * k, -1, 1), turned ? k : n, workers);
      MemorySegment a = canon.uniform(m * k, -1, 1);
      Guarded c = Guarded.nanFilled(m * n);
      Gemm.multiplyPacked(false, m, a, k, b, c.segment(), n, false, Epilogue.NONE, workers);
      canon.floats(c);
      Gemm.multiplyPacked(
          true, m, a, m, b, c.segment(), n, true, Epilogue.bias(canon.uniform(n, -1, 1)).withRelu(), workers);
      canon.floats(c);
    }
  }

  private static MemorySegment uniform(Canon canon, long n) {
    return canon.uniform((int) n, -1, 1);
  }

  private static Guarded result(long n) {
    return Guarded.nanFilled((int) n);
  }

  private static void forward(Conv2d[] convolutions, Canon canon, Workers workers) {
    for (Conv2d conv : convolutions) {
      MemorySegment x = uniform(canon, conv.inputSize(IMAGES));
      MemorySegment w = uniform(canon, conv.weightSize());
      Guarded y = result(conv.outputSize(IMAGES));
      conv.forward(IMAGES, x, w, y.segment(), Epilogue.NONE, workers);
      canon.floats(y);
      conv.forward(
          IMAGES, x, w, y.segment(), Epilogue.bias(uniform(canon, conv.geometry().filters())).withRelu(), workers);
      canon.floats(y);
    }
  }

  private static void backwardInput(Conv2d[] convolutions, Canon canon, Workers workers) {
    for (Conv2d conv : convolutions) {
      Guarded dx = result(conv.inputSize(IMAGES));
      conv.backwardInput(
          IMAGES, uniform(canon, conv.outputSize(IMAGES)), uniform(canon, conv.weightSize()), dx.segment(), workers);
      canon.floats(dx);
    }
  }

  private static void backwardWeights(Conv2d[] convolutions, Canon canon, Workers workers) {
    for (Conv2d conv : convolutions) {
      MemorySegment x = uniform(canon, conv.inputSize(IMAGES));
      MemorySegment dy = uniform(canon, conv.outputSize(IMAGES));
      Guarded dw = result(conv.weightSize());
      conv.backwardWeights(IMAGES, x, dy, dw.segment(), false, workers);
      canon.floats(dw);
      conv.backwardWeights(IMAGES, x, dy, dw.segment(), true, workers);
      canon.floats(dw);
    }
  }

  private static void patches(Canon canon, Workers workers) {
    for (Conv2d conv : CONVOLUTIONS) {
      Guarded p = result((long) IMAGES * conv.outHeight() * conv.outWidth() * conv.geometry().patch());
      Im2col.run(conv.geometry(), IMAGES, canon.edgy((int) conv.inputSize(IMAGES)), p.segment());
      canon.floats(p);
    }
  }
}
