package dev.lanewise.kernels;

import dev.lanewise.kernels.reference.VariationalReference;
import dev.lanewise.kernels.variational.VariationalTask;
import java.lang.foreign.MemorySegment;

/**
 * The middle of a variational autoencoder: n vectors of d normal variables, each given by its mean and the logarithm of its variance.
 *
 * <pre>
 * h [rows, 2 d], a row [mu | lambda]     sigma = e^(lambda / 2)     z = mu + sigma eps
 * dmu = dz     dlambda = dz eps sigma / 2
 * KL(N(mu, sigma^2) || N(0, 1)) of a row = 1/2 sum_j mu^2 + sigma^2 - (1 + lambda)     in nats
 * </pre>
 *
 * <p>Order of operations: sigma is exp of the exact half of lambda, at most 1 ulp off; z is one fma; each element of a gradient is products
 * from left to right. The divergence's terms are {@code fma(mu, mu, fma(sigma, sigma, -(1 + lambda)))}, summed over 16 virtual lanes (see
 * {@link Reductions}) and halved. So the bits depend neither on width nor threads. With d terms it lies within {@code gamma_(d + 7)} of
 * 1/2 sum mu^2 + sigma^2 + 1 + |lambda|: near mu = lambda = 0 terms cancel and the absolute error is what is bounded.
 *
 * <table>
 *   <caption>IEEE edges</caption>
 *   <tr><th>kernel</th><th>NaN</th><th>infinity</th><th>zeros</th><th>overflow, underflow</th></tr>
 *   <tr><td>sample</td><td>its own element</td><td>lambda of -infinity: sigma 0, z = mu; of +infinity: sigma +infinity</td><td>lambda of 0: sigma 1</td><td>sigma +infinity where lambda is above 177.44</td></tr>
 *   <tr><td>divergence</td><td>its row</td><td>lambda of -infinity: +infinity; of +infinity: NaN</td><td>mu and lambda of zeros: 0</td><td>+infinity where lambda is above 88.72, and sigma^2 too large</td></tr>
 *   <tr><td>backward, addDivergenceGradient</td><td>its own element</td><td>its own element</td><td>mu, lambda, dz of zeros: zeros</td><td>as the products</td></tr>
 * </table>
 *
 * <p>Source: Kingma and Welling, Auto-Encoding Variational Bayes, 2014, section 2.4 and appendix B. Operands are native segments, aligned to
 * 4 bytes, row-major; results overlap nothing. A call allocates nothing.
 */
public final class Variational {
  private Variational() {}

  /**
   * Draws z.
   *
   * @param rows examples, at least 0
   * @param d latent variables of each, at least 1
   * @param h rows by 2 d
   * @param eps rows by d standard normal numbers
   * @param sigma receives rows by d, for the other methods
   * @param z receives rows by d
   * @param workers share the rows
   * @throws IllegalArgumentException if a size is out of range, or a segment is on the heap, too short or misaligned, or a result overlaps
   *     an operand; nothing has been written then
   */
  public static void sample(
      int rows, int d, MemorySegment h, MemorySegment eps, MemorySegment sigma, MemorySegment z, Workers workers) {
    long n = elements("sample", rows, d);
    Segments.require("sample", "h", h, 2 * n);
    Segments.require("sample", "eps", eps, n);
    requireResult("sample", "sigma", sigma, n, "h", h, 2 * n);
    requireResult("sample", "z", z, n, "h", h, 2 * n);
    Segments.requireApart("sample", "sigma", sigma, n, "eps", eps, n);
    Segments.requireApart("sample", "z", z, n, "eps", eps, n);
    Segments.requireApart("sample", "z", z, n, "sigma", sigma, n);
    if (Family.VARIATIONAL_SAMPLE.vectors()) {
      workers.state(VariationalTask.KEY).sample(rows, d, h, eps, sigma, z, workers);
    } else {
      VariationalReference.sample(0, rows, d, h, eps, sigma, z);
    }
  }

