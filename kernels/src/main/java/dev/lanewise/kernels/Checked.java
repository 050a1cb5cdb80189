package dev.lanewise.kernels;

import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.kernels.activation.ActivationsTask.Function;
import dev.lanewise.kernels.cpu.Simd;
import dev.lanewise.kernels.gemm.GemmPath;
import dev.lanewise.kernels.loss.LossRows.Loss;
import dev.lanewise.kernels.selftest.ActivationsCase;
import dev.lanewise.kernels.selftest.AttentionCase;
import dev.lanewise.kernels.selftest.Conv2dCase;
import dev.lanewise.kernels.selftest.ElementwiseCase;
import dev.lanewise.kernels.selftest.EmbeddingCase;
import dev.lanewise.kernels.selftest.GemmCase.Part;
import dev.lanewise.kernels.selftest.GemmCase;
import dev.lanewise.kernels.selftest.LossesCase;
import dev.lanewise.kernels.selftest.NormsCase;
import dev.lanewise.kernels.selftest.OptimizersCase;
import dev.lanewise.kernels.selftest.Pool2dCase;
import dev.lanewise.kernels.selftest.RecurrentCase;
import dev.lanewise.kernels.selftest.ReductionsCase;
import dev.lanewise.kernels.selftest.RngCase.Kind;
import dev.lanewise.kernels.selftest.RngCase;
import dev.lanewise.kernels.selftest.SelfTest;
import dev.lanewise.kernels.selftest.SoftmaxCase;
import dev.lanewise.kernels.selftest.TransposeCase;
import dev.lanewise.kernels.selftest.UpSample2dCase;
import dev.lanewise.kernels.selftest.VariationalCase;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which families run their vector kernels: a class for each, so that a family is tried when its first kernel runs, once, and its flag is
 * a constant to the JIT afterwards. A family is no larger than need be, since a trial costs the first call what it takes in the interpreter: a
 * function and its slope, a loss, a cell. (Longer than most files: the same few lines for each family.)
 */
final class Checked {
  private Checked() {}

  /** Whether the vector kernels of a path of products may run: all that the path may come by. */
  static boolean product(GemmPath path) {
    return switch (path) {
      case FEW_ROWS -> OfFewRows.VECTORS;
      case WIDE_ROWS -> OfFewRows.VECTORS && OfWideRows.VECTORS;
      case DOTS -> OfDots.VECTORS;
      case PAIRS -> OfPairs.VECTORS;
      case SPREAD -> OfSpread.VECTORS && OfSpreadOne.VECTORS;
      case IN_PLACE -> OfInPlace.VECTORS && OfInPlaceOne.VECTORS;
      case IN_PLACE_OR_SPREAD -> OfInPlace.VECTORS && OfInPlaceOne.VECTORS && OfSpread.VECTORS && OfSpreadOne.VECTORS;
      case NARROW -> OfNarrow.VECTORS;
      case DIRECT -> OfDirect.VECTORS;
      case DIRECT_TRANSPOSED -> OfDirectTransposed.VECTORS;
      case PACKED -> OfPacked.VECTORS;
      case PACKED_TRANSPOSED -> OfPackedTransposed.VECTORS;
      case TURNED -> OfTurn.VECTORS && OfPacked.VECTORS;
      case TURNED_TRANSPOSED -> OfTurn.VECTORS && OfPackedTransposed.VECTORS;
      case COLUMN -> OfColumn.VECTORS;
      case TURNED_COLUMN -> OfTurn.VECTORS && OfColumn.VECTORS;
    };
  }

  /** Whether the vector kernels of a loss may run. */
  static boolean loss(Loss loss) {
    return switch (loss) {
      case SPARSE_CROSS_ENTROPY -> OfSparseCrossEntropy.VECTORS;
      case CROSS_ENTROPY -> OfCrossEntropy.VECTORS;
      case BINARY_CROSS_ENTROPY -> OfBinaryCrossEntropy.VECTORS;
      case SQUARED_ERROR -> OfSquaredError.VECTORS;
    };
  }

