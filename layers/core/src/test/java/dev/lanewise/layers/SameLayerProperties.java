package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Layers that are one function under two names, or are made of others: the same chains of operations, and so equal bits forwards and back. */
class SameLayerProperties {
  /** What a step of a layer leaves: its output, the gradient for its input, those for its parameters. */
  private record Step(float[] y, float[] dx, List<float[]> gradients) {
    void sameAs(Step other) {
      assertThat(other.y).isEqualTo(y);
      assertThat(other.dx).isEqualTo(dx);
      assertThat(other.gradients).hasSameSizeAs(gradients);
      for (int i = 0; i < gradients.size(); i++) {
        assertThat(other.gradients.get(i)).as("parameter %d", i).isEqualTo(gradients.get(i));
      }
    }
  }

  private static float[] numbers(long n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[(int) n];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextDouble(-1, 1);
    }
    return x;
  }

  /** The same seed gives the same numbers to every layer of the same sizes. */
  private static Step step(Shape input, int n, long seed, LayerSpec... specs) {
    try (Arena arena = Arena.ofConfined(); Workspace workspace = Workspace.open()) {
      Pass pass = Pass.of(workspace, Workers.single(), 1);
      Sequential model = Sequential.build(input, 1, arena, specs);
      for (int i = 0; i < model.params().size(); i++) {
        Tensor value = model.params().get(i).value();
        value.copyFrom(numbers(value.size(), seed + 10 + i));
      }
      Tensor x = Tensor.allocate(arena, input.batch(n));
      x.copyFrom(numbers(x.size(), seed));
      Tensor dy = Tensor.allocate(arena, model.outputShape().batch(n));
      dy.copyFrom(numbers(dy.size(), seed + 1));
      Saved saved = new Saved();
      pass.begin(0);
      float[] y = model.forward(x, saved, pass).toArray();
      float[] dx = Objects.requireNonNull(model.backward(dy, saved, pass, true)).toArray();
      List<float[]> gradients = new ArrayList<>();
      model.params().forEach(param -> gradients.add(param.gradient().toArray()));
      return new Step(y, dx, gradients);
    }
  }

  @Property(tries = 60)
  void aConvolutionOfStepsIsOneOfAnImageOfOneRow(@ForAll @IntRange(min = 1, max = 4) int kernel,
      @ForAll @IntRange(min = 0, max = 9) int more, @ForAll @IntRange(min = 1, max = 9) int channels,
      @ForAll @IntRange(min = 1, max = 20) int filters, @ForAll @IntRange(min = 1, max = 3) int stride, @ForAll Padding padding,
      @ForAll @IntRange(min = 1, max = 3) int n, @ForAll long seed) {
    step(Shape.of(kernel + more, channels), n, seed, Conv1d.of(filters, kernel, Activation.TANH).withPadding(padding).withStride(stride))
        .sameAs(step(Shape.of(1, kernel + more, channels), n, seed,
            Conv2d.of(filters, 1, kernel, Activation.TANH).withPadding(padding).withStrides(1, stride)));
  }

  @Property(tries = 60)
  void aDepthwiseConvolutionIsOneInAsManyGroupsAsChannels(@ForAll @IntRange(min = 1, max = 3) int height,
      @ForAll @IntRange(min = 1, max = 3) int width, @ForAll @IntRange(min = 1, max = 9) int channels,
      @ForAll @IntRange(min = 1, max = 3) int multiplier, @ForAll @IntRange(min = 1, max = 2) int stride,
      @ForAll @IntRange(min = 1, max = 3) int dilation, @ForAll Padding padding, @ForAll long seed) {
    step(Shape.of(7, 8, channels), 2, seed, DepthwiseConv2d.of(height, width, Activation.TANH).withMultiplier(multiplier)
        .withPadding(padding).withStrides(stride, 1).withDilation(1, dilation))
        .sameAs(step(Shape.of(7, 8, channels), 2, seed, Conv2d.of(channels * multiplier, height, width, Activation.TANH)
            .withGroups(channels).withPadding(padding).withStrides(stride, 1).withDilation(1, dilation)));
  }

  /** Both multiply the same rows by the same matrix, and both sum the weights' gradient over ascending (example, step). */
  @Property(tries = 60)
  void aDenseLayerOfStepsIsAConvolutionOfOneByOne(@ForAll @IntRange(min = 1, max = 9) int steps,
      @ForAll @IntRange(min = 1, max = 40) int in, @ForAll @IntRange(min = 1, max = 40) int out, @ForAll @IntRange(min = 1, max = 3) int n,
      @ForAll long seed) {
    step(Shape.of(steps, in), n, seed, Dense.of(out, Activation.SIGMOID))
        .sameAs(step(Shape.of(1, steps, in), n, seed, Conv2d.of(out, 1, Activation.SIGMOID)));
  }

  /** {@link Sequential} changes two layers where a pool lies on a convolution with ReLU, and must neither show it nor do so elsewhere. */
  @Property(tries = 40)
  void aChainIsItsLayersOneByOneWhateverAPoolLiesOn(@ForAll Activation activation, @ForAll @IntRange(min = 1, max = 2) int window,
      @ForAll @IntRange(min = 1, max = 2) int stride, @ForAll @IntRange(min = 1, max = 3) int n, @ForAll long seed) {
    LayerSpec pool = MaxPool2d.of(window).withStrides(stride, stride);
    LayerSpec convolution = Conv2d.of(3, 2, activation);
    for (LayerSpec[] specs : new LayerSpec[][] {{convolution, pool}, {pool, convolution}, {pool, pool}, {Relu.of(), pool}}) {
      step(Shape.of(6, 5, 2), n, seed, specs).sameAs(step(Shape.of(6, 5, 2), n, seed, Chain.of(specs)));
    }
  }

  /** A step of a sequence is normalised as an example of its own. */
  @Property(tries = 60)
  void stepsOfASequenceAreNormalisedAsExamples(@ForAll @IntRange(min = 1, max = 9) int steps,
      @ForAll @IntRange(min = 2, max = 40) int channels, @ForAll @IntRange(min = 1, max = 3) int n, @ForAll long seed) {
    step(Shape.of(steps, channels), n, seed, LayerNorm.of()).sameAs(step(Shape.of(channels), n * steps, seed, LayerNorm.of()));
  }

  @Property(tries = 60)
  void theAverageOfAnImageIsThatOfAWindowAsLarge(@ForAll @IntRange(min = 1, max = 6) int height,
      @ForAll @IntRange(min = 1, max = 6) int width, @ForAll @IntRange(min = 1, max = 40) int channels,
      @ForAll @IntRange(min = 1, max = 3) int n, @ForAll long seed) {
    step(Shape.of(height, width, channels), n, seed, GlobalAvgPool.of())
        .sameAs(step(Shape.of(height, width, channels), n, seed, AvgPool2d.of(height, width), Flatten.of()));
  }

  /** One addition beyond the inner layers, forwards and back, which leaves their parameters' gradients alone. */
  @Property(tries = 60)
  void aResidualAddsItsInputOnceEachWay(@ForAll @IntRange(min = 1, max = 40) int units, @ForAll @IntRange(min = 1, max = 5) int n,
      @ForAll long seed) {
    Step inner = step(Shape.of(units), n, seed, Dense.of(units, Activation.TANH));
    Step whole = step(Shape.of(units), n, seed, Residual.of(Dense.of(units, Activation.TANH)));
    float[] x = numbers((long) n * units, seed);
    float[] dy = numbers((long) n * units, seed + 1);
    float[] y = inner.y.clone();
    float[] dx = inner.dx.clone();
    for (int i = 0; i < y.length; i++) {
      y[i] += x[i];
      dx[i] += dy[i];
    }
    new Step(y, dx, inner.gradients).sameAs(whole);
  }

  /** A branch that is a copy of the input beside a layer: the layer's columns follow the copied ones. */
  @Property(tries = 60)
  void aConcatenationHoldsTheBranchesSideBySide(@ForAll @IntRange(min = 1, max = 40) int in,
      @ForAll @IntRange(min = 1, max = 40) int out, @ForAll @IntRange(min = 1, max = 5) int n, @ForAll long seed) {
    float[] x = numbers((long) n * in, seed);
    float[] layer = step(Shape.of(in), n, seed, Dense.of(out, Activation.TANH)).y;
    float[] y = step(Shape.of(in), n, seed, Concat.of(Flatten.of(), Dense.of(out, Activation.TANH))).y;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < in + out; j++) {
        assertThat(y[i * (in + out) + j]).isEqualTo(j < in ? x[i * in + j] : layer[i * out + j - in]);
      }
    }
  }
}
