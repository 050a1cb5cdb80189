package dev.lanewise.layers;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Layers one after the other: the output of each is the input of the next.
 *
 * <pre>
 * Sequential model = Sequential.build(Shape.of(28, 28, 1), seed, arena,
 *     Conv2d.of(32, 3, Activation.RELU), MaxPool2d.of(2), Flatten.of(), Dense.of(10), Softmax.of());
 * </pre>
 */
public final class Sequential implements Layer {
  private final Layer[] layers;
  private final List<Layer> list;
  private final Params parameters;
  private final int firstTrained;
  private final int logits;

  private Sequential(List<Layer> layers, Params parameters) {
    this.layers = layers.toArray(new Layer[0]);
    this.list = List.copyOf(layers);
    this.parameters = parameters;
    int first = 0;
    while (first < this.layers.length && this.layers[first].params().isEmpty()) {
      first++;
    }
    this.firstTrained = first;
    this.logits = layers.getLast() instanceof Softmax ? layers.size() - 1 : layers.size();
  }

  /**
   * Makes the layers and their first parameters.
   *
   * @param input shape of one example, without the batch axis
   * @param seed of the first parameters, each drawn from a stream of its own
   * @param arena where the parameters and their gradients live
   * @param specs the layers, at least one
   * @throws dev.lanewise.tensor.ShapeException naming the layer whose input does not fit
   */
  public static Sequential build(Shape input, long seed, Arena arena, LayerSpec... specs) {
    if (specs.length == 0) {
      throw new IllegalArgumentException("Sequential: no layers; give at least one");
    }
    Params.Built<List<Layer>> built = Params.build(seed, arena, params -> chain(input, params, specs));
    return new Sequential(built.model(), built.params());
  }

  private static List<Layer> chain(Shape input, Params.Builder params, LayerSpec[] specs) {
    List<Layer> layers = new ArrayList<>();
    Shape shape = input;
    for (LayerSpec spec : specs) {
      Layer layer = spec.build(shape, params);
      shape = layer.outputShape();
      if (layer instanceof MaxPool2d pool && !layers.isEmpty() && layers.getLast() instanceof Conv2d conv
          && conv.activation() == Activation.RELU) {
        layers.set(layers.size() - 1, conv.withGradientMaskedAbove());
        layer = pool.withReluBelow();
      }
      layers.add(layer);
    }
    return layers;
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    return infer(x, pass, layers.length);
  }

  /** As {@link #infer}, without a last softmax. */
  public Tensor inferLogits(Tensor x, Pass pass) {
    return infer(x, pass, logits);
  }

  private Tensor infer(Tensor x, Pass pass, int end) {
    Tensor y = x;
    for (int i = 0; i < end; i++) {
      y = layers[i].infer(y, pass);
    }
    return y;
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    return forward(x, saved, pass, layers.length);
  }

  /** As {@link #forward}, without a last softmax: losses work from logits. */
  public Tensor forwardLogits(Tensor x, Saved saved, Pass pass) {
    return forward(x, saved, pass, logits);
  }

  private Tensor forward(Tensor x, Saved saved, Pass pass, int end) {
    Tensor y = x;
    for (int i = 0; i < end; i++) {
      y = layers[i].forward(y, saved.child(i), pass);
    }
    return y;
  }

  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    return backward(dy, saved, pass, inputGradient, layers.length);
  }

  /** The parameters' gradients from the gradient for the logits, after {@link #forwardLogits}. */
  public void backwardLogits(Tensor dlogits, Saved saved, Pass pass) {
    backward(dlogits, saved, pass, false, logits);
  }

  private @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient, int end) {
    Tensor gradient = dy;
    for (int i = end - 1; i >= 0; i--) {
      // Below the first layer that learns nobody wants a gradient unless the caller does.
      boolean wanted = inputGradient || i > firstTrained;
      Tensor before = layers[i].backward(gradient, saved.child(i), pass, wanted);
      if (before == null) {
        return null;
      }
      gradient = before;
    }
    return gradient;
  }

  /** The layers in order. */
  public List<Layer> layers() {
    return list;
  }

  /** All parameters, in the flat tensors that an optimizer works on. */
  public Params parameters() {
    return parameters;
  }

  @Override
  public List<Param> params() {
    return parameters.list();
  }

  /** Whether the last layer is a softmax, which a loss on logits takes over. */
  public boolean endsInSoftmax() {
    return logits < layers.length;
  }

  /** Whether the last layer is dense with a sigmoid in it: a loss on logits would apply it twice and must refuse. */
  public boolean endsInSigmoid() {
    return list.getLast() instanceof Dense dense && dense.activation() == Activation.SIGMOID;
  }

  @Override
  public String name() {
    return "sequential";
  }

  @Override
  public Shape inputShape() {
    return layers[0].inputShape();
  }

  @Override
  public Shape outputShape() {
    return layers[layers.length - 1].outputShape();
  }

  @Override
  public long flops() {
    long flops = 0;
    for (Layer layer : layers) {
      flops += layer.flops();
    }
    return flops;
  }

  /** A table of the layers: name and kind, output shape, parameters, floating-point operations of one example's forward pass. */
  public String summary() {
    return Summary.of(this);
  }
}
