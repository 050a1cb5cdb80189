package dev.lanewise.kernels.golden;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.kernels.Activations;
import dev.lanewise.kernels.Elementwise;
import dev.lanewise.kernels.Embedding;
import dev.lanewise.kernels.Norms;
import dev.lanewise.kernels.Optimizers;
import dev.lanewise.kernels.Pool2d;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** What transformers and image generators need beside products: smooth activations, norms, embeddings, average pooling, transposes. */
final class GoldenUnits {
  private static final int[][] SHAPES = {{1, 1}, {5, 3}, {4, 16}, {7, 33}, {3, 100}, {300, 130}, {700, 17}};
  private static final String MATRICES = "7 matrices from 1x1 to 300x130 and 700x17";

  private static final Pool2d[] POOLS = {
      Pool2d.of(7, 9, 3, 2, 2, 2, 2), Pool2d.of(9, 10, 17, 3, 2, 1, 1), Pool2d.of(7, 7, 33, 7, 7, 1, 1)
  };

  private GoldenUnits() {}

  static List<Golden> all() {
    return List.of(
        GoldenMaps.unary("Activations.erf", Activations::erf),
        GoldenMaps.unary("Activations.rsqrt", Activations::rsqrt),
        GoldenMaps.unary("Activations.gelu", Activations::gelu),
        GoldenMaps.unary("Activations.geluTanh", Activations::geluTanh),
        GoldenMaps.unary("Activations.silu", Activations::silu),
        GoldenMaps.unary("Activations.softplus", Activations::softplus),
        GoldenMaps.unary("Activations.leakyRelu", (n, x, y, workers) -> Activations.leakyRelu(n, 0.3f, x, y, workers)),
        GoldenMaps.unary("Activations.elu", (n, x, y, workers) -> Activations.elu(n, 1.3f, x, y, workers)),
        GoldenMaps.binary("Activations.geluBackward", Activations::geluBackward),
        GoldenMaps.binary("Activations.geluTanhBackward", Activations::geluTanhBackward),
        GoldenMaps.binary("Activations.siluBackward", Activations::siluBackward),
        GoldenMaps.binary("Activations.softplusBackward", Activations::softplusBackward),
        GoldenMaps.binary("Activations.leakyReluBackward",
            (n, y, dy, dx, workers) -> Activations.leakyReluBackward(n, 0.3f, y, dy, dx, workers)),
        GoldenMaps.binary("Activations.eluBackward",
            (n, y, dy, dx, workers) -> Activations.eluBackward(n, 1.3f, y, dy, dx, workers)),
        GoldenMaps.binary("Optimizers.ema", (n, x, y, z, workers) -> {
          Elementwise.copy(n, y, z);
          Optimizers.ema(n, x, z, 0.9f, workers);
        }),
        new Golden("Norms.layerNorm", "results, means and spreads of " + MATRICES, (canon, w) -> layerNorm(canon, false, w)),
        new Golden("Norms.layerNormBackward", "all gradients of " + MATRICES, (canon, w) -> layerNorm(canon, true, w)),
        new Golden("Norms.batchNorm", "results, means, spreads and running averages of " + MATRICES,
            (canon, w) -> batchNorm(canon, false, w)),
        new Golden("Norms.batchNormBackward", "all gradients of " + MATRICES, (canon, w) -> batchNorm(canon, true, w)),
        new Golden("Norms.batchNormInference", MATRICES, GoldenUnits::inference),
        new Golden("Embedding.gather", "500 rows of 33 from a table of 40, edges in it", GoldenUnits::gather),
        new Golden("Embedding.scatterAdd", "500 gradients of 33 into a table of 40, overwriting and accumulating", GoldenUnits::scatter),
        new Golden("Embedding.ids", "500 ids", GoldenUnits::ids),
        new Golden("Pool2d.averageForward", "3 poolings (tiled, overlapping, global) of 3 images, edges among the pixels",
            GoldenUnits::averageForward),
        new Golden("Pool2d.averageBackward", "the same 3 poolings", GoldenUnits::averageBackward),
        new Golden("Elementwise.transpose", MATRICES, GoldenUnits::transpose));
  }

  private static void layerNorm(Canon canon, boolean backward, Workers workers) {
    for (int[] shape : SHAPES) {
      int rows = shape[0];
      int cols = shape[1];
      MemorySegment x = canon.uniform(rows * cols, -2, 4);
      MemorySegment gamma = canon.uniform(cols, -1, 1);
      MemorySegment beta = canon.uniform(cols, -1, 1);
      Guarded y = Guarded.nanFilled(rows * cols);
      Guarded mean = Guarded.nanFilled(rows);
      Guarded rstd = Guarded.nanFilled(rows);
      Norms.layerNorm(rows, cols, x, gamma, beta, 1e-3f, y.segment(), mean.segment(), rstd.segment(), workers);
      if (backward) {
        Guarded dgamma = Guarded.nanFilled(cols);
        Guarded dbeta = Guarded.nanFilled(cols);
        MemorySegment dy = canon.uniform(rows * cols, -1, 1);
        Norms.layerNormBackward(
            rows, cols, x, gamma, mean.segment(), rstd.segment(), dy, y.segment(), dgamma.segment(), dbeta.segment(), false,
            workers);
        canon.floats(dgamma);
        canon.floats(dbeta);
      } else {
        canon.floats(mean);
        canon.floats(rstd);
      }
      canon.floats(y);
    }
  }

