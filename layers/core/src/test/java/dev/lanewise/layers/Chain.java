package dev.lanewise.layers;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Layers in a row, in the plainest way, on anybody's parameters: what {@link Sequential} is compared with. */
record Chain(List<Layer> layers) implements Layer {
  static LayerSpec of(LayerSpec... specs) {
    return (input, params) -> {
      List<Layer> layers = new ArrayList<>();
      Shape shape = input;
      for (LayerSpec spec : specs) {
        layers.add(spec.build(shape, params));
        shape = layers.getLast().outputShape();
      }
      return new Chain(layers);
    };
  }

  @Override
  public String name() {
    return "chain";
  }

  @Override
  public Shape inputShape() {
    return layers.getFirst().inputShape();
  }

  @Override
  public Shape outputShape() {
    return layers.getLast().outputShape();
  }

  @Override
  public List<Param> params() {
    return layers.stream().flatMap(layer -> layer.params().stream()).toList();
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    Tensor y = x;
    for (Layer layer : layers) {
      y = layer.infer(y, pass);
    }
    return y;
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    Tensor y = x;
    for (int i = 0; i < layers.size(); i++) {
      y = layers.get(i).forward(y, saved.child(i), pass);
    }
    return y;
  }

  /** Asks for every gradient, wanted or not. */
  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    Tensor gradient = dy;
    for (int i = layers.size() - 1; i >= 0; i--) {
      gradient = Objects.requireNonNull(layers.get(i).backward(gradient, saved.child(i), pass, true));
    }
    return inputGradient ? gradient : null;
  }
}
