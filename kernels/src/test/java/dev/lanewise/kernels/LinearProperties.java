package dev.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * What every linear kernel has in common, each gradient for one: fp32 rounds relative to the result, so twice an operand gives exactly
 * twice the result, the negative exactly the negative, and nothing gives nothing. A constant that crept in, a stale accumulator or an operand
 * read in the other's place breaks one of them, whatever the bound.
 */
class LinearProperties {
  private static final Workers ONE = Crew.of(1);
  private static final int ROWS = 3;
  private static final int COLS = 37;
  private static final int N = ROWS * COLS;

  /** Each a linear function of N numbers; all other operands are fixed. */
  enum Linear {
    RELU_BACKWARD((x, y) -> Activations.reluBackward(N, Fixed.OTHER, x, y, ONE)),
    LEAKY_RELU_BACKWARD((x, y) -> Activations.leakyReluBackward(N, 0.3f, Fixed.OTHER, x, y, ONE)),
    ELU_BACKWARD((x, y) -> Activations.eluBackward(N, 1.3f, Fixed.OTHER, x, y, ONE)),
    SIGMOID_BACKWARD((x, y) -> Activations.sigmoidBackward(N, Fixed.SHARES, x, y, ONE)),
    TANH_BACKWARD((x, y) -> Activations.tanhBackward(N, Fixed.SHARES, x, y, ONE)),
    SOFTPLUS_BACKWARD((x, y) -> Activations.softplusBackward(N, Fixed.SHARES, x, y, ONE)),
    GELU_BACKWARD((x, y) -> Activations.geluBackward(N, Fixed.OTHER, x, y, ONE)),
    GELU_TANH_BACKWARD((x, y) -> Activations.geluTanhBackward(N, Fixed.OTHER, x, y, ONE)),
    SILU_BACKWARD((x, y) -> Activations.siluBackward(N, Fixed.OTHER, x, y, ONE)),
    SOFTMAX_BACKWARD((x, y) -> Softmax.backward(ROWS, COLS, Fixed.SHARES, x, y, ONE)),
    LOG_SOFTMAX_BACKWARD((x, y) -> Softmax.logSoftmaxBackward(ROWS, COLS, Fixed.LOGARITHMS, x, y, ONE)),
    LAYER_NORM_BACKWARD((x, y) -> Norms.layerNormBackward(
        ROWS, COLS, Fixed.OTHER, Fixed.SHARES, Fixed.LOGARITHMS, Fixed.POSITIVE, x, y, Fixed.scrap(), Fixed.scrap(), false, ONE)),
    BATCH_NORM_BACKWARD((x, y) -> Norms.batchNormBackward(
        ROWS, COLS, Fixed.OTHER, Fixed.SHARES, Fixed.LOGARITHMS, Fixed.POSITIVE, x, y, Fixed.scrap(), Fixed.scrap(), false, ONE)),
    GEMM((x, y) -> Gemm.multiply(false, false, ROWS, ROWS, COLS, x, COLS, Fixed.OTHER, ROWS, y, ROWS, false, Epilogue.NONE, ONE),
        ROWS * ROWS),
    CONVOLUTION((x, y) -> Fixed.CONV.forward(1, x, Fixed.OTHER, y, Epilogue.NONE, ONE), 2 * (COLS - 1) * 4),
    CONVOLUTIONS_INPUT((x, y) -> Fixed.CONV_BACK.backwardInput(1, x, Fixed.OTHER, y, ONE), 4 * (COLS + 1)),
    CONVOLUTIONS_WEIGHTS((x, y) -> Fixed.CONV_BACK.backwardWeights(1, Fixed.OTHER, x, y, false, ONE), 4),
    DEPTHWISE((x, y) -> Fixed.DEPTHWISE.forward(1, x, Fixed.OTHER, y, Epilogue.NONE, ONE), 2 * COLS),
    MEANS((x, y) -> Fixed.POOL.averageForward(1, x, y, ONE), 2 * COLS),
    MEANS_BACKWARD((x, y) -> Fixed.POOL_BACK.averageBackward(1, x, y, ONE), 4 * COLS),
    ENLARGED((x, y) -> Fixed.UP.forward(1, x, y, ONE), 4 * N),
    ENLARGED_BACKWARD((x, y) -> Fixed.UP_BACK.backward(1, x, y, ONE), COLS),
    ROWS_LOOKED_UP((x, y) -> Embedding.gather(ROWS, COLS, x, 4, Fixed.IDS, y, ONE), 4 * COLS),
    ROWS_SCATTERED((x, y) -> Embedding.scatterAdd(ROWS, COLS, ROWS, Fixed.IDS, x, y, false, ONE)),
    REPARAMETERISED((x, y) -> Variational.backward(ROWS, COLS, Fixed.OTHER, Fixed.POSITIVE, x, y, ONE), 2 * N),
    SUMS_OF_COLUMNS((x, y) -> Reductions.columnSums(ROWS, COLS, x, y, false, ONE), COLS),
    SUM((x, y) -> y.setAtIndex(JAVA_FLOAT, 0, Reductions.sum(N, x)), 1),
    INNER_PRODUCT((x, y) -> y.setAtIndex(JAVA_FLOAT, 0, Reductions.dot(N, x, Fixed.OTHER)), 1),
    MULTIPLES((x, y) -> Elementwise.scale(N, 0.7f, x, y)),
    PRODUCTS((x, y) -> Elementwise.multiply(N, x, Fixed.OTHER, y)),
    TRANSPOSED((x, y) -> Elementwise.transpose(ROWS, COLS, x, y));

