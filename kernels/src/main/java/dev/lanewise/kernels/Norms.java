package dev.lanewise.kernels;

import dev.lanewise.kernels.norm.BatchNormTask;
import dev.lanewise.kernels.norm.LayerNormTask;
import dev.lanewise.kernels.reference.BatchNormReference;
import dev.lanewise.kernels.reference.LayerNormReference;
import java.lang.foreign.MemorySegment;

/**
 * Layer normalisation along the rows of a matrix (Ba, Kiros and Hinton, Layer Normalization, 2016) and batch normalisation along its columns,
 * the channels of NHWC images (Ioffe and Szegedy, Batch Normalization, 2015).
 *
 * <pre>
 * mean = sum x / n    variance = sum (x - mean)^2 / n    rstd = 1 / sqrt(variance + epsilon)    y = gamma (x - mean) rstd + beta
 * </pre>
 *
 * <p>Order of operations: that of the twins in {@code reference}. Sums along a row are over 16 virtual lanes (see {@link Reductions}); down a
 * column 256 rows at a time are one chain of adds from +0, whose results a second chain adds up, except layer normalisation's gradients of gamma and
 * beta: one chain over ascending rows, which starts from what was there when accumulating. So the bits depend neither on width nor threads.
 *
 * <p>Error, with d roundings to a sum (rows: as in {@link Reductions}; columns: min(n, 256) + ceil(n / 256)), normal = (x - mean) rstd and q =
 * gamma_(d + 2) mean |x| rstd, while q is at most 1: {@code |error of y| <= gamma_(d + 10) (|gamma normal| + |beta|) + |gamma| (1 + |normal|) q}.
 * Backwards, for the mean and rstd given, dx is off by at most {@code gamma_(d + 12) rstd (|g| + mean |g| + |normal| mean |g normal|)}, g = dy gamma;
 * dgamma by gamma_(k + 3) sum |dy normal| and dbeta by gamma_k sum |dy|, what they held before included, k = rows + 1 of layer normalisation and d + 1 of
 * batch normalisation. Underflow apart.
 *
 * <table>
 *   <caption>IEEE edges</caption>
 *   <tr><th>kernel</th><th>NaN</th><th>infinity</th><th>zeros</th><th>overflow, underflow</th></tr>
 *   <tr><td>layerNorm</td><td>its row NaN</td><td>its row NaN</td><td>equal elements: beta to within the bound if epsilon is above 0, else NaN</td><td>a variance beyond the largest float: each element of the row beta or NaN</td></tr>
 *   <tr><td>batchNorm</td><td>its channel NaN, its running averages too</td><td>as NaN</td><td>as layerNorm</td><td>as layerNorm</td></tr>
 *   <tr><td>batchNormInference</td><td>its own element; in an average: its channel</td><td>its own element infinite, or NaN if gamma is 0</td><td>a running variance of 0 and an epsilon of 0: infinite or NaN</td><td>as the product</td></tr>
 *   <tr><td>layerNormBackward, batchNormBackward</td><td>in dy: dx of its row or channel, and its own elements of dgamma and dbeta</td><td>as NaN, or infinite</td><td>a dy of zeros: zeros</td><td>as the sums</td></tr>
 * </table>
 *
 * <p>Operands are native segments, aligned to 4 bytes, row-major. Results may overlap operands or each other only where a method says so. After the
 * first call with so many channels a call allocates nothing. No rows or no columns: nothing happens, unless a method says otherwise.
 */
public final class Norms {
  private Norms() {}

  /**
   * Layer normalisation of each row.
   *
   * @param x rows by cols
   * @param gamma cols floats
   * @param beta cols floats
   * @param epsilon added to the variance; Keras's default 1e-3, PyTorch's 1e-5
   * @param y rows by cols; may be x
   * @param mean receives rows floats, for the backward pass
   * @param rstd receives rows floats, for the backward pass
   * @param workers share the rows
   * @throws IllegalArgumentException if a size is negative, rows are empty, a segment is on the heap, too short or misaligned, or a result overlaps
   *     an operand or another result
   */
  public static void layerNorm(
      int rows, int cols, MemorySegment x, MemorySegment gamma, MemorySegment beta, float epsilon, MemorySegment y,
      MemorySegment mean, MemorySegment rstd, Workers workers) {
    long n = Shapes.elementsOfFilledRows("layerNorm", rows, cols);
    requireForward("layerNorm", n, cols, x, gamma, beta, y);
    requireStatistics("layerNorm", n, cols, rows, x, gamma, beta, y, mean, rstd);
    if (Family.NORMS_LAYER_NORM.vectors()) {
      workers.state(LayerNormTask.KEY).forward(rows, cols, x, gamma, beta, epsilon, y, mean, rstd, workers);
    } else {
      LayerNormReference.forward(rows, cols, x, gamma, beta, epsilon, y, mean, rstd);
    }
  }

