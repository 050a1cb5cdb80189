package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * What every door that takes one operand and gives one result promises, whatever it computes: any address that is a multiple of 4, all elements
 * written and none beside them, the operand left alone, and refusals of memory that would be slow, short, misaligned, overlapping or gone.
 */
class EveryKernelProperties {
  private static final Workers ONE = Crew.of(1);
  private static final int ROWS = 3;
  private static final int COLS = 37;
  private static final int N = ROWS * COLS;

  /** Which overlap of result and operand a door allows. */
  enum Alias {
    /** The result may be the operand itself. */
    SAME,
    /** They share no byte. */
    NONE,
    /** Any. */
    ANY
  }

  /** Each from N numbers to some. */
  enum Kernel {
    RELU((x, y) -> Activations.relu(N, x, y, ONE)),
    LEAKY_RELU((x, y) -> Activations.leakyRelu(N, 0.3f, x, y, ONE)),
    ELU((x, y) -> Activations.elu(N, 1.3f, x, y, ONE)),
    SIGMOID((x, y) -> Activations.sigmoid(N, x, y, ONE)),
    TANH((x, y) -> Activations.tanh(N, x, y, ONE)),
    EXP((x, y) -> Activations.exp(N, x, y, ONE)),
    LOG((x, y) -> Activations.log(N, x, y, ONE)),
    ERF((x, y) -> Activations.erf(N, x, y, ONE)),
    RSQRT((x, y) -> Activations.rsqrt(N, x, y, ONE)),
    GELU((x, y) -> Activations.gelu(N, x, y, ONE)),
    GELU_TANH((x, y) -> Activations.geluTanh(N, x, y, ONE)),
    SILU((x, y) -> Activations.silu(N, x, y, ONE)),
    SOFTPLUS((x, y) -> Activations.softplus(N, x, y, ONE)),
    GELU_BACKWARD((x, y) -> Activations.geluBackward(N, Fixed.OTHER, x, y, ONE)),
    SOFTMAX((x, y) -> Softmax.forward(ROWS, COLS, x, y, ONE)),
    LOG_SOFTMAX((x, y) -> Softmax.logSoftmax(ROWS, COLS, x, y, ONE)),
    SOFTMAX_BACKWARD((x, y) -> Softmax.backward(ROWS, COLS, Fixed.OTHER, x, y, ONE)),
    LOG_SOFTMAX_BACKWARD((x, y) -> Softmax.logSoftmaxBackward(ROWS, COLS, Fixed.OTHER, x, y, ONE), N, Alias.NONE),
    LAYER_NORM((x, y) -> Norms.layerNorm(ROWS, COLS, x, Fixed.OTHER, Fixed.OTHER, 0.1f, y, Fixed.scrap(), Fixed.scrap(), ONE)),
    BATCH_NORM_INFERENCE(
        (x, y) -> Norms.batchNormInference(ROWS, COLS, x, Fixed.OTHER, Fixed.OTHER, 0.1f, Fixed.OTHER, Fixed.POSITIVE, y, ONE)),
    SCALE((x, y) -> Elementwise.scale(N, 0.7f, x, y)),
    ADD((x, y) -> Elementwise.add(N, x, Fixed.OTHER, y)),
    ADD_ROW((x, y) -> Elementwise.addRow(ROWS, COLS, x, Fixed.OTHER, y)),
    COPY((x, y) -> Elementwise.copy(N, x, y), N, Alias.ANY),
    TRANSPOSE((x, y) -> Elementwise.transpose(ROWS, COLS, x, y), N, Alias.NONE),
    GEMM((x, y) -> Gemm.multiply(
        false, false, ROWS, 40, COLS, x, COLS, Fixed.OTHER, 40, y, 40, false, Epilogue.bias(Fixed.OTHER).withRelu(), ONE), ROWS * 40,
        Alias.NONE),
    GEMM_TRANSPOSED((x, y) -> Gemm.multiply(
        true, true, COLS, 40, ROWS, x, COLS, Fixed.OTHER, ROWS, y, 40, false, Epilogue.NONE, ONE), COLS * 40, Alias.NONE),
    CONVOLUTION((x, y) -> Fixed.CONV.forward(1, x, Fixed.OTHER, y, Epilogue.NONE, ONE), 2 * (COLS - 1) * 4, Alias.NONE),
    CONVOLUTIONS_INPUT((x, y) -> Fixed.CONV_BACK.backwardInput(1, x, Fixed.OTHER, y, ONE), 4 * (COLS + 1), Alias.NONE),
    CONVOLUTIONS_WEIGHTS((x, y) -> Fixed.CONV_BACK.backwardWeights(1, Fixed.OTHER, x, y, false, ONE), 4, Alias.NONE),
    PATCHES((x, y) -> Im2col.run(Fixed.CONV.geometry(), 1, x, y), 2 * (COLS - 1) * 4, Alias.NONE),
    MAXIMA((x, y) -> Fixed.POOL.maxForward(1, x, y, ONE), 2 * COLS, Alias.NONE),
    MEANS((x, y) -> Fixed.POOL.averageForward(1, x, y, ONE), 2 * COLS, Alias.NONE),
    MEANS_BACKWARD((x, y) -> Fixed.POOL_BACK.averageBackward(1, x, y, ONE), 4 * COLS, Alias.NONE),
    ENLARGED((x, y) -> Fixed.UP.forward(1, x, y, ONE), 4 * N, Alias.NONE),
    ENLARGED_BACKWARD((x, y) -> Fixed.UP_BACK.backward(1, x, y, ONE), COLS, Alias.NONE),
    ROWS_LOOKED_UP((x, y) -> Embedding.gather(ROWS, COLS, x, 4, Fixed.IDS, y, ONE), 4 * COLS, Alias.NONE),
    ROWS_SCATTERED((x, y) -> Embedding.scatterAdd(ROWS, COLS, ROWS, Fixed.IDS, x, y, false, ONE), N, Alias.NONE),
    SUMS_OF_COLUMNS((x, y) -> Reductions.columnSums(ROWS, COLS, x, y, false, ONE), COLS, Alias.NONE),
    GREATEST((x, y) -> Reductions.argmax(ROWS, COLS, x, y), ROWS, Alias.NONE),
    SQUARED_ERROR((x, y) -> Losses.squaredError(ROWS, COLS, x, Fixed.OTHER, y, ONE), ROWS, Alias.NONE),
    CROSS_ENTROPY((x, y) -> Losses.crossEntropy(ROWS, COLS, x, Fixed.POSITIVE, y, ONE), ROWS, Alias.NONE),
    ATTENTION((x, y) -> Fixed.ATTENTION.infer(1, ROWS, ROWS, x, x, MemorySegment.NULL, y, ONE), ROWS * 12, Alias.NONE, ROWS * 36),
    DRAWN((x, y) -> Variational.divergence(ROWS, 18, x, Fixed.POSITIVE, y, ONE), ROWS, Alias.NONE, ROWS * 36);