    private interface Door {
      void apply(MemorySegment x, MemorySegment y);
    }

    private final Door door;
    private final int outputs;

    Linear(Door door) {
      this(door, N);
    }

    Linear(Door door, int outputs) {
      this.door = door;
      this.outputs = outputs;
    }

    /** Zeros without their sign: a sum of x and -x is +0 either way round. */
    float[] of(float... x) {
      Guarded y = Guarded.nanFilled(outputs);
      door.apply(Data.segment(x), y.segment());
      assertThat(y.guardsIntact()).isTrue();
      float[] result = y.floats();
      for (int i = 0; i < result.length; i++) {
        result[i] += 0f;
      }
      return result;
    }
  }

  /** The operands that stay; larger than any kernel above reads. */
  private static final class Fixed {
    static final MemorySegment OTHER = Data.segment(Data.seeded(1).uniform(4 * N, -3f, 3f));
    static final MemorySegment SHARES = Data.segment(Data.seeded(2).uniform(4 * N, 0.01f, 0.9f));
    static final MemorySegment LOGARITHMS = Data.segment(Data.seeded(3).uniform(4 * N, -5f, -0.1f));
    static final MemorySegment POSITIVE = Data.segment(Data.seeded(4).uniform(4 * N, 0.2f, 2f));
    static final MemorySegment IDS = Guarded.ofInts(2, 0, 2, 1).segment();
    static final Conv2d CONV = Conv2d.valid(ROWS, COLS, 1, 2, 2, 4);
    static final Conv2d CONV_BACK = Conv2d.valid(ROWS + 1, COLS + 1, 1, 2, 2, 1);
    static final Conv2d DEPTHWISE = Conv2d.valid(1, ROWS, COLS, 1, 2, COLS).withGroups(COLS);
    static final Pool2d POOL = Pool2d.of(1, ROWS, COLS, 1, 2, 1, 1);
    static final Pool2d POOL_BACK = Pool2d.of(1, 4, COLS, 1, 2, 1, 1);
    static final UpSample2d UP = new UpSample2d(1, ROWS, COLS, 2, 2);
    static final UpSample2d UP_BACK = new UpSample2d(1, 1, COLS, 1, ROWS);

    private Fixed() {}

    static MemorySegment scrap() {
      return Data.segment(new float[COLS]);
    }
  }

  private static float[] times(float factor, float... x) {
    float[] scaled = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      scaled[i] = factor * x[i] + 0f;
    }
    return scaled;
  }

  @Property(tries = 300)
  void aPowerOfTwoPassesThroughToTheLastBit(@ForAll Linear kernel, @ForAll @IntRange(min = -20, max = 20) int power, @ForAll long seed) {
    float[] x = Data.seeded(seed).uniform(N, -2f, 2f);
    float factor = Math.scalb(1f, power);
    assertThat(kernel.of(times(factor, x))).isEqualTo(times(factor, kernel.of(x)));
  }

  @Property(tries = 200)
  void theNegativeGivesTheNegative(@ForAll Linear kernel, @ForAll long seed) {
    float[] x = Data.seeded(seed).uniform(N, -2f, 2f);
    assertThat(kernel.of(times(-1, x))).isEqualTo(times(-1, kernel.of(x)));
  }

  @Property
  void nothingGivesNothing(@ForAll Linear kernel) {
    assertThat(kernel.of(new float[N])).containsOnly(0f);
  }

  /** An element that is not finite stays so: none of them can lose it, or hide it behind a comparison. */
  @Property(tries = 200)
  void aNanThatIsReadIsSeenInTheResult(@ForAll Linear kernel, @ForAll @IntRange(min = 0, max = N - 1) int at, @ForAll long seed) {
    float[] x = Data.seeded(seed).uniform(N, -2f, 2f);
    float[] before = kernel.of(x);
    x[at] += 1;
    boolean read = !Arrays.equals(before, kernel.of(x));
    x[at] = Float.NaN;
    float[] after = kernel.of(x);
    boolean seen = false;
    for (float v : after) {
      seen |= Float.isNaN(v);
    }
    assertThat(seen).isEqualTo(read);
  }
}