  /**
   * dh from dz.
   *
   * @param eps what {@link #sample} was given; likewise sigma, what it gave
   * @param dz rows by d
   * @param dh receives rows by 2 d
   * @throws IllegalArgumentException as {@link #sample}
   */
  public static void backward(
      int rows, int d, MemorySegment eps, MemorySegment sigma, MemorySegment dz, MemorySegment dh, Workers workers) {
    long n = elements("backward", rows, d);
    Segments.require("backward", "eps", eps, n);
    Segments.require("backward", "sigma", sigma, n);
    Segments.require("backward", "dz", dz, n);
    requireResult("backward", "dh", dh, 2 * n, "dz", dz, n);
    Segments.requireApart("backward", "dh", dh, 2 * n, "eps", eps, n);
    Segments.requireApart("backward", "dh", dh, 2 * n, "sigma", sigma, n);
    if (Family.VARIATIONAL_BACKWARD.vectors()) {
      workers.state(VariationalTask.KEY).backward(rows, d, eps, sigma, dz, dh, workers);
    } else {
      VariationalReference.backward(0, rows, d, eps, sigma, dz, dh);
    }
  }

  /**
   * The divergence of each row from the standard normal distribution, in nats.
   *
   * @param sigma what {@link #sample} gave for this h
   * @param losses receives rows floats
   * @throws IllegalArgumentException as {@link #sample}
   */
  public static void divergence(
      int rows, int d, MemorySegment h, MemorySegment sigma, MemorySegment losses, Workers workers) {
    long n = elements("divergence", rows, d);
    Segments.require("divergence", "sigma", sigma, n);
    Segments.require("divergence", "h", h, 2 * n);
    requireResult("divergence", "the loss array", losses, rows, "h", h, 2 * n);
    Segments.requireApart("divergence", "the loss array", losses, rows, "sigma", sigma, n);
    if (Family.VARIATIONAL_DIVERGENCE.vectors()) {
      workers.state(VariationalTask.KEY).divergence(rows, d, h, sigma, losses, workers);
    } else {
      VariationalReference.divergence(0, rows, d, h, sigma, losses);
    }
  }

  /**
   * Adds the divergences' gradient: dmu += scale mu, dlambda += scale / 2 (sigma^2 - 1), one fma each.
   *
   * @param scale 1 / rows for the mean over the rows
   * @param dh rows by 2 d, read and written
   * @throws IllegalArgumentException as {@link #sample}
   */
  public static void addDivergenceGradient(
      int rows, int d, MemorySegment h, MemorySegment sigma, float scale, MemorySegment dh, Workers workers) {
    long n = elements("addDivergenceGradient", rows, d);
    Segments.require("addDivergenceGradient", "sigma", sigma, n);
    Segments.require("addDivergenceGradient", "h", h, 2 * n);
    requireResult("addDivergenceGradient", "dh", dh, 2 * n, "h", h, 2 * n);
    Segments.requireApart("addDivergenceGradient", "dh", dh, 2 * n, "sigma", sigma, n);
    if (Family.VARIATIONAL_ADD_DIVERGENCE_GRADIENT.vectors()) {
      workers.state(VariationalTask.KEY).addDivergenceGradient(rows, d, h, sigma, scale, dh, workers);
    } else {
      VariationalReference.addDivergenceGradient(0, rows, d, h, sigma, scale, dh);
    }
  }

  private static long elements(String door, int rows, int d) {
    if (rows < 0 || d < 1) {
      throw new IllegalArgumentException(door + ": " + rows + " rows of " + d + " latent variables; at least 0 and 1 are needed");
    }
    return (long) rows * d;
  }

  private static void requireResult(
      String door, String out, MemorySegment o, long outElements, String in, MemorySegment i, long inElements) {
    Segments.require(door, out, o, outElements);
    Segments.requireApart(door, out, o, outElements, in, i, inElements);
  }
}