  /**
   * Gradients of {@link #layerNorm}: {@code dgamma = sum dy normal} and {@code dbeta = sum dy} down the columns, {@code dx = rstd (g - mean g -
   * normal mean (g normal))} along the rows, g = dy gamma.
   *
   * @param x what was normalised
   * @param mean what {@link #layerNorm} gave
   * @param rstd what {@link #layerNorm} gave
   * @param dx rows by cols; may be dy or x
   * @param accumulate adds to dgamma and dbeta instead of overwriting them; dx is always overwritten
   * @param workers share the rows and the columns
   * @throws IllegalArgumentException as {@link #layerNorm}
   */
  public static void layerNormBackward(
      int rows, int cols, MemorySegment x, MemorySegment gamma, MemorySegment mean, MemorySegment rstd,
      MemorySegment dy, MemorySegment dx, MemorySegment dgamma, MemorySegment dbeta, boolean accumulate,
      Workers workers) {
    long n = Shapes.elementsOfFilledRows("layerNormBackward", rows, cols);
    requireBackward("layerNormBackward", n, cols, rows, x, gamma, mean, rstd, dy, dx, dgamma, dbeta);
    if (Family.NORMS_LAYER_NORM_BACKWARD.vectors()) {
      workers
          .state(LayerNormTask.KEY)
          .backward(rows, cols, x, gamma, mean, rstd, dy, dx, dgamma, dbeta, accumulate, workers);
    } else {
      LayerNormReference.backward(rows, cols, x, gamma, mean, rstd, dy, dx, dgamma, dbeta, accumulate);
    }
  }

  /**
   * Batch normalisation in training: by the mean and variance of this batch, with running averages for inference, {@code running += (1 - momentum)
   * (now - running)}, one fma. The variance is the biased one (over rows) in both uses, as Keras has it.
   *
   * @param rows n times height times width for images, at least 1
   * @param x rows by channels
   * @param gamma channels floats
   * @param beta channels floats
   * @param epsilon added to the variance; Keras's default 1e-3
   * @param momentum share of the running averages that stays; Keras's default 0.99
   * @param runningMean channels floats, updated
   * @param runningVariance channels floats, updated
   * @param y rows by channels; may be x
   * @param mean receives channels floats, for the backward pass
   * @param rstd receives channels floats, for the backward pass
   * @param workers share the channels, then the rows
   * @throws IllegalArgumentException if there is no row, or as {@link #layerNorm}
   */
  public static void batchNorm(
      int rows, int channels, MemorySegment x, MemorySegment gamma, MemorySegment beta, float epsilon, float momentum,
      MemorySegment runningMean, MemorySegment runningVariance, MemorySegment y, MemorySegment mean,
      MemorySegment rstd, Workers workers) {
    long n = elementsOfBatch("batchNorm", rows, channels);
    requireForward("batchNorm", n, channels, x, gamma, beta, y);
    requireStatistics("batchNorm", n, channels, channels, x, gamma, beta, y, runningMean, runningVariance);
    requireStatistics("batchNorm", n, channels, channels, x, gamma, beta, y, mean, rstd);
    requireApart("batchNorm", channels, "mean", mean, "the running mean", runningMean);
    requireApart("batchNorm", channels, "mean", mean, "the running variance", runningVariance);
    requireApart("batchNorm", channels, "rstd", rstd, "the running mean", runningMean);
    requireApart("batchNorm", channels, "rstd", rstd, "the running variance", runningVariance);
    if (Family.NORMS_BATCH_NORM.vectors()) {
      workers
          .state(BatchNormTask.KEY)
          .train(
              rows, channels, x, gamma, beta, epsilon, momentum, runningMean, runningVariance, y, mean, rstd, workers);
    } else {
      BatchNormReference.train(
          rows, channels, x, gamma, beta, epsilon, momentum, runningMean, runningVariance, y, mean, rstd);
    }
  }

  /**
   * Batch normalisation in inference: by the running averages.
   *
   * @param y rows by channels; may be x
   * @throws IllegalArgumentException as {@link #layerNorm}
   */
  public static void batchNormInference(
      int rows, int channels, MemorySegment x, MemorySegment gamma, MemorySegment beta, float epsilon,
      MemorySegment runningMean, MemorySegment runningVariance, MemorySegment y, Workers workers) {
    long n = Shapes.elements("batchNormInference", rows, channels);
    requireForward("batchNormInference", n, channels, x, gamma, beta, y);
    Segments.require("batchNormInference", "the running mean", runningMean, channels);
    Segments.require("batchNormInference", "the running variance", runningVariance, channels);
    Segments.requireApart("batchNormInference", "y", y, n, "the running mean", runningMean, channels);
    Segments.requireApart("batchNormInference", "y", y, n, "the running variance", runningVariance, channels);
    if (Family.NORMS_BATCH_NORM_INFERENCE.vectors()) {
      workers
          .state(BatchNormTask.KEY)
          .infer(rows, channels, x, gamma, beta, epsilon, runningMean, runningVariance, y, workers);
    } else {
      BatchNormReference.infer(rows, channels, x, gamma, beta, epsilon, runningMean, runningVariance, y);
    }
  }

