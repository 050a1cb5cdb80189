package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ReluBelowPoolProperties {
  /** The law that lets {@link Sequential} move ReLU's backward above the pooling, overlapping windows included. */
  @Property(tries = 100)
  void gradientsAreThoseOfTheTwoLayersAlone(
      @ForAll @IntRange(min = 1, max = 3) int window, @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll @IntRange(min = 1, max = 20) int filters, @ForAll int seed) {
    var convolution = Conv2d.of(filters, 3, Activation.RELU);
    var pooling = MaxPool2d.of(window).withStrides(stride, stride);
    Shape input = Shape.of(7, 8, 2);
    try (Arena arena = Arena.ofConfined(); Workspace workspace = Workspace.open()) {
      Sequential together = Sequential.build(input, seed, arena, convolution, pooling);
      var alone = Params.build(seed, arena, params -> {
        Layer first = convolution.build(input, params);
        return List.of(first, pooling.build(first.outputShape(), params));
      });
      Pass pass = Pass.of(workspace, Workers.single(), 0);
      Tensor x = Tensor.of(arena, input.batch(2), Data.seeded(seed).uniform(2 * 7 * 8 * 2, -1, 1));
      Tensor dy = Tensor.of(arena, together.outputShape().batch(2),
          Data.seeded(seed + 1).uniform((int) together.outputShape().batch(2).size(), -1, 1));
      float[] fused = gradients(together.layers(), together.parameters(), x, dy, pass);
      assertThat(fused).isEqualTo(gradients(alone.model(), alone.params(), x, dy, pass));
    }
  }

  private static float[] gradients(List<? extends Layer> layers, Params params, Tensor x, Tensor dy, Pass pass) {
    pass.begin(0);
    Saved below = new Saved();
    Saved above = new Saved();
    layers.get(1).forward(layers.get(0).forward(x, below, pass), above, pass);
    Tensor gradient = pass.workspace().batch(2, layers.get(1).outputShape());
    gradient.copyFrom(dy);
    layers.get(0).backward(Objects.requireNonNull(layers.get(1).backward(gradient, above, pass, true)), below, pass, false);
    return params.gradients().toArray();
  }
}