  /** Whether the vector kernels of a recurrent cell may run. */
  static boolean cell(Cell cell) {
    return switch (cell) {
      case RNN_TANH -> OfRnnTanh.VECTORS;
      case RNN_RELU -> OfRnnRelu.VECTORS;
      case LSTM -> OfLstm.VECTORS;
      case GRU -> OfGru.VECTORS;
    };
  }

  static final class OfRelu {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Activations.relu", new ActivationsCase(Function.RELU, Function.RELU_BACKWARD));

    private OfRelu() {}
  }

  static final class OfLeakyRelu {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Activations.leakyRelu", new ActivationsCase(Function.LEAKY_RELU, Function.LEAKY_RELU_BACKWARD));

    private OfLeakyRelu() {}
  }

  static final class OfElu {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Activations.elu", new ActivationsCase(Function.ELU, Function.ELU_BACKWARD));

    private OfElu() {}
  }

  static final class OfSigmoid {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Activations.sigmoid", new ActivationsCase(Function.SIGMOID, Function.SIGMOID_BACKWARD));

    private OfSigmoid() {}
  }

  static final class OfTanh {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Activations.tanh", new ActivationsCase(Function.TANH, Function.TANH_BACKWARD));

    private OfTanh() {}
  }

  static final class OfExp {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.exp", new ActivationsCase(Function.EXP));

    private OfExp() {}
  }

  static final class OfLog {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.log", new ActivationsCase(Function.LOG));

    private OfLog() {}
  }

  static final class OfErf {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.erf", new ActivationsCase(Function.ERF));

    private OfErf() {}
  }

  static final class OfRsqrt {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.rsqrt", new ActivationsCase(Function.RSQRT));

    private OfRsqrt() {}
  }

  static final class OfGelu {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Activations.gelu", new ActivationsCase(Function.GELU, Function.GELU_BACKWARD));

    private OfGelu() {}
  }

  static final class OfGeluTanh {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Activations.geluTanh", new ActivationsCase(Function.GELU_TANH, Function.GELU_TANH_BACKWARD));

    private OfGeluTanh() {}
  }

  static final class OfSilu {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Activations.silu", new ActivationsCase(Function.SILU, Function.SILU_BACKWARD));

    private OfSilu() {}
  }

  static final class OfSoftplus {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Activations.softplus", new ActivationsCase(Function.SOFTPLUS, Function.SOFTPLUS_BACKWARD));

    private OfSoftplus() {}
  }

  static final class OfAttention {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Attention", new AttentionCase());

    private OfAttention() {}
  }

  static final class OfConv2d {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Conv2d", new Conv2dCase());

    private OfConv2d() {}
  }

  static final class OfElementwise {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Elementwise", new ElementwiseCase());

    private OfElementwise() {}
  }

  static final class OfTranspose {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Elementwise.transpose", new TransposeCase());

    private OfTranspose() {}
  }

  static final class OfEmbedding {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Embedding", new EmbeddingCase());

    private OfEmbedding() {}
  }

  static final class OfFewRows {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.fewRows", new GemmCase(Part.FEW_ROWS));

    private OfFewRows() {}
  }

  static final class OfWideRows {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.wideRows", new GemmCase(Part.WIDE_ROWS));

    private OfWideRows() {}
  }

  static final class OfDots {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.dots", new GemmCase(Part.DOTS));

    private OfDots() {}
  }

  static final class OfPairs {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.pairs", new GemmCase(Part.PAIRS));

    private OfPairs() {}
  }

  static final class OfSpread {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.spread", new GemmCase(Part.SPREAD));

    private OfSpread() {}
  }

  static final class OfSpreadOne {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.spreadOne", new GemmCase(Part.SPREAD_ONE));

    private OfSpreadOne() {}
  }

  static final class OfInPlace {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.inPlace", new GemmCase(Part.IN_PLACE));

    private OfInPlace() {}
  }

  static final class OfInPlaceOne {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.inPlaceOne", new GemmCase(Part.IN_PLACE_ONE));

    private OfInPlaceOne() {}
  }

  static final class OfNarrow {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.narrow", new GemmCase(Part.NARROW));

    private OfNarrow() {}
  }

  static final class OfDirect {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.direct", new GemmCase(Part.DIRECT));

    private OfDirect() {}
  }

  static final class OfDirectTransposed {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.directTransposed", new GemmCase(Part.DIRECT_TRANSPOSED));

