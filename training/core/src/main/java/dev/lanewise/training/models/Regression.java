package dev.lanewise.training.models;

import dev.lanewise.kernels.Rng;
import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Initializer;
import dev.lanewise.layers.Model;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Relu;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import dev.lanewise.training.DeadRelu;
import dev.lanewise.training.Loss;
import dev.lanewise.training.Sgd;
import dev.lanewise.training.Supervised;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.ValueDataset;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

/**
 * The article's worked example: a network of layers 1, 2, 2, 1 with ReLU, ReLU and a linear end learns y = 2x from x = 1..5, by half the
 * mean squared error and gradient descent with a learning rate of 0.01, all five examples at a time.
 *
 * <p>With two units in a layer it happens to about four starts of ten that a whole layer is {@linkplain DeadRelu dead}; nothing but the
 * last bias learns then, and that only the mean. {@code redraw} draws again until no layer is dead.
 *
 * <p>Weights are Glorot uniform and biases 0. The last layer's weights start without their signs: behind a negative one the hidden values,
 * which are never negative themselves, would be driven down to 0 before the weight has turned positive, and a layer that was alive would die
 * on the way (of 100 starts without a dead layer 1 in 3 does, and none with this).
 *
 * @param redraw whether to draw first weights again while a layer is dead
 */
public record Regression(boolean redraw) implements Recipe {
  /** Its name on the command line and in files. */
  public static final String NAME = "regression";

  /** x = 1..5; y is twice that. */
  public static final int EXAMPLES = 5;

  /** How often an epoch goes through the examples, so that a run has epochs of a useful length. */
  private static final int ROUNDS = 100;

  private static final long REDRAW = 0x5245_4452L << 32; // "REDR"

  /** Magnitudes as Glorot and Bengio would draw them. */
  private static final Initializer POSITIVE = (value, seed, stream) -> {
    Initializer.GLOROT_UNIFORM.fill(value, seed, stream);
    for (long i = 0; i < value.size(); i++) {
      value.set(i, Math.abs(value.get(i)));
    }
  };

  /** The five inputs, [5, 1]. */
  public static Tensor inputs(Arena arena) {
    return line(arena, EXAMPLES, 1);
  }

  /** What they should give, [5, 1]. */
  public static Tensor targets(Arena arena) {
    return line(arena, EXAMPLES, 2);
  }

  /** The five examples in order, 100 times over: to be read in order, five at a time. */
  public static ValueDataset examples(Arena arena) {
    return ValueDataset.of(line(arena, ROUNDS * EXAMPLES, 1), line(arena, ROUNDS * EXAMPLES, 2));
  }

  private static Tensor line(Arena arena, int rows, int slope) {
    Tensor values = Tensor.allocate(arena, Shape.of(rows, 1));
    for (int i = 0; i < rows; i++) {
      values.set(i, slope * (1 + i % EXAMPLES));
    }
    return values;
  }

  @Override
  public Sequential build(long seed, Arena arena) {
    long drawn = seed;
    if (redraw) {
      for (int i = 1; !dead(drawn).isEmpty(); i++) {
        drawn = (long) Rng.bits(seed, REDRAW, i) << 32 | i;
      }
    }
    return network(drawn, arena);
  }

  private static List<DeadRelu> dead(long seed) {
    try (Arena arena = Arena.ofConfined()) {
      return dead(network(seed, arena));
    }
  }

  private static Sequential network(long seed, Arena arena) {
    return Sequential.build(Shape.of(1), seed, arena,
        Dense.of(2), Relu.of(),
        Dense.of(2), Relu.of(),
        Dense.of(1).withInitializer(POSITIVE));
  }

  /** The layers of a model that are dead for all five examples. */
  public static List<DeadRelu> dead(Sequential model) {
    try (Arena arena = Arena.ofConfined(); Workspace space = Workspace.in(arena)) {
      Pass pass = Pass.of(space, Workers.single(), 0);
      pass.begin(0);
      return DeadRelu.in(model, inputs(arena), pass);
    }
  }

  /** Half the mean squared error of a model on the five examples. */
  public static double loss(Sequential model) {
    double sum = 0;
    for (int x = 1; x <= EXAMPLES; x++) {
      double error = answer(model, x) - 2.0 * x;
      sum += error * error;
    }
    return sum / (2 * EXAMPLES);
  }

  /** What a model says for x. */
  public static float answer(Sequential model, float x) {
    try (Arena arena = Arena.ofConfined(); Workspace space = Workspace.in(arena)) {
      Pass pass = Pass.of(space, Workers.single(), 0);
      pass.begin(0);
      return model.infer(Tensor.of(arena, Shape.of(1, 1), x), pass).get(0);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> options() {
    return Map.of("redraw", "" + redraw);
  }

  @Override
  public Supervised task(Model model) {
    return Supervised.of((Sequential) model, Loss.HALF_MSE, Sgd.of(0.01f));
  }

  /** The examples keep their order: a batch is all five. */
  @Override
  public Trainer trainer(Model model) {
    return Recipe.super.trainer(model).shuffle(false);
  }

  @Override
  public int epochs() {
    return 10;
  }

  @Override
  public int batch() {
    return EXAMPLES;
  }
}