  /**
   * Gradients of {@link #batchNorm}: {@code dgamma = sum dy normal}, {@code dbeta = sum dy}, {@code dx = gamma rstd (dy - mean dy - normal mean (dy
   * normal))}, means and sums down the columns.
   *
   * @param x what was normalised
   * @param mean what {@link #batchNorm} gave
   * @param rstd what {@link #batchNorm} gave
   * @param dx rows by channels; may be dy or x
   * @param accumulate adds to dgamma and dbeta instead of overwriting them; dx is always overwritten
   * @throws IllegalArgumentException as {@link #batchNorm}
   */
  public static void batchNormBackward(
      int rows, int channels, MemorySegment x, MemorySegment gamma, MemorySegment mean, MemorySegment rstd,
      MemorySegment dy, MemorySegment dx, MemorySegment dgamma, MemorySegment dbeta, boolean accumulate,
      Workers workers) {
    long n = elementsOfBatch("batchNormBackward", rows, channels);
    requireBackward("batchNormBackward", n, channels, channels, x, gamma, mean, rstd, dy, dx, dgamma, dbeta);
    if (Family.NORMS_BATCH_NORM_BACKWARD.vectors()) {
      workers
          .state(BatchNormTask.KEY)
          .backward(rows, channels, x, gamma, mean, rstd, dy, dx, dgamma, dbeta, accumulate, workers);
    } else {
      BatchNormReference.backward(rows, channels, x, gamma, mean, rstd, dy, dx, dgamma, dbeta, accumulate);
    }
  }

  private static long elementsOfBatch(String door, int rows, int channels) {
    if (rows == 0) {
      throw new IllegalArgumentException(door + ": 0 rows of " + channels + " channels; a batch needs at least 1 row");
    }
    return Shapes.elements(door, rows, channels);
  }

  private static void requireForward(
      String door, long n, int cols, MemorySegment x, MemorySegment gamma, MemorySegment beta, MemorySegment y) {
    Segments.require(door, "x", x, n);
    Segments.require(door, "gamma", gamma, cols);
    Segments.require(door, "beta", beta, cols);
    Segments.require(door, "y", y, n);
    Segments.requireSameOrApart(door, "y", y, "x", x, n);
    Segments.requireApart(door, "y", y, n, "gamma", gamma, cols);
    Segments.requireApart(door, "y", y, n, "beta", beta, cols);
  }

  /** What a forward pass writes beside y: two arrays of so many floats, apart from all else. */
  private static void requireStatistics(
      String door, long n, int cols, long count, MemorySegment x, MemorySegment gamma, MemorySegment beta,
      MemorySegment y, MemorySegment mean, MemorySegment spread) {
    Segments.require(door, "the mean", mean, count);
    Segments.require(door, "the spread", spread, count);
    requireApart(door, count, "the spread", spread, "the mean", mean);
    for (int i = 0; i < 2; i++) {
      MemorySegment out = i == 0 ? mean : spread;
      String name = i == 0 ? "the mean" : "the spread";
      Segments.requireApart(door, name, out, count, "x", x, n);
      Segments.requireApart(door, name, out, count, "y", y, n);
      Segments.requireApart(door, name, out, count, "gamma", gamma, cols);
      Segments.requireApart(door, name, out, count, "beta", beta, cols);
    }
  }

  private static void requireBackward(
      String door, long n, int cols, long count, MemorySegment x, MemorySegment gamma, MemorySegment mean,
      MemorySegment rstd, MemorySegment dy, MemorySegment dx, MemorySegment dgamma, MemorySegment dbeta) {
    Segments.require(door, "x", x, n);
    Segments.require(door, "gamma", gamma, cols);
    Segments.require(door, "mean", mean, count);
    Segments.require(door, "rstd", rstd, count);
    Segments.require(door, "dy", dy, n);
    Segments.require(door, "dx", dx, n);
    Segments.require(door, "dgamma", dgamma, cols);
    Segments.require(door, "dbeta", dbeta, cols);
    Segments.requireSameOrApart(door, "dx", dx, "dy", dy, n);
    Segments.requireSameOrApart(door, "dx", dx, "x", x, n);
    requireApart(door, cols, "dgamma", dgamma, "dbeta", dbeta);
    for (int i = 0; i < 3; i++) {
      MemorySegment out = i == 0 ? dgamma : i == 1 ? dbeta : dx;
      String name = i == 0 ? "dgamma" : i == 1 ? "dbeta" : "dx";
      long size = i == 2 ? n : cols;
      Segments.requireApart(door, name, out, size, "gamma", gamma, cols);
      Segments.requireApart(door, name, out, size, "mean", mean, count);
      Segments.requireApart(door, name, out, size, "rstd", rstd, count);
      if (i < 2) {
        Segments.requireApart(door, name, out, size, "x", x, n);
        Segments.requireApart(door, name, out, size, "dy", dy, n);
        Segments.requireApart(door, name, out, size, "dx", dx, n);
      }
    }
  }

  private static void requireApart(
      String door, long count, String out, MemorySegment o, String in, MemorySegment i) {
    Segments.requireApart(door, out, o, count, in, i, count);
  }
}
