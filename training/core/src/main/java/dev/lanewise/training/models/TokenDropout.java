package dev.lanewise.training.models;

import dev.lanewise.kernels.Rng;
import dev.lanewise.layers.Layer;
import dev.lanewise.layers.LayerSpec;
import dev.lanewise.layers.Params;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Saved;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * In training, each token but padding becomes another one, such as the mask, with probability {@code rate}; in use, the identity. No sentence can be known by
 * one rare word then.
 *
 * <p>Shapes: ids [n, t] to ids [n, t]. Which tokens is a function of the pass's seed, this layer's stream, the pass's step and the place alone.
 * Ids have no gradient: it is passed through unchanged where one is asked for.
 *
 * <p>Source: Iyyer, Manjunatha, Boyd-Graber and Daumé, Deep Unordered Composition Rivals Syntactic Methods for Text Classification, 2015, section 3.2
 * (word dropout).
 */
final class TokenDropout implements Layer {
  private final String name;
  private final Shape shape;
  private final float rate;
  private final int instead;
  private final int padding;
  private final long stream;

  private TokenDropout(float rate, int instead, int padding, Shape shape, Params.Builder params) {
    this.name = params.name("token_dropout");
    this.shape = shape;
    this.rate = rate;
    this.instead = instead;
    this.padding = padding;
    this.stream = params.stream();
  }

  /**
   * For sequences of token ids.
   *
   * @param rate share of tokens that are replaced, from 0 to below 1
   * @param instead the token in their place
   * @param padding the token that never is
   */
  static LayerSpec of(float rate, int instead, int padding) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("TokenDropout: a rate of " + rate + "; it is a share, from 0 to below 1");
    }
    return (shape, params) -> new TokenDropout(rate, instead, padding, shape, params);
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    return x;
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    Tensor y = pass.workspace().batch(x.dim(0), shape);
    Rng.dropoutMask(pass.seed(), stream, pass.step() << 32, x.size(), y.segment(), 1 - rate, pass.workers());
    for (long i = 0; i < x.size(); i++) {
      y.set(i, y.get(i) != 0 || x.get(i) == padding ? x.get(i) : instead);
    }
    return y;
  }

  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    return inputGradient ? dy : null;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Shape inputShape() {
    return shape;
  }

  @Override
  public Shape outputShape() {
    return shape;
  }
}
