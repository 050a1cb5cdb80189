package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Laws of layers that hold at any size. */
class LayersProperties {
  private static final int TRIES = 150;

  /** A layer on random parameters, an input and a gradient for its output. */
  private static final class Scene implements AutoCloseable {
    final Arena arena = Arena.ofShared();
    final Workspace workspace = Workspace.open();
    final Workers workers;
    final Pass pass;
    final Sequential layer;
    final Tensor x;
    final Tensor dy;

    Scene(LayerSpec spec, Shape input, int n, long seed, int threads) {
      workers = threads == 1 ? Workers.single() : Workers.threads(threads);
      pass = Pass.of(workspace, workers, seed);
      layer = Sequential.build(input, seed, arena, spec);
      x = random(input.batch(n), seed + 1);
      dy = random(layer.outputShape().batch(n), seed + 2);
    }

    Tensor random(Shape shape, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      Tensor tensor = Tensor.allocate(arena, shape);
      for (long i = 0; i < tensor.size(); i++) {
        tensor.set(i, (float) random.nextDouble(-1, 1));
      }
      return tensor;
    }

    Tensor copy(Tensor tensor) {
      return Tensor.allocate(arena, tensor.shape()).copyFrom(tensor);
    }

    Tensor forward(Tensor input, Saved saved) {
      pass.begin(3);
      return copy(layer.forward(input, saved, pass));
    }

    Tensor backward(Saved saved) {
      return copy(Objects.requireNonNull(layer.backward(copy(dy), saved, pass, true)));
    }

    Param weight() {
      return layer.params().getFirst();
    }

    @Override
    public void close() {
      workers.close();
      workspace.close();
      arena.close();
    }
  }

  private static double dot(Tensor a, Tensor b) {
    double sum = 0;
    for (long i = 0; i < a.size(); i++) {
      sum += (double) a.get(i) * b.get(i);
    }
    return sum;
  }

