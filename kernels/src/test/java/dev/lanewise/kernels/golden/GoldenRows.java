package dev.lanewise.kernels.golden;

import dev.lanewise.kernels.Losses;
import dev.lanewise.kernels.Pool2d;
import dev.lanewise.kernels.Reductions;
import dev.lanewise.kernels.Softmax;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Kernels over rows and windows: sums, softmax, losses, pooling. */
final class GoldenRows {
  private static final String ROWS = "5 rows of 16 sizes from 1 to 1000, and 300 rows of 130";

  private static final Pool2d[] POOLS = {
      Pool2d.of(7, 9, 3, 2, 2, 2, 2), Pool2d.of(8, 8, 17, 2, 2, 2, 2), Pool2d.of(9, 10, 5, 3, 2, 1, 1), Pool2d.of(26, 26, 32, 2, 2, 2, 2)
  };

  private interface Forward {
    void apply(int rows, int cols, MemorySegment x, MemorySegment y, Workers workers);
  }

  private interface Backward {
    void apply(int rows, int cols, MemorySegment y, MemorySegment dy, MemorySegment dx, Workers workers);
  }

  private interface Loss {
    void apply(
        int rows, int cols, MemorySegment x, MemorySegment targets, MemorySegment losses, MemorySegment gradient, float scale,
        Workers workers);
  }

  private interface Shape {
    void apply(int rows, int cols);
  }

  private GoldenRows() {}

  static List<Golden> all() {
    return List.of(
        forward("Softmax.forward", Softmax::forward),
        forward("Softmax.logSoftmax", Softmax::logSoftmax),
        backward("Softmax.backward", Softmax::forward, Softmax::backward),
        backward("Softmax.logSoftmaxBackward", Softmax::logSoftmax, Softmax::logSoftmaxBackward),
        loss("Losses.sparseCrossEntropy", Losses::sparseCrossEntropy, true),
        loss("Losses.crossEntropy", Losses::crossEntropy, false),
        loss("Losses.binaryCrossEntropy", Losses::binaryCrossEntropy, false),
        loss("Losses.squaredError", Losses::squaredError, false),
        scalar("Reductions.sum", (n, x, y) -> Reductions.sum(n, x)),
        scalar("Reductions.dot", Reductions::dot),
        scalar("Reductions.sumOfSquares", (n, x, y) -> Reductions.sumOfSquares(n, x)),
        new Golden("Reductions.firstNonFinite", "17 sizes from 0 to 1000, with and without a NaN or an infinity",
            GoldenRows::firstNonFinite),
        new Golden("Reductions.columnSums", ROWS + ", overwriting and accumulating", GoldenRows::columnSums),
        new Golden("Reductions.argmax", ROWS + ", edges among the elements", GoldenRows::argmax),
        new Golden("Pool2d.maxForward", "maxima and taps of 4 poolings (also overlapping) of 3 images, edges among the pixels",
            GoldenRows::maxForward),
        new Golden("Pool2d.maxBackward", "the same 4 poolings", GoldenRows::maxBackward));
  }

  private static void shapes(Shape shape) {
    for (int cols : Canon.SIZES) {
      if (cols > 0) {
        shape.apply(5, cols);
      }
    }
    shape.apply(300, 130);
  }

  private static Golden forward(String kernel, Forward f) {
    return new Golden(kernel, ROWS + "; 5 of 20 with edges", (canon, workers) -> {
      shapes((rows, cols) -> canon.floats(applied(f, rows, cols, canon.uniform(rows * cols, -10, 10), workers)));
      canon.floats(applied(f, 5, 20, canon.edgy(100), workers));
    });
  }

  private static Guarded applied(Forward f, int rows, int cols, MemorySegment x, Workers workers) {
    Guarded y = Guarded.nanFilled(rows * cols);
    f.apply(rows, cols, x, y.segment(), workers);
    return y;
  }

