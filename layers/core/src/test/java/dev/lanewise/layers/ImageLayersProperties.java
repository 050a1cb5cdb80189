package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.Objects;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws of layers that make images, and of convolution along sequences. */
class ImageLayersProperties {
  private static Tensor integers(Arena arena, Shape shape, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Tensor tensor = Tensor.allocate(arena, shape);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, random.nextInt(-3, 4));
    }
    return tensor;
  }

  private static double dot(Tensor a, Tensor b) {
    double sum = 0;
    for (long i = 0; i < a.size(); i++) {
      sum += (double) a.get(i) * b.get(i);
    }
    return sum;
  }

  /** With small whole numbers every sum is exact, so the inner products <dy, y>, <dx, x> and <dw, w> must be equal, not near. */
  private static void adjoint(LayerSpec spec, Shape input, int n, long seed) {
    try (Arena arena = Arena.ofConfined(); Workspace workspace = Workspace.open()) {
      Pass pass = Pass.of(workspace, Workers.single(), 1);
      Sequential model = Sequential.build(input, 1, arena, spec);
      Tensor weight = model.params().getFirst().value();
      weight.copyFrom(integers(arena, weight.shape(), seed));
      Tensor x = integers(arena, input.batch(n), seed + 1);
      Tensor dy = integers(arena, model.outputShape().batch(n), seed + 2);
      Saved saved = new Saved();
      pass.begin(0);
      double forward = dot(dy, model.forward(x, saved, pass));
      Tensor dx = Objects.requireNonNull(model.backward(dy, saved, pass, true));
      assertThat(dot(dx, x)).isEqualTo(forward);
      assertThat(dot(model.params().getFirst().gradient(), weight)).isEqualTo(forward);
    }
  }

  @Property(tries = 150)
  void convTranspose2dBackwardIsTheAdjointOfForward(@ForAll @IntRange(min = 1, max = 5) int kernel,
      @ForAll @IntRange(min = 1, max = 6) int height, @ForAll @IntRange(min = 1, max = 6) int width,
      @ForAll @IntRange(min = 1, max = 20) int channels, @ForAll @IntRange(min = 1, max = 20) int filters,
      @ForAll @IntRange(min = 1, max = 3) int stride, @ForAll Padding padding, @ForAll @IntRange(min = 1, max = 3) int n,
      @ForAll long seed) {
    adjoint(ConvTranspose2d.of(filters, kernel, Activation.LINEAR).withPadding(padding).withStrides(stride, stride),
        Shape.of(height, width, channels), n, seed);
  }

  @Property(tries = 150)
  void conv1dBackwardIsTheAdjointOfForward(@ForAll @IntRange(min = 1, max = 4) int kernel,
      @ForAll @IntRange(min = 0, max = 9) int more, @ForAll @IntRange(min = 1, max = 9) int channels,
      @ForAll @IntRange(min = 1, max = 20) int filters, @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll @IntRange(min = 1, max = 2) int dilation, @ForAll Padding padding, @ForAll boolean causal,
      @ForAll @IntRange(min = 1, max = 3) int n, @ForAll long seed) {
    Conv1d.Spec spec = Conv1d.of(filters, kernel, Activation.LINEAR).withPadding(padding).withStride(stride).withDilation(dilation);
    adjoint(causal ? spec.withCausalPadding() : spec, Shape.of((kernel - 1) * dilation + 1 + more, channels), n, seed);
  }

  /** A transposed convolution is the matrix of a convolution, transposed: with one kernel <conv x, y> = <x, transposed y>. */
  @Property(tries = 100)
  void convTranspose2dUndoesTheShapeOfConv2dAndIsItsAdjoint(@ForAll @IntRange(min = 1, max = 5) int kernel,
      @ForAll @IntRange(min = 1, max = 5) int size, @ForAll @IntRange(min = 1, max = 3) int stride, @ForAll Padding padding,
      @ForAll @IntRange(min = 1, max = 9) int channels, @ForAll @IntRange(min = 1, max = 9) int filters, @ForAll long seed) {
    try (Arena arena = Arena.ofConfined(); Workspace workspace = Workspace.open()) {
      Pass pass = Pass.of(workspace, Workers.single(), 1);
      Sequential up = Sequential.build(Shape.of(size, size, channels), 1, arena,
          ConvTranspose2d.of(filters, kernel, Activation.LINEAR).withPadding(padding).withStrides(stride, stride));
      Sequential down = Sequential.build(up.outputShape(), 1, arena,
          Conv2d.of(channels, kernel, Activation.LINEAR).withPadding(padding).withStrides(stride, stride));
      assertThat(down.outputShape()).isEqualTo(up.inputShape());
      Tensor weight = integers(arena, down.params().getFirst().shape(), seed);
      up.params().getFirst().value().copyFrom(weight);
      down.params().getFirst().value().copyFrom(weight);
      Tensor small = integers(arena, up.inputShape().batch(2), seed + 1);
      Tensor large = integers(arena, up.outputShape().batch(2), seed + 2);
      pass.begin(0);
      assertThat(dot(up.infer(small, pass), large)).isEqualTo(dot(small, down.infer(large, pass)));
    }
  }

  @Property(tries = 30)
  void theBitsDoNotDependOnTheThreads(@ForAll long seed) {
    float[] one = gradients(seed, 1);
    assertThat(gradients(seed, 2)).isEqualTo(one);
    assertThat(gradients(seed, 4)).isEqualTo(one);
  }

  private static float[] gradients(long seed, int threads) {
    try (Arena arena = Arena.ofShared(); Workspace workspace = Workspace.open(); Workers workers = Workers.threads(threads)) {
      Pass pass = Pass.of(workspace, workers, seed);
      Sequential model = Sequential.build(Shape.of(40), seed, arena, Dense.of(2 * 49, Activation.TANH), Reparameterize.of(),
          Reshape.to(Shape.of(7, 7, 1)), ConvTranspose2d.of(20, 4, Activation.RELU).withPadding(Padding.SAME).withStrides(2, 2),
          UpSample2d.of(2), Conv2d.of(3, 3, Activation.SIGMOID));
      Saved saved = new Saved();
      pass.begin(5);
      Tensor y = model.forward(integers(arena, Shape.of(9, 40), seed), saved, pass);
      model.backward(integers(arena, y.shape(), ~seed), saved, pass, false);
      return model.parameters().gradients().toArray();
    }
  }
}