    private OfDirectTransposed() {}
  }

  static final class OfPacked {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.packed", new GemmCase(Part.PACKED));

    private OfPacked() {}
  }

  static final class OfPackedTransposed {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.packedTransposed", new GemmCase(Part.PACKED_TRANSPOSED));

    private OfPackedTransposed() {}
  }

  static final class OfColumn {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.column", new GemmCase(Part.COLUMN));

    private OfColumn() {}
  }

  static final class OfTurn {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm.turn", new GemmCase(Part.TURN));

    private OfTurn() {}
  }

  /** What multiplies by panels, and packs them, since these have no other way. */
  static final class OfPanels {
    static final boolean VECTORS =
        Simd.ENABLED && OfDirect.VECTORS && OfDirectTransposed.VECTORS && OfTurn.VECTORS
            && SelfTest.passed("Gemm.panels", new GemmCase(Part.PANELS));

    private OfPanels() {}
  }

  static final class OfSparseCrossEntropy {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Losses.sparseCrossEntropy", new LossesCase(Loss.SPARSE_CROSS_ENTROPY));

    private OfSparseCrossEntropy() {}
  }

  static final class OfCrossEntropy {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Losses.crossEntropy", new LossesCase(Loss.CROSS_ENTROPY));

    private OfCrossEntropy() {}
  }

  static final class OfBinaryCrossEntropy {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Losses.binaryCrossEntropy", new LossesCase(Loss.BINARY_CROSS_ENTROPY));

    private OfBinaryCrossEntropy() {}
  }

  static final class OfSquaredError {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Losses.squaredError", new LossesCase(Loss.SQUARED_ERROR));

    private OfSquaredError() {}
  }

  static final class OfNorms {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Norms", new NormsCase());

    private OfNorms() {}
  }

  static final class OfOptimizers {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Optimizers", new OptimizersCase());

    private OfOptimizers() {}
  }

  static final class OfMaxPool2d {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Pool2d.max", new Pool2dCase(false));

    private OfMaxPool2d() {}
  }

  static final class OfAveragePool2d {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Pool2d.average", new Pool2dCase(true));

    private OfAveragePool2d() {}
  }

  static final class OfRnnTanh {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Recurrent.rnnTanh", new RecurrentCase(Cell.RNN_TANH));

    private OfRnnTanh() {}
  }

  static final class OfRnnRelu {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Recurrent.rnnRelu", new RecurrentCase(Cell.RNN_RELU));

    private OfRnnRelu() {}
  }

  static final class OfLstm {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Recurrent.lstm", new RecurrentCase(Cell.LSTM));

    private OfLstm() {}
  }

  static final class OfGru {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Recurrent.gru", new RecurrentCase(Cell.GRU));

    private OfGru() {}
  }

  static final class OfReductions {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Reductions", new ReductionsCase());

    private OfReductions() {}
  }

  static final class OfUniform {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Rng.uniform", new RngCase(Kind.UNIFORM));

    private OfUniform() {}
  }

  static final class OfNormal {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Rng.normal", new RngCase(Kind.NORMAL));

    private OfNormal() {}
  }

  static final class OfDropoutMask {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Rng.dropoutMask", new RngCase(Kind.DROPOUT_MASK));

    private OfDropoutMask() {}
  }

  static final class OfSoftmax {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Softmax", new SoftmaxCase());

    private OfSoftmax() {}
  }

  static final class OfUpSample2d {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("UpSample2d", new UpSample2dCase());

    private OfUpSample2d() {}
  }

  static final class OfVariational {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Variational", new VariationalCase());

    private OfVariational() {}
  }