    private interface Door {
      void apply(MemorySegment x, MemorySegment y);
    }

    final Door door;
    final int inputs;
    final int outputs;
    final Alias alias;

    Kernel(Door door) {
      this(door, N, Alias.SAME);
    }

    Kernel(Door door, int outputs, Alias alias) {
      this(door, outputs, alias, N);
    }

    Kernel(Door door, int outputs, Alias alias, int inputs) {
      this.door = door;
      this.inputs = inputs;
      this.outputs = outputs;
      this.alias = alias;
    }

    /** Positive, so that log and rsqrt have results too. */
    float[] operand(long seed) {
      return Data.seeded(seed).uniform(inputs, 0.1f, 3f);
    }

    int[] bits(float... x) {
      Guarded y = Guarded.nanFilled(outputs);
      door.apply(Data.segment(x), y.segment());
      assertThat(y.guardsIntact()).isTrue();
      return y.bits();
    }
  }

  /** The operands that stay; larger than any kernel above reads. */
  private static final class Fixed {
    static final MemorySegment OTHER = Data.segment(Data.seeded(1).uniform(40 * N, -3f, 3f));
    static final MemorySegment POSITIVE = Data.segment(Data.seeded(4).uniform(4 * N, 0.2f, 2f));
    static final MemorySegment IDS = Guarded.ofInts(2, 0, 2, 1).segment();
    static final Conv2d CONV = Conv2d.valid(ROWS, COLS, 1, 2, 2, 4);
    static final Conv2d CONV_BACK = Conv2d.valid(ROWS + 1, COLS + 1, 1, 2, 2, 1);
    static final Pool2d POOL = Pool2d.of(1, ROWS, COLS, 1, 2, 1, 1);
    static final Pool2d POOL_BACK = Pool2d.of(1, 4, COLS, 1, 2, 1, 1);
    static final UpSample2d UP = new UpSample2d(1, ROWS, COLS, 2, 2);
    static final UpSample2d UP_BACK = new UpSample2d(1, 1, COLS, 1, ROWS);
    static final Attention ATTENTION = Attention.self(3, 4, true);

    private Fixed() {}

    static MemorySegment scrap() {
      return Data.segment(new float[COLS]);
    }
  }

  /** The numbers, beginning so many floats after a multiple of 64 bytes. */
  private static MemorySegment at(int shift, float... x) {
    MemorySegment segment = Arena.ofAuto().allocate(4L * (x.length + shift), 64).asSlice(4L * shift);
    return segment.copyFrom(MemorySegment.ofArray(x));
  }

