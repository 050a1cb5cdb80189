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
public final class Sequential implements Layer, Model {
  private final String name;
  private final Layer[] layers;
  private final List<Layer> list;
  private final List<Param> params;
  private final @Nullable Params parameters;
  private final int firstTrained;
  private final int logits;

  private Sequential(String name, List<Layer> layers, @Nullable Params parameters) {
    this.name = name;
    this.layers = layers.toArray(new Layer[0]);
    this.params = layers.stream().flatMap(layer -> layer.params().stream()).toList();
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
    requireSome(specs);
    Params.Built<List<Layer>> built = Params.build(seed, arena, params -> chain(input, params, specs));
    return new Sequential("sequential", built.model(), built.params());
  }

  /**
   * Layers one after the other as one layer of a larger model, which has their parameters.
   *
   * @param specs the layers, at least one
   */
  public static Spec spec(LayerSpec... specs) {
    requireSome(specs);
    return new Spec(specs.clone());
  }

  /** What {@link #spec} makes; {@code build} gives the chain by its own type. */
  public static final class Spec implements LayerSpec {
    private final LayerSpec[] specs;

    private Spec(LayerSpec[] specs) {
      this.specs = specs;
    }

    @Override
    public Sequential build(Shape input, Params.Builder params) {
      return new Sequential(params.name("sequential"), chain(input, params, specs), null);
    }
  }

  private static void requireSome(LayerSpec[] specs) {
    if (specs.length == 0) {
      throw new IllegalArgumentException("Sequential: no layers; give at least one");
    }
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

  /**
   * All parameters, in the flat tensors that an optimizer works on.
   *
   * @throws IllegalStateException if this is a part of a larger model, see {@link #spec}
   */
  @Override
  public Params parameters() {
    if (parameters == null) {
      throw new IllegalStateException(name + ": it is a part of a larger model, which has the parameters");
    }
    return parameters;
  }

  @Override
  public List<Param> params() {
    return params;
  }

  /** The number of learned floats in these layers. */
  long count() {
    return params.stream().mapToLong(param -> param.value().size()).sum();
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
    return name;
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

  /**
   * Each layer with parameters multiplies once forward, once for the gradient of its weights and, except the first of them, before which
   * there is nothing to learn, once for the gradient of its input.
   */
  @Override
  public long trainingFlops() {
    long sum = 0;
    for (int i = firstTrained; i < layers.length; i++) {
      if (!layers[i].params().isEmpty()) {
        sum += layers[i].flops() * (i == firstTrained ? 2 : 3);
      }
    }
    return sum;
  }

  /** Layers with the shapes that they put out, and the number of parameters: "28x28x1 > conv2d 26x26x32 > ... (n)". */
  @Override
  public String architecture() {
    StringBuilder text = new StringBuilder(inputShape().toString());
    for (Layer layer : list) {
      text.append(" > ").append(layer.name()).append(' ').append(layer.outputShape());
    }
    return text.append(", ").append(count()).append(" parameters").toString();
  }

  /** A table of the layers: name and kind, output shape, parameters, floating-point operations of one example's forward pass. */
  @Override
  public String summary() {
    return Summary.of(this);
  }
}
