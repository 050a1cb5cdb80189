package dev.lanewise.kernels;

import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.kernels.cpu.Simd;
import dev.lanewise.kernels.loss.LossRows.Loss;
import dev.lanewise.kernels.selftest.AttentionCase;
import dev.lanewise.kernels.selftest.Conv2dCase;
import dev.lanewise.kernels.selftest.ElementwiseCase;
import dev.lanewise.kernels.selftest.EmbeddingCase;
import dev.lanewise.kernels.selftest.LossesCase;
import dev.lanewise.kernels.selftest.NormsCase;
import dev.lanewise.kernels.selftest.OptimizersCase;
import dev.lanewise.kernels.selftest.Pool2dCase;
import dev.lanewise.kernels.selftest.RecurrentCase;
import dev.lanewise.kernels.selftest.ReductionsCase;
import dev.lanewise.kernels.selftest.RngCase;
import dev.lanewise.kernels.selftest.RngCase.Kind;
import dev.lanewise.kernels.selftest.SelfTest;
import dev.lanewise.kernels.selftest.SoftmaxCase;
import dev.lanewise.kernels.selftest.TransposeCase;
import dev.lanewise.kernels.selftest.UpSample2dCase;
import dev.lanewise.kernels.selftest.VariationalCase;
import dev.lanewise.kernels.softmax.SoftmaxTask.Function;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which families run their vector kernels: a class for each, so that a family is tried when its first kernel runs, once, and its flag is
 * a constant to the JIT afterwards. A family is no larger than need be, since a trial costs the first call what it takes in the interpreter: a
 * function or its slope, a loss, a cell forwards or back, a tile of products. (Longer than most files: the same few lines for each family.)
 */
final class Checked {
  private Checked() {}

  /** Whether the vector kernels of a loss may run. */
  static boolean loss(Loss loss) {
    return switch (loss) {
      case SPARSE_CROSS_ENTROPY -> OfLossesSparseCrossEntropy.VECTORS;
      case CROSS_ENTROPY -> OfLossesCrossEntropy.VECTORS;
      case BINARY_CROSS_ENTROPY -> OfLossesBinaryCrossEntropy.VECTORS;
      case SQUARED_ERROR -> OfLossesSquaredError.VECTORS;
    };
  }

  /** Whether the vector kernels of a recurrent cell may run. */
  static boolean cell(Cell cell) {
    return switch (cell) {
      case RNN_TANH -> OfRecurrentRnnTanh.VECTORS;
      case RNN_RELU -> OfRecurrentRnnRelu.VECTORS;
      case LSTM -> OfRecurrentLstm.VECTORS;
      case GRU -> OfRecurrentGru.VECTORS;
    };
  }

  /** The same of a cell's gradients. */
  static boolean cellBackward(Cell cell) {
    return switch (cell) {
      case RNN_TANH -> OfRecurrentRnnTanhBackward.VECTORS;
      case RNN_RELU -> OfRecurrentRnnReluBackward.VECTORS;
      case LSTM -> OfRecurrentLstmBackward.VECTORS;
      case GRU -> OfRecurrentGruBackward.VECTORS;
    };
  }

  static final class OfAttentionForward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Attention.forward", new AttentionCase(AttentionCase.Part.FORWARD));

