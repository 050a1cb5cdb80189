package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What layers can be made of: the last number that each takes, and the first that it refuses. */
class LayerSpecsTest {
  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  private Layer build(Shape input, LayerSpec spec) {
    return Params.<Layer>build(1, arena, params -> spec.build(input, params)).model();
  }

  /** Layers that are made of sizes. */
  enum Sized {
    DENSE("Dense", 1, n -> Dense.of(n[0])),
    EMBEDDING("Embedding", 2, n -> Embedding.of(n[0], n[1])),
    TIED_EMBEDDING("Embedding", 2, n -> TiedEmbedding.of(n[0], n[1], Initializer.ONES)),
    CONV_1D("Conv1d", 4, n -> Conv1d.of(n[0], n[1], Activation.LINEAR).withStride(n[2]).withDilation(n[3])),
    CONV_2D("Conv2d", 8, n -> Conv2d.of(n[0], n[1], n[2], Activation.LINEAR).withStrides(n[3], n[4]).withDilation(n[5], n[6])
        .withGroups(n[7])),
    DEPTHWISE_CONV_2D("DepthwiseConv2d", 1, n -> DepthwiseConv2d.of(1, Activation.LINEAR).withMultiplier(n[0])),
    CONV_TRANSPOSE_2D("ConvTranspose2d", 5, n -> ConvTranspose2d.of(n[0], n[1], n[2], Activation.LINEAR).withStrides(n[3], n[4])),
    MAX_POOL_2D("MaxPool2d", 4, n -> MaxPool2d.of(n[0], n[1]).withStrides(n[2], n[3])),
    AVG_POOL_2D("AvgPool2d", 4, n -> AvgPool2d.of(n[0], n[1]).withStrides(n[2], n[3])),
    UP_SAMPLE_2D("UpSample2d", 2, n -> UpSample2d.of(n[0], n[1])),
    LSTM("LSTM", 1, n -> Lstm.of(n[0])),
    MULTI_HEAD_ATTENTION("MultiHeadAttention", 1, n -> MultiHeadAttention.of(n[0])),
    TRANSFORMER_BLOCK("MultiHeadAttention", 1, n -> TransformerBlock.of(n[0]));

    final String name;
    final int sizes;
    final Function<int[], Object> of;

    Sized(String name, int sizes, Function<int[], Object> of) {
      this.name = name;
      this.sizes = sizes;
      this.of = of;
    }
  }

  @ParameterizedTest
  @EnumSource(Sized.class)
  void eachSizeMayBeOneAndNoneMayBeLess(Sized layer) {
    int[] ones = new int[layer.sizes];
    Arrays.fill(ones, 1);
    assertThat(layer.of.apply(ones)).isNotNull();
    for (int i = 0; i < layer.sizes; i++) {
      int[] sizes = ones.clone();
      sizes[i] = 0;
      assertThatThrownBy(() -> layer.of.apply(sizes)).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(layer.name + ":");
    }
  }

  /** Numbers between two bounds, each of which belongs to them or not. */
  enum Bounded {
    LEAKY_RELU(LeakyRelu::of, 0, false, 1, false),
    ELU(Elu::of, 0, false, Float.POSITIVE_INFINITY, false),
    DROPOUT(Dropout::of, 0, true, 1, false),
    LAYER_NORM(LayerNorm::of, 0, false, Float.POSITIVE_INFINITY, true),
    MOMENTUM(momentum -> BatchNorm.of().withMomentum(momentum), 0, true, 1, false),
    EPSILON(epsilon -> BatchNorm.of().withEpsilon(epsilon), 0, false, Float.POSITIVE_INFINITY, true),
    UNIFORM(Initializer::uniform, 0, false, Float.POSITIVE_INFINITY, false),
    NORMAL(Initializer::normal, 0, false, Float.POSITIVE_INFINITY, false);

    final Function<Float, Object> of;
    final float low;
    final boolean lowBelongs;
    final float high;
    final boolean highBelongs;

    Bounded(Function<Float, Object> of, float low, boolean lowBelongs, float high, boolean highBelongs) {
      this.of = of;
      this.low = low;
      this.lowBelongs = lowBelongs;
      this.high = high;
      this.highBelongs = highBelongs;
    }
  }

  @ParameterizedTest
  @EnumSource(Bounded.class)
  void aNumberIsTakenUpToItsBoundsAndNoFurther(Bounded number) {
    float first = number.lowBelongs ? number.low : Math.nextUp(number.low);
    float last = number.highBelongs ? number.high : Math.nextDown(number.high);
    assertThat(number.of.apply(first)).isNotNull();
    assertThat(number.of.apply(last)).isNotNull();
    assertThatThrownBy(() -> number.of.apply(Math.nextDown(first))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> number.of.apply(Float.NaN)).isInstanceOf(IllegalArgumentException.class);
    if (last < Float.POSITIVE_INFINITY) {
      assertThatThrownBy(() -> number.of.apply(Math.nextUp(last))).isInstanceOf(IllegalArgumentException.class);
    }
  }

