package dev.lanewise.layers;

import dev.lanewise.tensor.Shape;

/**
 * What a user writes for a layer before the shape of its input is known: {@code Dense.of(128, Activation.RELU)}.
 *
 * <p>To add a layer, write a class that implements {@link Layer} and a spec that makes it. {@code build} runs twice per model
 * ({@link Params#build}), so it does nothing but ask for names and parameters and make the layer.
 */
@FunctionalInterface
public interface LayerSpec {
  /**
   * Makes the layer.
   *
   * @param input shape of one example, without the batch axis
   * @param params gives names, parameters and random streams
   * @throws dev.lanewise.tensor.ShapeException naming layer, shape and remedy, if the layer cannot take this input
   */
  Layer build(Shape input, Params.Builder params);
}