    private OfAttentionForward() {}
  }

  static final class OfAttentionBackward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Attention.backward", new AttentionCase(AttentionCase.Part.BACKWARD));

    private OfAttentionBackward() {}
  }

  static final class OfAttentionStep {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Attention.step", new AttentionCase(AttentionCase.Part.STEP));

    private OfAttentionStep() {}
  }

  static final class OfConv2dForward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Conv2d.forward", new Conv2dCase(false, Conv2dCase.Part.FORWARD));

    private OfConv2dForward() {}
  }

  static final class OfConv2dBackwardInput {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Conv2d.backwardInput", new Conv2dCase(false, Conv2dCase.Part.BACKWARD_INPUT));

    private OfConv2dBackwardInput() {}
  }

  static final class OfConv2dBackwardWeights {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Conv2d.backwardWeights", new Conv2dCase(false, Conv2dCase.Part.BACKWARD_WEIGHTS));

    private OfConv2dBackwardWeights() {}
  }

  static final class OfConv2dDepthwiseForward {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Conv2d.depthwiseForward", new Conv2dCase(true, Conv2dCase.Part.FORWARD));

    private OfConv2dDepthwiseForward() {}
  }

  static final class OfConv2dDepthwiseBackwardInput {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Conv2d.depthwiseBackwardInput", new Conv2dCase(true, Conv2dCase.Part.BACKWARD_INPUT));

    private OfConv2dDepthwiseBackwardInput() {}
  }

  static final class OfConv2dDepthwiseBackwardWeights {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Conv2d.depthwiseBackwardWeights", new Conv2dCase(true, Conv2dCase.Part.BACKWARD_WEIGHTS));

    private OfConv2dDepthwiseBackwardWeights() {}
  }

  static final class OfElementwise {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Elementwise", new ElementwiseCase());

    private OfElementwise() {}
  }

  static final class OfElementwiseTranspose {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Elementwise.transpose", new TransposeCase());

    private OfElementwiseTranspose() {}
  }

  static final class OfEmbedding {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Embedding", new EmbeddingCase());

    private OfEmbedding() {}
  }

  static final class OfLossesSparseCrossEntropy {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Losses.sparseCrossEntropy", new LossesCase(Loss.SPARSE_CROSS_ENTROPY));

    private OfLossesSparseCrossEntropy() {}
  }

  static final class OfLossesCrossEntropy {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Losses.crossEntropy", new LossesCase(Loss.CROSS_ENTROPY));

    private OfLossesCrossEntropy() {}
  }

  static final class OfLossesBinaryCrossEntropy {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Losses.binaryCrossEntropy", new LossesCase(Loss.BINARY_CROSS_ENTROPY));

    private OfLossesBinaryCrossEntropy() {}
  }

  static final class OfLossesSquaredError {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Losses.squaredError", new LossesCase(Loss.SQUARED_ERROR));

    private OfLossesSquaredError() {}
  }

  static final class OfNormsLayerNorm {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Norms.layerNorm", new NormsCase(NormsCase.Part.LAYER));

    private OfNormsLayerNorm() {}
  }

  static final class OfNormsLayerNormBackward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Norms.layerNormBackward", new NormsCase(NormsCase.Part.LAYER_BACKWARD));

    private OfNormsLayerNormBackward() {}
  }

  static final class OfNormsBatchNorm {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Norms.batchNorm", new NormsCase(NormsCase.Part.BATCH));

    private OfNormsBatchNorm() {}
  }

  static final class OfNormsBatchNormInference {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Norms.batchNormInference", new NormsCase(NormsCase.Part.BATCH_INFERENCE));

    private OfNormsBatchNormInference() {}
  }

  static final class OfNormsBatchNormBackward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Norms.batchNormBackward", new NormsCase(NormsCase.Part.BATCH_BACKWARD));

    private OfNormsBatchNormBackward() {}
  }

  static final class OfOptimizers {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Optimizers", new OptimizersCase());

    private OfOptimizers() {}
  }

  static final class OfPool2dMax {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Pool2d.max", new Pool2dCase(Pool2dCase.Part.MAX));

    private OfPool2dMax() {}
  }

  static final class OfPool2dMaxBackward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Pool2d.maxBackward", new Pool2dCase(Pool2dCase.Part.MAX_BACKWARD));

    private OfPool2dMaxBackward() {}
  }

  static final class OfPool2dAverage {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Pool2d.average", new Pool2dCase(Pool2dCase.Part.AVERAGE));

    private OfPool2dAverage() {}
  }

  static final class OfPool2dAverageBackward {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Pool2d.averageBackward", new Pool2dCase(Pool2dCase.Part.AVERAGE_BACKWARD));

    private OfPool2dAverageBackward() {}
  }

  static final class OfRecurrentRnnTanh {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Recurrent.rnnTanh", new RecurrentCase(Cell.RNN_TANH, false));

    private OfRecurrentRnnTanh() {}
  }

  static final class OfRecurrentRnnTanhBackward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Recurrent.rnnTanhBackward", new RecurrentCase(Cell.RNN_TANH, true));

    private OfRecurrentRnnTanhBackward() {}
  }

  static final class OfRecurrentRnnRelu {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Recurrent.rnnRelu", new RecurrentCase(Cell.RNN_RELU, false));

    private OfRecurrentRnnRelu() {}
  }

  static final class OfRecurrentRnnReluBackward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Recurrent.rnnReluBackward", new RecurrentCase(Cell.RNN_RELU, true));

    private OfRecurrentRnnReluBackward() {}
  }

  static final class OfRecurrentLstm {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Recurrent.lstm", new RecurrentCase(Cell.LSTM, false));

    private OfRecurrentLstm() {}
  }

  static final class OfRecurrentLstmBackward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Recurrent.lstmBackward", new RecurrentCase(Cell.LSTM, true));

    private OfRecurrentLstmBackward() {}
  }

  static final class OfRecurrentGru {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Recurrent.gru", new RecurrentCase(Cell.GRU, false));

    private OfRecurrentGru() {}
  }

  static final class OfRecurrentGruBackward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Recurrent.gruBackward", new RecurrentCase(Cell.GRU, true));

    private OfRecurrentGruBackward() {}
  }

  static final class OfReductionsSum {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Reductions.sum", new ReductionsCase(ReductionsCase.Part.SUM));

    private OfReductionsSum() {}
  }

  static final class OfReductionsDot {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Reductions.dot", new ReductionsCase(ReductionsCase.Part.DOT));

    private OfReductionsDot() {}
  }

  static final class OfReductionsColumnSums {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Reductions.columnSums", new ReductionsCase(ReductionsCase.Part.COLUMN_SUMS));

    private OfReductionsColumnSums() {}
  }

  static final class OfReductionsArgmax {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Reductions.argmax", new ReductionsCase(ReductionsCase.Part.ARGMAX));

    private OfReductionsArgmax() {}
  }

  static final class OfReductionsFirstNonFinite {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Reductions.firstNonFinite", new ReductionsCase(ReductionsCase.Part.FIRST_NON_FINITE));

    private OfReductionsFirstNonFinite() {}
  }

  static final class OfRngUniform {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Rng.uniform", new RngCase(Kind.UNIFORM));

    private OfRngUniform() {}
  }

  static final class OfRngNormal {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Rng.normal", new RngCase(Kind.NORMAL));

    private OfRngNormal() {}
  }

  static final class OfRngDropoutMask {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Rng.dropoutMask", new RngCase(Kind.DROPOUT_MASK));

    private OfRngDropoutMask() {}
  }

  static final class OfSoftmaxForward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Softmax.forward", new SoftmaxCase(Function.FORWARD));

    private OfSoftmaxForward() {}
  }

  static final class OfSoftmaxBackward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Softmax.backward", new SoftmaxCase(Function.BACKWARD));

    private OfSoftmaxBackward() {}
  }

  static final class OfSoftmaxLogSoftmax {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Softmax.logSoftmax", new SoftmaxCase(Function.LOG_FORWARD));

    private OfSoftmaxLogSoftmax() {}
  }

  static final class OfSoftmaxLogSoftmaxBackward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Softmax.logSoftmaxBackward", new SoftmaxCase(Function.LOG_BACKWARD));

    private OfSoftmaxLogSoftmaxBackward() {}
  }

  static final class OfUpSample2dForward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("UpSample2d.forward", new UpSample2dCase(false));

    private OfUpSample2dForward() {}
  }

  static final class OfUpSample2dBackward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("UpSample2d.backward", new UpSample2dCase(true));

    private OfUpSample2dBackward() {}
  }

  static final class OfVariationalSample {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Variational.sample", new VariationalCase(VariationalCase.Part.SAMPLE));

    private OfVariationalSample() {}
  }

  static final class OfVariationalBackward {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Variational.backward", new VariationalCase(VariationalCase.Part.BACKWARD));

    private OfVariationalBackward() {}
  }

  static final class OfVariationalDivergence {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Variational.divergence", new VariationalCase(VariationalCase.Part.DIVERGENCE));

    private OfVariationalDivergence() {}
  }

  static final class OfVariationalAddDivergenceGradient {
    static final boolean VECTORS =
        Simd.ENABLED
            && SelfTest.passed("Variational.addDivergenceGradient", new VariationalCase(VariationalCase.Part.ADD_DIVERGENCE_GRADIENT));

    private OfVariationalAddDivergenceGradient() {}
  }

  /** A case for each family, by its name. */
  static Map<String, SelfTest.Case> cases() {
    Map<String, SelfTest.Case> cases = new LinkedHashMap<>();
    cases.put("Attention.forward", new AttentionCase(AttentionCase.Part.FORWARD));
    cases.put("Attention.backward", new AttentionCase(AttentionCase.Part.BACKWARD));
    cases.put("Attention.step", new AttentionCase(AttentionCase.Part.STEP));
    cases.put("Conv2d.forward", new Conv2dCase(false, Conv2dCase.Part.FORWARD));
    cases.put("Conv2d.backwardInput", new Conv2dCase(false, Conv2dCase.Part.BACKWARD_INPUT));
    cases.put("Conv2d.backwardWeights", new Conv2dCase(false, Conv2dCase.Part.BACKWARD_WEIGHTS));
    cases.put("Conv2d.depthwiseForward", new Conv2dCase(true, Conv2dCase.Part.FORWARD));
    cases.put("Conv2d.depthwiseBackwardInput", new Conv2dCase(true, Conv2dCase.Part.BACKWARD_INPUT));
    cases.put("Conv2d.depthwiseBackwardWeights", new Conv2dCase(true, Conv2dCase.Part.BACKWARD_WEIGHTS));
    cases.put("Elementwise", new ElementwiseCase());
    cases.put("Elementwise.transpose", new TransposeCase());
    cases.put("Embedding", new EmbeddingCase());
    cases.put("Losses.sparseCrossEntropy", new LossesCase(Loss.SPARSE_CROSS_ENTROPY));
    cases.put("Losses.crossEntropy", new LossesCase(Loss.CROSS_ENTROPY));
    cases.put("Losses.binaryCrossEntropy", new LossesCase(Loss.BINARY_CROSS_ENTROPY));
    cases.put("Losses.squaredError", new LossesCase(Loss.SQUARED_ERROR));
    cases.put("Norms.layerNorm", new NormsCase(NormsCase.Part.LAYER));
    cases.put("Norms.layerNormBackward", new NormsCase(NormsCase.Part.LAYER_BACKWARD));
    cases.put("Norms.batchNorm", new NormsCase(NormsCase.Part.BATCH));
    cases.put("Norms.batchNormInference", new NormsCase(NormsCase.Part.BATCH_INFERENCE));
    cases.put("Norms.batchNormBackward", new NormsCase(NormsCase.Part.BATCH_BACKWARD));
    cases.put("Optimizers", new OptimizersCase());
    cases.put("Pool2d.max", new Pool2dCase(Pool2dCase.Part.MAX));
    cases.put("Pool2d.maxBackward", new Pool2dCase(Pool2dCase.Part.MAX_BACKWARD));
    cases.put("Pool2d.average", new Pool2dCase(Pool2dCase.Part.AVERAGE));
    cases.put("Pool2d.averageBackward", new Pool2dCase(Pool2dCase.Part.AVERAGE_BACKWARD));
    cases.put("Recurrent.rnnTanh", new RecurrentCase(Cell.RNN_TANH, false));
    cases.put("Recurrent.rnnTanhBackward", new RecurrentCase(Cell.RNN_TANH, true));
    cases.put("Recurrent.rnnRelu", new RecurrentCase(Cell.RNN_RELU, false));
    cases.put("Recurrent.rnnReluBackward", new RecurrentCase(Cell.RNN_RELU, true));
    cases.put("Recurrent.lstm", new RecurrentCase(Cell.LSTM, false));
    cases.put("Recurrent.lstmBackward", new RecurrentCase(Cell.LSTM, true));
    cases.put("Recurrent.gru", new RecurrentCase(Cell.GRU, false));
    cases.put("Recurrent.gruBackward", new RecurrentCase(Cell.GRU, true));
    cases.put("Reductions.sum", new ReductionsCase(ReductionsCase.Part.SUM));
    cases.put("Reductions.dot", new ReductionsCase(ReductionsCase.Part.DOT));
    cases.put("Reductions.columnSums", new ReductionsCase(ReductionsCase.Part.COLUMN_SUMS));
    cases.put("Reductions.argmax", new ReductionsCase(ReductionsCase.Part.ARGMAX));
    cases.put("Reductions.firstNonFinite", new ReductionsCase(ReductionsCase.Part.FIRST_NON_FINITE));
    cases.put("Rng.uniform", new RngCase(Kind.UNIFORM));
    cases.put("Rng.normal", new RngCase(Kind.NORMAL));
    cases.put("Rng.dropoutMask", new RngCase(Kind.DROPOUT_MASK));
    cases.put("Softmax.forward", new SoftmaxCase(Function.FORWARD));
    cases.put("Softmax.backward", new SoftmaxCase(Function.BACKWARD));
    cases.put("Softmax.logSoftmax", new SoftmaxCase(Function.LOG_FORWARD));
    cases.put("Softmax.logSoftmaxBackward", new SoftmaxCase(Function.LOG_BACKWARD));
    cases.put("UpSample2d.forward", new UpSample2dCase(false));
    cases.put("UpSample2d.backward", new UpSample2dCase(true));
    cases.put("Variational.sample", new VariationalCase(VariationalCase.Part.SAMPLE));
    cases.put("Variational.backward", new VariationalCase(VariationalCase.Part.BACKWARD));
    cases.put("Variational.divergence", new VariationalCase(VariationalCase.Part.DIVERGENCE));
    cases.put("Variational.addDivergenceGradient", new VariationalCase(VariationalCase.Part.ADD_DIVERGENCE_GRADIENT));
    cases.putAll(CheckedActivations.cases());
    cases.putAll(CheckedGemm.cases());
    return cases;
  }
}