  static Stream<LayerSpec> ofImages() {
    return Stream.of(Conv2d.of(1, 1, Activation.LINEAR), DepthwiseConv2d.of(1, Activation.LINEAR),
        ConvTranspose2d.of(1, 1, Activation.LINEAR), MaxPool2d.of(1), AvgPool2d.of(1), GlobalAvgPool.of(), UpSample2d.of(1));
  }

  static Stream<LayerSpec> ofSequences() {
    return Stream.of(MultiHeadAttention.of(1), TransformerBlock.of(1), PositionalEmbedding.of());
  }

  @ParameterizedTest
  @MethodSource("ofImages")
  void layersOfImagesTakeNothingElse(LayerSpec spec) {
    assertThat(build(Shape.of(2, 3, 4), spec).inputShape()).isEqualTo(Shape.of(2, 3, 4));
    for (Shape other : new Shape[] {Shape.of(4), Shape.of(3, 4), Shape.of(2, 2, 3, 4)}) {
      assertThatThrownBy(() -> build(other, spec)).isInstanceOf(ShapeException.class)
          .hasMessageContaining("images [n, height, width, channels] are expected");
    }
  }

  @ParameterizedTest
  @MethodSource("ofSequences")
  void layersOfSequencesTakeNothingElse(LayerSpec spec) {
    assertThat(build(Shape.of(3, 4), spec).inputShape()).isEqualTo(Shape.of(3, 4));
    for (Shape other : new Shape[] {Shape.of(4), Shape.of(2, 3, 4)}) {
      assertThatThrownBy(() -> build(other, spec)).isInstanceOf(ShapeException.class)
          .hasMessageContaining("sequences [n, t, width] are expected");
    }
  }

  @Test
  void kernelsAndWindowsMayBeAsLargeAsTheImageAndNoLarger() {
    Shape image = Shape.of(3, 4, 1);
    for (int[] more : new int[][] {{0, 0}, {1, 0}, {0, 1}}) {
      int height = 3 + more[0];
      int width = 4 + more[1];
      for (LayerSpec spec : new LayerSpec[] {Conv2d.of(1, height, width, Activation.LINEAR),
          DepthwiseConv2d.of(height, width, Activation.LINEAR), MaxPool2d.of(height, width), AvgPool2d.of(height, width)}) {
        if (height + width == 7) {
          assertThat(build(image, spec).outputShape()).isEqualTo(Shape.of(1, 1, 1));
        } else {
          assertThatThrownBy(() -> build(image, spec)).isInstanceOf(ShapeException.class).hasMessageContaining(height + "x" + width)
              .hasMessageContaining("do not fit images [n, 3, 4, 1]");
        }
      }
    }
  }

  @Test
  void branchesDifferInTheirLastAxisAlone() {
    assertThat(build(Shape.of(4, 4, 3), Concat.of(Relu.of(), Conv2d.of(2, 1, Activation.LINEAR))).outputShape())
        .isEqualTo(Shape.of(4, 4, 5));
    for (LayerSpec other : new LayerSpec[] {AvgPool2d.of(2, 1), AvgPool2d.of(1, 2), Flatten.of()}) {
      assertThatThrownBy(() -> build(Shape.of(4, 4, 3), Concat.of(Relu.of(), other))).isInstanceOf(ShapeException.class)
          .hasMessageContaining("all axes but the last must be the same");
    }
    assertThatThrownBy(() -> build(Shape.of(1), Concat.of(Reshape.to(Shape.of())))).isInstanceOf(ShapeException.class)
        .hasMessageContaining("all axes but the last must be the same");
  }

  @Test
  void channelsDivideIntoGroupsAndHeadsOrAreRefused() {
    assertThatCode(() -> build(Shape.of(2, 2, 6), Conv2d.of(3, 1, Activation.LINEAR).withGroups(3))).doesNotThrowAnyException();
    for (LayerSpec spec : new LayerSpec[] {Conv2d.of(8, 1, Activation.LINEAR).withGroups(4),
        Conv2d.of(5, 1, Activation.LINEAR).withGroups(3)}) {
      assertThatThrownBy(() -> build(Shape.of(2, 2, 6), spec)).isInstanceOf(ShapeException.class)
          .hasMessageContaining("both must be multiples of the groups");
    }
    for (int[] headsAndWidth : new int[][] {{4, 6}, {1, 0}}) {
      assertThatThrownBy(() -> build(Shape.of(2, headsAndWidth[1]), MultiHeadAttention.of(headsAndWidth[0])))
          .isInstanceOf(ShapeException.class).hasMessageContaining("choose a width that is a multiple of the heads");
    }
  }

