package dev.lanewise.layers;

import dev.lanewise.kernels.Activations;
import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/**
 * y = x where x &gt; 0, else slope x, of each element, of any shape; dx = dy where y &gt; 0, else slope dy (so also at 0). A unit that puts out
 * nothing but negatives still learns, where ReLU's would be dead. Source: Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural
 * Network Acoustic Models, 2013.
 */
public final class LeakyRelu extends Pointwise {
  /** Keras's default is 0.3; the paper has 0.01, and generative networks 0.2. */
  private final float slope;

  private LeakyRelu(Shape shape, Params.Builder params, float slope) {
    super("leaky_relu", shape, params);
    this.slope = slope;
  }

  /**
   * For examples of any shape.
   *
   * @param slope of the negative side, above 0 and below 1: the derivative is told from the sign of y
   */
  public static LayerSpec of(float slope) {
    if (!(slope > 0 && slope < 1)) {
      throw new IllegalArgumentException("LeakyRelu: slope " + slope + "; a number above 0 and below 1 is needed");
    }
    return (input, params) -> new LeakyRelu(input, params, slope);
  }

  @Override
  void apply(Tensor x, Tensor y, Workers workers) {
    Activations.leakyRelu(x.size(), slope, x.segment(), y.segment(), workers);
  }

  @Override
  void backward(Tensor x, Tensor y, Tensor dy, Workers workers) {
    Activations.leakyReluBackward(y.size(), slope, y.segment(), dy.segment(), dy.segment(), workers);
  }
}