  /** A case for each family, by its name. */
  static Map<String, SelfTest.Case> cases() {
    Map<String, SelfTest.Case> cases = new LinkedHashMap<>();
    cases.put("Activations.relu", new ActivationsCase(Function.RELU, Function.RELU_BACKWARD));
    cases.put("Activations.leakyRelu", new ActivationsCase(Function.LEAKY_RELU, Function.LEAKY_RELU_BACKWARD));
    cases.put("Activations.elu", new ActivationsCase(Function.ELU, Function.ELU_BACKWARD));
    cases.put("Activations.sigmoid", new ActivationsCase(Function.SIGMOID, Function.SIGMOID_BACKWARD));
    cases.put("Activations.tanh", new ActivationsCase(Function.TANH, Function.TANH_BACKWARD));
    cases.put("Activations.exp", new ActivationsCase(Function.EXP));
    cases.put("Activations.log", new ActivationsCase(Function.LOG));
    cases.put("Activations.erf", new ActivationsCase(Function.ERF));
    cases.put("Activations.rsqrt", new ActivationsCase(Function.RSQRT));
    cases.put("Activations.gelu", new ActivationsCase(Function.GELU, Function.GELU_BACKWARD));
    cases.put("Activations.geluTanh", new ActivationsCase(Function.GELU_TANH, Function.GELU_TANH_BACKWARD));
    cases.put("Activations.silu", new ActivationsCase(Function.SILU, Function.SILU_BACKWARD));
    cases.put("Activations.softplus", new ActivationsCase(Function.SOFTPLUS, Function.SOFTPLUS_BACKWARD));
    cases.put("Attention", new AttentionCase());
    cases.put("Conv2d", new Conv2dCase());
    cases.put("Elementwise", new ElementwiseCase());
    cases.put("Elementwise.transpose", new TransposeCase());
    cases.put("Embedding", new EmbeddingCase());
    cases.put("Gemm.fewRows", new GemmCase(Part.FEW_ROWS));
    cases.put("Gemm.wideRows", new GemmCase(Part.WIDE_ROWS));
    cases.put("Gemm.dots", new GemmCase(Part.DOTS));
    cases.put("Gemm.pairs", new GemmCase(Part.PAIRS));
    cases.put("Gemm.spread", new GemmCase(Part.SPREAD));
    cases.put("Gemm.spreadOne", new GemmCase(Part.SPREAD_ONE));
    cases.put("Gemm.inPlace", new GemmCase(Part.IN_PLACE));
    cases.put("Gemm.inPlaceOne", new GemmCase(Part.IN_PLACE_ONE));
    cases.put("Gemm.narrow", new GemmCase(Part.NARROW));
    cases.put("Gemm.direct", new GemmCase(Part.DIRECT));
    cases.put("Gemm.directTransposed", new GemmCase(Part.DIRECT_TRANSPOSED));
    cases.put("Gemm.packed", new GemmCase(Part.PACKED));
    cases.put("Gemm.packedTransposed", new GemmCase(Part.PACKED_TRANSPOSED));
    cases.put("Gemm.column", new GemmCase(Part.COLUMN));
    cases.put("Gemm.turn", new GemmCase(Part.TURN));
    cases.put("Gemm.panels", new GemmCase(Part.PANELS));
    cases.put("Losses.sparseCrossEntropy", new LossesCase(Loss.SPARSE_CROSS_ENTROPY));
    cases.put("Losses.crossEntropy", new LossesCase(Loss.CROSS_ENTROPY));
    cases.put("Losses.binaryCrossEntropy", new LossesCase(Loss.BINARY_CROSS_ENTROPY));
    cases.put("Losses.squaredError", new LossesCase(Loss.SQUARED_ERROR));
    cases.put("Norms", new NormsCase());
    cases.put("Optimizers", new OptimizersCase());
    cases.put("Pool2d.max", new Pool2dCase(false));
    cases.put("Pool2d.average", new Pool2dCase(true));
    cases.put("Recurrent.rnnTanh", new RecurrentCase(Cell.RNN_TANH));
    cases.put("Recurrent.rnnRelu", new RecurrentCase(Cell.RNN_RELU));
    cases.put("Recurrent.lstm", new RecurrentCase(Cell.LSTM));
    cases.put("Recurrent.gru", new RecurrentCase(Cell.GRU));
    cases.put("Reductions", new ReductionsCase());
    cases.put("Rng.uniform", new RngCase(Kind.UNIFORM));
    cases.put("Rng.normal", new RngCase(Kind.NORMAL));
    cases.put("Rng.dropoutMask", new RngCase(Kind.DROPOUT_MASK));
    cases.put("Softmax", new SoftmaxCase());
    cases.put("UpSample2d", new UpSample2dCase());
    cases.put("Variational", new VariationalCase());
    return cases;
  }
}