  private static Tensor absolute(Tensor tensor) {
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, Math.abs(tensor.get(i)));
    }
    return tensor;
  }

  /** For the input <dy, J x> = <J'dy, x>, for the weights <dy, J w> = <dw, w>: both are the same sum of dy w x. */
  private static void adjoint(LayerSpec spec, Shape input, int n, long seed, int forwardTerms, int inputTerms, int weightTerms) {
    try (Scene scene = new Scene(spec, input, n, seed, 1)) {
      Saved saved = new Saved();
      double forward = dot(scene.dy, scene.forward(scene.x, saved));
      double backward = dot(scene.backward(saved), scene.x);
      double weights = dot(scene.weight().gradient(), scene.weight().value());
      absolute(scene.weight().value());
      double mass = dot(absolute(scene.dy), scene.forward(absolute(scene.x), saved)) * 1.001;
      double gamma = Bounds.gammaOf(forwardTerms);
      assertThat(Math.abs(forward - backward)).isLessThanOrEqualTo((gamma + Bounds.gammaOf(inputTerms)) * mass);
      assertThat(Math.abs(forward - weights)).isLessThanOrEqualTo((gamma + Bounds.gammaOf(weightTerms)) * mass);
      assertThat(mass).isPositive();
    }
  }

  @Property(tries = TRIES)
  void denseBackwardIsTheAdjointOfForward(@ForAll @IntRange(min = 1, max = 40) int in,
      @ForAll @IntRange(min = 1, max = 40) int out, @ForAll @IntRange(min = 1, max = 9) int n, @ForAll long seed) {
    adjoint(Dense.of(out), Shape.of(in), n, seed, in + 1, out, n);
  }

  @Property(tries = TRIES)
  void conv2dBackwardIsTheAdjointOfForward(@ForAll @IntRange(min = 1, max = 3) int kernel,
      @ForAll @IntRange(min = 0, max = 6) int more, @ForAll @IntRange(min = 1, max = 5) int channels,
      @ForAll @IntRange(min = 1, max = 20) int filters, @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll Padding padding, @ForAll @IntRange(min = 1, max = 3) int n, @ForAll long seed) {
    LayerSpec spec = Conv2d.of(filters, kernel, Activation.LINEAR).withPadding(padding).withStrides(stride, stride);
    int size = kernel + more;
    adjoint(spec, Shape.of(size, size, channels), n, seed, kernel * kernel * channels + 1, kernel * kernel * filters,
        n * size * size);
  }

  /** ceil(size / stride) outputs along an axis, or as many as kernels fit; whatever the other axis does. */
  @Property(tries = TRIES)
  void paddingDecidesHowLargeTheOutputOfAConvolutionIs(@ForAll @Size(2) List<@IntRange(min = 1, max = 4) Integer> kernel,
      @ForAll @Size(2) List<@IntRange(min = 1, max = 3) Integer> stride,
      @ForAll @Size(2) List<@IntRange(min = 1, max = 3) Integer> dilation,
      @ForAll @Size(2) List<@IntRange(min = 0, max = 6) Integer> more, @ForAll Padding padding) {
    int[] size = new int[2];
    int[] want = new int[2];
    for (int axis = 0; axis < 2; axis++) {
      int reach = (kernel.get(axis) - 1) * dilation.get(axis) + 1;
      size[axis] = reach + more.get(axis);
      want[axis] = padding == Padding.SAME ? Math.ceilDiv(size[axis], stride.get(axis)) : more.get(axis) / stride.get(axis) + 1;
    }
    LayerSpec spec = Conv2d.of(2, kernel.get(0), kernel.get(1), Activation.LINEAR).withStrides(stride.get(0), stride.get(1))
        .withDilation(dilation.get(0), dilation.get(1)).withPadding(padding);
    try (Scene scene = new Scene(spec, Shape.of(size[0], size[1], 1), 1, 1, 1)) {
      assertThat(scene.forward(scene.x, new Saved()).shape()).isEqualTo(Shape.of(1, want[0], want[1], 2));
    }
  }

  @Property(tries = TRIES)
  void flattenMovesNothing(@ForAll @IntRange(min = 1, max = 5) int a, @ForAll @IntRange(min = 1, max = 5) int b,
      @ForAll @IntRange(min = 1, max = 5) int n, @ForAll long seed) {
    try (Scene scene = new Scene(Flatten.of(), Shape.of(a, b), n, seed, 1)) {
      Saved saved = new Saved();
      assertThat(scene.forward(scene.x, saved).toArray()).isEqualTo(scene.x.toArray());
      Tensor dx = scene.backward(saved);
      assertThat(dx.toArray()).isEqualTo(scene.dy.toArray());
      assertThat(dx.shape()).isEqualTo(scene.x.shape());
    }
  }

  @Property(tries = TRIES)
  void maxPoolSendsEachGradientToAnElementThatEqualsTheMaximum(@ForAll @IntRange(min = 1, max = 3) int pool,
      @ForAll @IntRange(min = 0, max = 5) int more, @ForAll @IntRange(min = 1, max = 20) int channels,
      @ForAll @IntRange(min = 1, max = 3) int n, @ForAll long seed) {
    Shape input = Shape.of(pool + more, pool + more, channels);
    try (Scene scene = new Scene(MaxPool2d.of(pool), input, n, seed, 1)) {
      Saved saved = new Saved();
      Tensor y = scene.forward(scene.x, saved);
      double forward = dot(scene.dy, y);
      double backward = dot(scene.backward(saved), scene.x);
      double mass = dot(absolute(scene.dy), absolute(y));
      // The same products of two floats, exact in double, added in another order.
      assertThat(Math.abs(forward - backward)).isLessThanOrEqualTo(2 * (scene.x.size() + 1) * 0x1p-53 * mass);
    }
  }

  @Property(tries = TRIES)
  void dropoutUsesOneMaskForwardAndBackwardAndNoneInUse(@ForAll @IntRange(min = 0, max = 9) int tenths,
      @ForAll @IntRange(min = 1, max = 60) int d, @ForAll @IntRange(min = 1, max = 5) int n, @ForAll long seed) {
    float rate = tenths / 10f;
    try (Scene scene = new Scene(Dropout.of(rate), Shape.of(d), n, seed, 1)) {
      Saved saved = new Saved();
      Tensor ones = scene.copy(scene.x).fill(1);
      float[] mask = scene.forward(ones, saved).toArray();
      float kept = 1 / (1 - rate);
      float[] y = scene.forward(scene.x, saved).toArray();
      float[] dx = scene.backward(saved).toArray();
      for (int i = 0; i < mask.length; i++) {
        assertThat(mask[i]).isIn(0f, kept);
        assertThat(y[i]).isEqualTo(scene.x.get(i) * mask[i]);
        assertThat(dx[i]).isEqualTo(scene.dy.get(i) * mask[i]);
      }
      assertThat(scene.layer.infer(scene.x, scene.pass)).isSameAs(scene.x);
    }
  }

  @Property(tries = 40)
  void theBitsDoNotDependOnTheThreads(@ForAll long seed) {
    LayerSpec spec = Chain.of(Conv2d.of(20, 3, Activation.RELU), MaxPool2d.of(2), Dropout.of(0.3f), Flatten.of(),
        Dense.of(17, Activation.TANH), Softmax.of());
    try (Scene one = new Scene(spec, Shape.of(11, 9, 2), 5, seed, 1);
        Scene two = new Scene(spec, Shape.of(11, 9, 2), 5, seed, 2)) {
      Saved saved = new Saved();
      assertThat(one.forward(one.x, saved).toArray()).isEqualTo(two.forward(two.x, saved).toArray());
      Saved a = new Saved();
      Saved b = new Saved();
      one.forward(one.x, a);
      two.forward(two.x, b);
      assertThat(one.backward(a).toArray()).isEqualTo(two.backward(b).toArray());
      assertThat(one.layer.parameters().gradients().toArray()).isEqualTo(two.layer.parameters().gradients().toArray());
    }
  }
}