  private static void batchNorm(Canon canon, boolean backward, Workers workers) {
    for (int[] shape : SHAPES) {
      int rows = shape[0];
      int channels = shape[1];
      MemorySegment x = canon.uniform(rows * channels, -2, 4);
      MemorySegment gamma = canon.uniform(channels, -1, 1);
      MemorySegment beta = canon.uniform(channels, -1, 1);
      Guarded y = Guarded.nanFilled(rows * channels);
      Guarded mean = Guarded.nanFilled(channels);
      Guarded rstd = Guarded.nanFilled(channels);
      Guarded runningMean = Guarded.of(new float[channels]);
      Guarded runningVariance = Guarded.of(new float[channels]);
      Norms.batchNorm(
          rows, channels, x, gamma, beta, 1e-3f, 0.9f, runningMean.segment(), runningVariance.segment(), y.segment(),
          mean.segment(), rstd.segment(), workers);
      if (backward) {
        MemorySegment dy = canon.uniform(rows * channels, -1, 1);
        Norms.batchNormBackward(
            rows, channels, x, gamma, mean.segment(), rstd.segment(), dy, y.segment(), runningMean.segment(),
            runningVariance.segment(), true, workers);
      } else {
        canon.floats(mean);
        canon.floats(rstd);
      }
      canon.floats(runningMean);
      canon.floats(runningVariance);
      canon.floats(y);
    }
  }

  private static void inference(Canon canon, Workers workers) {
    for (int[] shape : SHAPES) {
      int rows = shape[0];
      int channels = shape[1];
      Guarded y = Guarded.nanFilled(rows * channels);
      Norms.batchNormInference(
          rows, channels, canon.uniform(rows * channels, -2, 4), canon.uniform(channels, -1, 1),
          canon.uniform(channels, -1, 1), 1e-3f, canon.uniform(channels, -1, 1), canon.uniform(channels, 0, 2),
          y.segment(), workers);
      canon.floats(y);
    }
  }

  private static void gather(Canon canon, Workers workers) {
    Guarded y = Guarded.nanFilled(500 * 33);
    Embedding.gather(40, 33, canon.edgy(40 * 33), 500, canon.below(500, 40), y.segment(), workers);
    canon.floats(y);
  }

  private static void scatter(Canon canon, Workers workers) {
    MemorySegment ids = canon.below(500, 40);
    MemorySegment dy = canon.uniform(500 * 33, -1, 1);
    Guarded dtable = Guarded.nanFilled(40 * 33);
    Embedding.scatterAdd(40, 33, 500, ids, dy, dtable.segment(), false, workers);
    canon.floats(dtable);
    Embedding.scatterAdd(40, 33, 500, ids, dy, dtable.segment(), true, workers);
    canon.floats(dtable);
  }

  private static void ids(Canon canon, Workers workers) {
    Guarded whole = Guarded.nanFilled(500);
    MemorySegment below = canon.below(500, 1 << 24);
    for (int i = 0; i < 500; i++) {
      below.setAtIndex(JAVA_FLOAT, i, below.getAtIndex(JAVA_INT, i));
    }
    Embedding.ids(500, below, whole.segment());
    canon.ints(whole);
  }

  private static void averageForward(Canon canon, Workers workers) {
    for (Pool2d pool : POOLS) {
      Guarded y = Guarded.nanFilled(3 * pool.outHeight() * pool.outWidth() * pool.channels());
      pool.averageForward(3, canon.edgy(3 * pool.height() * pool.width() * pool.channels()), y.segment(), workers);
      canon.floats(y);
    }
  }

  private static void averageBackward(Canon canon, Workers workers) {
    for (Pool2d pool : POOLS) {
      MemorySegment dy = canon.uniform(3 * pool.outHeight() * pool.outWidth() * pool.channels(), -1, 1);
      Guarded dx = Guarded.nanFilled(3 * pool.height() * pool.width() * pool.channels());
      pool.averageBackward(3, dy, dx.segment(), workers);
      canon.floats(dx);
    }
  }

  private static void transpose(Canon canon, Workers workers) {
    for (int[] shape : SHAPES) {
      Guarded y = Guarded.nanFilled(shape[0] * shape[1]);
      Elementwise.transpose(shape[0], shape[1], canon.edgy(shape[0] * shape[1]), y.segment());
      canon.floats(y);
    }
  }
}