  private static Golden backward(String kernel, Forward f, Backward b) {
    return new Golden(kernel, ROWS, (canon, workers) -> shapes((rows, cols) -> {
      Guarded y = applied(f, rows, cols, canon.uniform(rows * cols, -10, 10), workers);
      Guarded dx = Guarded.nanFilled(rows * cols);
      b.apply(rows, cols, y.segment(), canon.uniform(rows * cols, -1, 1), dx.segment(), workers);
      canon.floats(dx);
    }));
  }

  private static Golden loss(String kernel, Loss loss, boolean labels) {
    return new Golden(kernel, ROWS + ": losses and gradients", (canon, workers) -> shapes((rows, cols) -> {
      MemorySegment x = canon.uniform(rows * cols, -10, 10);
      MemorySegment targets = labels ? canon.below(rows, cols) : canon.uniform(rows * cols, 0, 1);
      Guarded losses = Guarded.nanFilled(rows);
      Guarded gradient = Guarded.nanFilled(rows * cols);
      loss.apply(rows, cols, x, targets, losses.segment(), gradient.segment(), 0.03f, workers);
      canon.floats(losses);
      canon.floats(gradient);
    }));
  }

  private interface Scalar {
    float apply(long n, MemorySegment x, MemorySegment y);
  }

  private static Golden scalar(String kernel, Scalar f) {
    return new Golden(kernel, "17 sizes from 0 to 1000 and one of 33,001; one of 100 with edges", (canon, workers) -> {
      for (int n : Canon.SIZES) {
        canon.number(f.apply(n, canon.uniform(n, -1, 1), canon.uniform(n, -1, 1)));
      }
      canon.number(f.apply(Canon.LONG, canon.uniform(Canon.LONG, -1, 1), canon.uniform(Canon.LONG, -1, 1)));
      canon.number(f.apply(100, canon.edgy(100), canon.uniform(100, -1, 1)));
    });
  }

  private static void firstNonFinite(Canon canon, Workers workers) {
    for (int n : Canon.SIZES) {
      canon.word((int) Reductions.firstNonFinite(n, canon.uniform(n, -1, 1)));
      canon.word((int) Reductions.firstNonFinite(n, canon.edgy(n)));
    }
  }

  private static void columnSums(Canon canon, Workers workers) {
    shapes((rows, cols) -> {
      MemorySegment x = canon.uniform(rows * cols, -1, 1);
      Guarded y = Guarded.nanFilled(cols);
      Reductions.columnSums(rows, cols, x, y.segment(), false, workers);
      canon.floats(y);
      Reductions.columnSums(rows, cols, x, y.segment(), true, workers);
      canon.floats(y);
    });
  }

  private static void argmax(Canon canon, Workers workers) {
    shapes((rows, cols) -> {
      Guarded indices = Guarded.nanFilled(rows);
      Reductions.argmax(rows, cols, canon.edgy(rows * cols), indices.segment());
      canon.ints(indices);
    });
  }

  private static void maxForward(Canon canon, Workers workers) {
    for (Pool2d pool : POOLS) {
      MemorySegment x = canon.edgy(3 * pool.height() * pool.width() * pool.channels());
      int outputs = 3 * pool.outHeight() * pool.outWidth() * pool.channels();
      Guarded y = Guarded.nanFilled(outputs);
      Guarded taps = Guarded.nanFilled(outputs);
      pool.maxForward(3, x, y.segment(), taps.segment(), workers);
      canon.floats(y);
      canon.ints(taps);
      Guarded alone = Guarded.nanFilled(outputs);
      pool.maxForward(3, x, alone.segment(), workers);
      canon.floats(alone);
    }
  }

  private static void maxBackward(Canon canon, Workers workers) {
    for (Pool2d pool : POOLS) {
      int outputs = 3 * pool.outHeight() * pool.outWidth() * pool.channels();
      MemorySegment taps = canon.below(outputs, pool.poolHeight() * pool.poolWidth());
      Guarded dx = Guarded.nanFilled(3 * pool.height() * pool.width() * pool.channels());
      pool.maxBackward(3, canon.uniform(outputs, -1, 1), taps, dx.segment(), workers);
      canon.floats(dx);
    }
  }
}