  @Property(tries = 400)
  void theAddressChangesNoBit(
      @ForAll Kernel kernel, @ForAll @IntRange(min = 0, max = 15) int ofX, @ForAll @IntRange(min = 0, max = 15) int ofY,
      @ForAll long seed) {
    float[] x = kernel.operand(seed);
    MemorySegment y = at(ofY, new float[kernel.outputs]);
    kernel.door.apply(at(ofX, x), y);
    Guarded copy = Guarded.nanFilled(kernel.outputs);
    copy.segment().copyFrom(y);
    assertThat(copy.bits()).isEqualTo(kernel.bits(x));
  }

  @Property(tries = 200)
  void theOperandIsLeftAsItWas(@ForAll Kernel kernel, @ForAll long seed) {
    Guarded x = Guarded.of(kernel.operand(seed));
    int[] before = x.bits();
    kernel.door.apply(x.segment(), Guarded.nanFilled(kernel.outputs).segment());
    assertThat(x.bits()).isEqualTo(before);
    assertThat(x.guardsIntact()).isTrue();
  }

  @Property(tries = 200)
  void whatTheResultHeldBeforeDoesNotMatter(@ForAll Kernel kernel, @ForAll long seed) {
    float[] x = kernel.operand(seed);
    Guarded y = Guarded.of(Data.seeded(~seed).edgy(kernel.outputs));
    kernel.door.apply(Data.segment(x), y.segment());
    assertThat(y.bits()).isEqualTo(kernel.bits(x));
  }

  @Property(tries = 200)
  void aResultMayBeTheOperandWhereTheDoorSaysSo(@ForAll Kernel kernel, @ForAll long seed) {
    float[] x = kernel.operand(seed);
    Guarded both = Guarded.of(Arrays.copyOf(x, Math.max(x.length, kernel.outputs)));
    if (kernel.alias == Alias.NONE) {
      assertThatThrownBy(() -> kernel.door.apply(both.segment(), both.segment())).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("overlap");
    } else {
      kernel.door.apply(both.segment(), both.segment());
      assertThat(both.bits()).isEqualTo(kernel.bits(x));
    }
  }

  @Property(tries = 200)
  void anyOtherOverlapIsRefused(@ForAll Kernel kernel, @ForAll @IntRange(min = 1, max = 2) int shift) {
    if (kernel.alias == Alias.ANY) {
      return;
    }
    MemorySegment memory = Data.segment(new float[kernel.inputs + kernel.outputs + shift]);
    assertThatThrownBy(() -> kernel.door.apply(memory, memory.asSlice(4L * shift))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("overlap");
    assertThatThrownBy(() -> kernel.door.apply(memory.asSlice(4L * shift), memory)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("overlap");
  }

  @Property(tries = 200)
  void memoryThatIsTooShortIsRefusedWithBothSizes(@ForAll Kernel kernel, @ForAll boolean operand) {
    MemorySegment x = Data.segment(new float[kernel.inputs - (operand ? 1 : 0)]);
    MemorySegment y = Data.segment(new float[kernel.outputs - (operand ? 0 : 1)]);
    int needed = operand ? kernel.inputs : kernel.outputs;
    assertThatThrownBy(() -> kernel.door.apply(x, y)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Integer.toString(needed)).hasMessageContaining(Integer.toString(needed - 1));
  }

  @Property(tries = 200)
  void memoryOnTheHeapIsRefused(@ForAll Kernel kernel, @ForAll boolean operand) {
    MemorySegment heap = MemorySegment.ofArray(new float[Math.max(kernel.inputs, kernel.outputs)]);
    MemorySegment off = Data.segment(new float[Math.max(kernel.inputs, kernel.outputs)]);
    assertThatThrownBy(() -> kernel.door.apply(operand ? heap : off, operand ? off : heap)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("heap");
  }

  @Property(tries = 200)
  void anAddressThatIsNoMultipleOf4IsRefused(@ForAll Kernel kernel, @ForAll boolean operand,
      @ForAll @IntRange(min = 1, max = 3) int bytes) {
    MemorySegment odd = Data.segment(new float[Math.max(kernel.inputs, kernel.outputs) + 1]).asSlice(bytes);
    MemorySegment even = Data.segment(new float[Math.max(kernel.inputs, kernel.outputs)]);
    assertThatThrownBy(() -> kernel.door.apply(operand ? odd : even, operand ? even : odd)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4");
  }

  @Property(tries = 200)
  void memoryThatWasGivenBackIsRefused(@ForAll Kernel kernel, @ForAll boolean operand) {
    // Before the other, whose address it could get otherwise.
    MemorySegment alive = Data.segment(new float[Math.max(kernel.inputs, kernel.outputs)]);
    MemorySegment gone;
    try (Arena arena = Arena.ofConfined()) {
      gone = arena.allocate(4L * Math.max(kernel.inputs, kernel.outputs), 64);
    }
    assertThatThrownBy(() -> kernel.door.apply(operand ? gone : alive, operand ? alive : gone)).isInstanceOf(IllegalStateException.class);
  }
}
