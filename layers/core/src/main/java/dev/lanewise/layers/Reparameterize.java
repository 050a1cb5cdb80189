package dev.lanewise.layers;

import dev.lanewise.kernels.Rng;
import dev.lanewise.kernels.Variational;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A draw from the normal distribution that the layer below describes, written so that a gradient flows through it: the middle of a
 * variational autoencoder.
 *
 * <pre>
 * X [n, 2 d], a row [mu | lambda], lambda the logarithm of the variance
 * in training  Z = mu + e^(lambda / 2) eps     dmu = dZ     dlambda = dZ eps e^(lambda / 2) / 2
 * in use       Z = mu
 * KL = 1/2 sum_j mu^2 + e^lambda - 1 - lambda, the divergence from the standard normal distribution, of each row, in nats
 * </pre>
 *
 * <p>Z [n, d]. eps are standard normal numbers, a function of the pass's seed, this layer's stream, the pass's step and the element's
 * position alone: the same at any number of threads and after a resume. {@link #backward} is the draw's gradient and nothing else;
 * whoever trains adds the divergence by {@link #divergence} and {@link #addDivergenceGradient}. Error: see {@link Variational}.
 *
 * <p>Source: Kingma and Welling, Auto-Encoding Variational Bayes, 2014, section 2.4.
 */
public final class Reparameterize implements Layer {
  private final String name;
  private final Shape input;
  private final Shape output;
  private final int d;
  private final long stream;
  private final long fixedStream;

  private Reparameterize(Shape input, Params.Builder params) {
    this.name = params.name("reparameterize");
    if (input.rank() != 1 || input.dim(0) % 2 != 0) {
      throw new ShapeException(name + ": the input is " + Shapes.batch(input)
          + " but [n, 2 d] is expected, d means and d logarithms of variances; let a Dense layer of 2 d units come before");
    }
    this.input = input;
    this.d = input.dim(0) / 2;
    this.output = Shape.of(d);
    this.stream = params.stream();
    this.fixedStream = params.stream();
  }

  /** For vectors of 2 d numbers. */
  public static LayerSpec of() {
    return Reparameterize::new;
  }

  /** The means. */
  @Override
  public Tensor infer(Tensor x, Pass pass) {
    int n = Shapes.requireInput(this, x);
    Tensor z = pass.workspace().batch(n, output);
    for (long row = 0; row < n; row++) {
      MemorySegment.copy(x.segment(), 8L * row * d, z.segment(), 4L * row * d, 4L * d);
    }
    return z;
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    return sample(x, saved, pass, pass.seed(), stream, pass.step() << 32);
  }

  /**
   * As {@link #forward}, with numbers that depend on neither the pass's seed nor its step: for an evaluation whose draws belong to the
   * examples, so that it is a function of model and data.
   *
   * @param seed of the numbers
   * @param position of the first example in its data set, at least 0: example i always draws numbers i d to (i + 1) d
   */
  public Tensor sampleAt(long seed, long position, Tensor x, Saved saved, Pass pass) {
    return sample(x, saved, pass, seed, fixedStream, position * d);
  }

  private Tensor sample(Tensor x, Saved saved, Pass pass, long seed, long from, long offset) {
    int n = Shapes.requireInput(this, x);
    Tensor eps = pass.workspace().batch(n, output);
    Tensor sigma = pass.workspace().batch(n, output);
    Tensor z = pass.workspace().batch(n, output);
    Rng.normal(seed, from, offset, eps.size(), eps.segment(), 0, 1, pass.workers());
    Variational.sample(n, d, x.segment(), eps.segment(), sigma.segment(), z.segment(), pass.workers());
    saved.keep(x, eps);
    saved.keepExtra(sigma);
    return z;
  }

  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    Tensor eps = saved.output();
    int n = eps.dim(0);
    Shapes.requireGradient(this, dy, n);
    if (!inputGradient) {
      return null;
    }
    Tensor dx = pass.workspace().batch(n, input);
    Variational.backward(n, d, eps.segment(), saved.extra().segment(), dy.segment(), dx.segment(), pass.workers());
    return dx;
  }

  /**
   * The divergence of each example of the last forward.
   *
   * @param losses [n], written
   */
  public void divergence(Saved saved, Tensor losses, Pass pass) {
    Tensor x = saved.input();
    requireSize("the divergences", losses, x.dim(0));
    Variational.divergence(x.dim(0), d, x.segment(), saved.extra().segment(), losses.segment(), pass.workers());
  }

  /**
   * Adds the gradient of the sum of divergences, times {@code scale}, to what {@link #backward} returned.
   *
   * @param scale 1 / n for their mean
   * @param dx [n, 2 d], read and written
   */
  public void addDivergenceGradient(Saved saved, float scale, Tensor dx, Pass pass) {
    Tensor x = saved.input();
    requireSize("the gradient for the input", dx, x.size());
    Variational.addDivergenceGradient(x.dim(0), d, x.segment(), saved.extra().segment(), scale, dx.segment(), pass.workers());
  }

  private void requireSize(String what, Tensor tensor, long size) {
    if (tensor.size() != size) {
      throw new ShapeException(name + ": " + what + " are " + tensor.shape() + " but " + size + " elements are needed");
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Shape inputShape() {
    return input;
  }

  @Override
  public Shape outputShape() {
    return output;
  }
}
