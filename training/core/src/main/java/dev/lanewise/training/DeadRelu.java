package dev.lanewise.training;

import dev.lanewise.layers.Activation;
import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Layer;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Relu;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer of ReLUs that is 0 for every example. Its derivative is 0 there too, so no gradient passes it: neither it nor anything below
 * it will ever change, and what comes after it sees the same for every example.
 *
 * <p>Source: Lu, Shin, Su and Karniadakis, Dying ReLU and Initialization, 2019.
 *
 * @param layer its name
 * @param units how many values it puts out
 */
public record DeadRelu(String layer, long units) {

  /**
   * The dead layers of a model, from below; those above a dead one may be dead only because of it.
   *
   * @param x [n, input shape]: all examples that the model learns from
   * @param pass begun
   */
  public static List<DeadRelu> in(Sequential model, Tensor x, Pass pass) {
    List<DeadRelu> dead = new ArrayList<>();
    Tensor at = x;
    for (Layer layer : model.layers()) {
      at = layer.infer(at, pass);
      boolean relu = layer instanceof Relu || (layer instanceof Dense dense && dense.activation() == Activation.RELU);
      if (relu && isZero(at)) {
        dead.add(new DeadRelu(layer.name(), layer.outputShape().size()));
      }
    }
    return dead;
  }

  private static boolean isZero(Tensor values) {
    for (long i = 0; i < values.size(); i++) {
      if (values.get(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