  private CrossAttention cross(int heads, Shape input, Shape memory) {
    return Params.build(1, arena, params -> CrossAttention.build(heads, input, memory, params)).model();
  }

  @Test
  void attentionToAMemoryTakesTwoSequencesAndHeadsThatShareTheWidth() {
    assertThat(cross(1, Shape.of(2, 4), Shape.of(3, 5)).params()).hasSize(6);
    for (Shape other : new Shape[] {Shape.of(4), Shape.of(2, 2, 4)}) {
      assertThatThrownBy(() -> cross(1, other, Shape.of(3, 5))).isInstanceOf(ShapeException.class)
          .hasMessageContaining("sequences [n, t, width] are expected");
      assertThatThrownBy(() -> cross(1, Shape.of(2, 4), other)).isInstanceOf(ShapeException.class)
          .hasMessageContaining("sequences [n, t, width] are expected");
    }
    for (int[] headsAndWidth : new int[][] {{0, 4}, {3, 4}, {1, 0}}) {
      assertThatThrownBy(() -> cross(headsAndWidth[0], Shape.of(2, headsAndWidth[1]), Shape.of(3, 5)))
          .isInstanceOf(ShapeException.class).hasMessageContaining("choose a width that is a multiple of the heads");
    }
  }

  @Test
  void eachSequenceHasAMemoryOfItsOwn() {
    CrossAttention attention = cross(1, Shape.of(2, 4), Shape.of(3, 5));
    try (Workspace workspace = Workspace.open()) {
      Pass pass = Pass.of(workspace, Workers.single(), 1);
      for (int memories : new int[] {1, 3}) {
        Tensor x = Tensor.allocate(arena, Shape.of(2, 2, 4));
        Tensor memory = Tensor.allocate(arena, Shape.of(memories, 3, 5));
        assertThatThrownBy(() -> attention.infer(x, memory, pass)).isInstanceOf(ShapeException.class)
            .hasMessageContaining("2 sequences but " + memories + " memories");
        assertThatThrownBy(() -> attention.forward(x, memory, new Saved(), pass)).isInstanceOf(ShapeException.class)
            .hasMessageContaining("2 sequences but " + memories + " memories");
      }
    }
  }

  /** Kernels of ones, and of zeros where a layer takes a second kind of first values. */
  @Test
  void firstValuesAreThoseThatAreGiven() {
    Initializer ones = Initializer.ONES;
    Initializer zeros = Initializer.ZEROS;
    assertThat(firstValues(Shape.of(3), Dense.of(2).withInitializer(ones))).containsOnly(1);
    assertThat(firstValues(Shape.of(3, 3, 1), Conv2d.of(2, 2, Activation.RELU).withInitializer(ones))).containsOnly(1);
    assertThat(firstValues(Shape.of(3, 3, 2), DepthwiseConv2d.of(2, Activation.RELU).withInitializer(ones))).containsOnly(1);
    assertThat(firstValues(Shape.of(3, 3, 2), ConvTranspose2d.of(2, 2, Activation.RELU).withInitializer(ones))).containsOnly(1);
    assertThat(firstValues(Shape.of(3, 2), Conv1d.of(2, 2, Activation.RELU).withInitializer(ones))).containsOnly(1);
    assertThat(firstValues(Shape.of(3), Embedding.of(5, 2, ones))).containsOnly(1);
    assertThat(firstValues(Shape.of(3), TiedEmbedding.of(5, 2, ones).embed())).containsOnly(1);
    assertThat(firstValues(Shape.of(3, 2), PositionalEmbedding.of(ones))).containsOnly(1);
    Layer attention = build(Shape.of(3, 2), MultiHeadAttention.of(1).withInitializers(ones, zeros));
    Layer block = build(Shape.of(3, 2), TransformerBlock.of(1).withInitializers(ones, zeros));
    for (Layer layer : new Layer[] {attention, block}) {
      for (Param param : layer.params()) {
        if (param.name().endsWith("kernel")) {
          boolean last = param.name().contains("/out");
          assertThat(param.value().toArray()).as(param.name()).containsOnly(last ? 0 : 1);
        }
      }
    }
  }

  private float[] firstValues(Shape input, LayerSpec spec) {
    return build(input, spec).params().getFirst().value().toArray();
  }

  @Test
  void layersTellWhatTheyWereMadeOf() {
    assertThat(((Embedding) build(Shape.of(3), Embedding.of(11, 2))).vocabulary()).isEqualTo(11);
    assertThat(((Dense) build(Shape.of(3), Dense.of(2, Activation.TANH))).activation()).isEqualTo(Activation.TANH);
    assertThat(((Conv2d) build(Shape.of(3, 3, 1), Conv2d.of(2, 1, Activation.RELU))).activation()).isEqualTo(Activation.RELU);
  }
}
