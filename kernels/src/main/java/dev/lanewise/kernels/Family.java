package dev.lanewise.kernels;

import dev.lanewise.kernels.Recurrent.Cell;
import dev.lanewise.kernels.activation.ActivationsTask;
import dev.lanewise.kernels.cpu.Simd;
import dev.lanewise.kernels.loss.LossRows.Loss;
import dev.lanewise.kernels.selftest.ActivationsCase;
import dev.lanewise.kernels.selftest.AttentionCase;
import dev.lanewise.kernels.selftest.Conv2dCase;
import dev.lanewise.kernels.selftest.DirectCase;
import dev.lanewise.kernels.selftest.ElementwiseCase;
import dev.lanewise.kernels.selftest.EmbeddingCase;
import dev.lanewise.kernels.selftest.GemmCase;
import dev.lanewise.kernels.selftest.LossesCase;
import dev.lanewise.kernels.selftest.NormsCase;
import dev.lanewise.kernels.selftest.OptimizersCase;
import dev.lanewise.kernels.selftest.Pool2dCase;
import dev.lanewise.kernels.selftest.RecurrentCase;
import dev.lanewise.kernels.selftest.ReductionsCase;
import dev.lanewise.kernels.selftest.RngCase;
import dev.lanewise.kernels.selftest.SelfTest;
import dev.lanewise.kernels.selftest.ShallowCase;
import dev.lanewise.kernels.selftest.SoftmaxCase;
import dev.lanewise.kernels.selftest.TransposeCase;
import dev.lanewise.kernels.selftest.UpSample2dCase;
import dev.lanewise.kernels.selftest.VariationalCase;
import dev.lanewise.kernels.softmax.SoftmaxTask;

/**
 * What the self-test tries at a time, when it is first asked for: no more than a call uses, since a trial costs the first call what its case takes
 * in the interpreter. So a function and its slope are apart, and a product's tiles. The file is long since each of them has a line for its name and one for its
 * case.
 */
enum Family {
  ACTIVATIONS_RELU("Activations.relu"),
  ACTIVATIONS_RELU_BACKWARD("Activations.reluBackward"),
  ACTIVATIONS_LEAKY_RELU("Activations.leakyRelu"),
  ACTIVATIONS_LEAKY_RELU_BACKWARD("Activations.leakyReluBackward"),
  ACTIVATIONS_ELU("Activations.elu"),
  ACTIVATIONS_ELU_BACKWARD("Activations.eluBackward"),
  ACTIVATIONS_SIGMOID("Activations.sigmoid"),
  ACTIVATIONS_SIGMOID_BACKWARD("Activations.sigmoidBackward"),
  ACTIVATIONS_TANH("Activations.tanh"),
  ACTIVATIONS_TANH_BACKWARD("Activations.tanhBackward"),
  ACTIVATIONS_EXP("Activations.exp"),
  ACTIVATIONS_LOG("Activations.log"),
  ACTIVATIONS_ERF("Activations.erf"),
  ACTIVATIONS_RSQRT("Activations.rsqrt"),
  ACTIVATIONS_GELU("Activations.gelu"),
  ACTIVATIONS_GELU_BACKWARD("Activations.geluBackward"),
  ACTIVATIONS_GELU_TANH("Activations.geluTanh"),
  ACTIVATIONS_GELU_TANH_BACKWARD("Activations.geluTanhBackward"),
  ACTIVATIONS_SILU("Activations.silu"),
  ACTIVATIONS_SILU_BACKWARD("Activations.siluBackward"),
  ACTIVATIONS_SOFTPLUS("Activations.softplus"),
  ACTIVATIONS_SOFTPLUS_BACKWARD("Activations.softplusBackward"),
  ATTENTION_FORWARD("Attention.forward"),
  ATTENTION_BACKWARD("Attention.backward"),
  ATTENTION_STEP("Attention.step"),
  CONV2D_FORWARD("Conv2d.forward"),
  CONV2D_BACKWARD_INPUT("Conv2d.backwardInput"),
  CONV2D_BACKWARD_WEIGHTS("Conv2d.backwardWeights"),
  CONV2D_DIRECT_FORWARD("Conv2d.directForward"),
  CONV2D_DIRECT_BACKWARD_INPUT("Conv2d.directBackwardInput"),
  CONV2D_DEPTHWISE_FORWARD("Conv2d.depthwiseForward"),
  CONV2D_DEPTHWISE_BACKWARD_INPUT("Conv2d.depthwiseBackwardInput"),
  CONV2D_DEPTHWISE_BACKWARD_WEIGHTS("Conv2d.depthwiseBackwardWeights"),
  CONV2D_SHALLOW_BACKWARD_INPUT("Conv2d.shallowBackwardInput"),
  CONV2D_SHALLOW_BACKWARD_WEIGHTS("Conv2d.shallowBackwardWeights"),
  ELEMENTWISE_ADD("Elementwise.add"),
  ELEMENTWISE_SUBTRACT("Elementwise.subtract"),
  ELEMENTWISE_MULTIPLY("Elementwise.multiply"),
  ELEMENTWISE_SCALE("Elementwise.scale"),
  ELEMENTWISE_AXPY("Elementwise.axpy"),
  ELEMENTWISE_FILL("Elementwise.fill"),
  ELEMENTWISE_ADD_ROW("Elementwise.addRow"),
  ELEMENTWISE_SCALE_BYTES("Elementwise.scaleBytes"),
  ELEMENTWISE_TRANSPOSE("Elementwise.transpose"),
  EMBEDDING_GATHER("Embedding.gather"),
  EMBEDDING_SCATTER_ADD("Embedding.scatterAdd"),
  GEMM_FEW_ROWS("Gemm.fewRows"),
  GEMM_WIDE_ROWS("Gemm.wideRows"),
  GEMM_DOTS("Gemm.dots"),
  GEMM_PAIRS("Gemm.pairs"),
  GEMM_SPREAD("Gemm.spread"),
  GEMM_SPREAD_ONE("Gemm.spreadOne"),
  GEMM_IN_PLACE("Gemm.inPlace"),
  GEMM_IN_PLACE_ONE("Gemm.inPlaceOne"),
  GEMM_NARROW("Gemm.narrow"),
  GEMM_DIRECT("Gemm.direct"),
  GEMM_DIRECT_TRANSPOSED("Gemm.directTransposed"),
  GEMM_PACKED("Gemm.packed"),
  GEMM_PACKED_TRANSPOSED("Gemm.packedTransposed"),
  GEMM_COLUMN("Gemm.column"),
  GEMM_TURN("Gemm.turn"),
  GEMM_PANELS("Gemm.panels"),
  LOSSES_SPARSE_CROSS_ENTROPY("Losses.sparseCrossEntropy"),
  LOSSES_CROSS_ENTROPY("Losses.crossEntropy"),
  LOSSES_BINARY_CROSS_ENTROPY("Losses.binaryCrossEntropy"),
  LOSSES_SQUARED_ERROR("Losses.squaredError"),
  NORMS_LAYER_NORM("Norms.layerNorm"),
  NORMS_LAYER_NORM_BACKWARD("Norms.layerNormBackward"),
  NORMS_BATCH_NORM("Norms.batchNorm"),
  NORMS_BATCH_NORM_INFERENCE("Norms.batchNormInference"),
  NORMS_BATCH_NORM_BACKWARD("Norms.batchNormBackward"),
  OPTIMIZERS_SGD("Optimizers.sgd"),
  OPTIMIZERS_MOMENTUM("Optimizers.momentum"),
  OPTIMIZERS_RMSPROP("Optimizers.rmsprop"),
  OPTIMIZERS_ADAM_W("Optimizers.adamW"),
  OPTIMIZERS_EMA("Optimizers.ema"),
  POOL2D_MAX("Pool2d.max"),
  POOL2D_MAX_BACKWARD("Pool2d.maxBackward"),
  POOL2D_AVERAGE("Pool2d.average"),
  POOL2D_AVERAGE_BACKWARD("Pool2d.averageBackward"),
  RECURRENT_RNN_TANH("Recurrent.rnnTanh"),
  RECURRENT_RNN_TANH_BACKWARD("Recurrent.rnnTanhBackward"),
  RECURRENT_RNN_RELU("Recurrent.rnnRelu"),
  RECURRENT_RNN_RELU_BACKWARD("Recurrent.rnnReluBackward"),
  RECURRENT_LSTM("Recurrent.lstm"),
  RECURRENT_LSTM_BACKWARD("Recurrent.lstmBackward"),
  RECURRENT_GRU("Recurrent.gru"),
  RECURRENT_GRU_BACKWARD("Recurrent.gruBackward"),
  REDUCTIONS_SUM("Reductions.sum"),
  REDUCTIONS_DOT("Reductions.dot"),
  REDUCTIONS_COLUMN_SUMS("Reductions.columnSums"),
  REDUCTIONS_ARGMAX("Reductions.argmax"),
  REDUCTIONS_FIRST_NON_FINITE("Reductions.firstNonFinite"),
  RNG_UNIFORM("Rng.uniform"),
  RNG_NORMAL("Rng.normal"),
  RNG_DROPOUT_MASK("Rng.dropoutMask"),
  SOFTMAX_FORWARD("Softmax.forward"),
  SOFTMAX_BACKWARD("Softmax.backward"),
  SOFTMAX_LOG_SOFTMAX("Softmax.logSoftmax"),
  SOFTMAX_LOG_SOFTMAX_BACKWARD("Softmax.logSoftmaxBackward"),
  UP_SAMPLE2D_FORWARD("UpSample2d.forward"),
  UP_SAMPLE2D_BACKWARD("UpSample2d.backward"),
  VARIATIONAL_SAMPLE("Variational.sample"),
  VARIATIONAL_BACKWARD("Variational.backward"),
  VARIATIONAL_DIVERGENCE("Variational.divergence"),
  VARIATIONAL_ADD_DIVERGENCE_GRADIENT("Variational.addDivergenceGradient");

  private static final int UNTRIED = 0;
  private static final int TWIN = 1;
  private static final int VECTORS = 2;

  private final String label;

  /** Read without the lock: who reads it too early asks again under it. */
  private int verdict = UNTRIED;

  Family(String label) {
    this.label = label;
  }

  /** Whether its vector kernels may run: vectors are on, and the case shows no difference from the scalar twin. */
  boolean vectors() {
    int known = verdict;
    return known == VECTORS || (known == UNTRIED && passes());
  }

  /** Nothing below the doors asks a family, so threads that try several at first cannot wait for each other in a circle. */
  private synchronized boolean passes() {
    if (verdict == UNTRIED) {
      verdict = Simd.ENABLED && SelfTest.passed(label, tried()) ? VECTORS : TWIN;
    }
    return verdict == VECTORS;
  }

  /** A door's name, and of what is apart in it: "Conv2d.backwardInput". */
  @Override
  public String toString() {
    return label;
  }

  static Family of(Loss loss) {
    return switch (loss) {
      case SPARSE_CROSS_ENTROPY -> LOSSES_SPARSE_CROSS_ENTROPY;
      case CROSS_ENTROPY -> LOSSES_CROSS_ENTROPY;
      case BINARY_CROSS_ENTROPY -> LOSSES_BINARY_CROSS_ENTROPY;
      case SQUARED_ERROR -> LOSSES_SQUARED_ERROR;
    };
  }

  static Family of(Cell cell) {
    return switch (cell) {
      case RNN_TANH -> RECURRENT_RNN_TANH;
      case RNN_RELU -> RECURRENT_RNN_RELU;
      case LSTM -> RECURRENT_LSTM;
      case GRU -> RECURRENT_GRU;
    };
  }

  static Family ofBackward(Cell cell) {
    return switch (cell) {
      case RNN_TANH -> RECURRENT_RNN_TANH_BACKWARD;
      case RNN_RELU -> RECURRENT_RNN_RELU_BACKWARD;
      case LSTM -> RECURRENT_LSTM_BACKWARD;
      case GRU -> RECURRENT_GRU_BACKWARD;
    };
  }

  /** Its case. To be called where vectors are on: to make a case links vector classes. */
  SelfTest.Case tried() {
    return switch (this) {
      case ACTIVATIONS_RELU -> new ActivationsCase(ActivationsTask.Function.RELU);
      case ACTIVATIONS_RELU_BACKWARD -> new ActivationsCase(ActivationsTask.Function.RELU_BACKWARD);
      case ACTIVATIONS_LEAKY_RELU -> new ActivationsCase(ActivationsTask.Function.LEAKY_RELU);
      case ACTIVATIONS_LEAKY_RELU_BACKWARD -> new ActivationsCase(ActivationsTask.Function.LEAKY_RELU_BACKWARD);
      case ACTIVATIONS_ELU -> new ActivationsCase(ActivationsTask.Function.ELU);
      case ACTIVATIONS_ELU_BACKWARD -> new ActivationsCase(ActivationsTask.Function.ELU_BACKWARD);
      case ACTIVATIONS_SIGMOID -> new ActivationsCase(ActivationsTask.Function.SIGMOID);
      case ACTIVATIONS_SIGMOID_BACKWARD -> new ActivationsCase(ActivationsTask.Function.SIGMOID_BACKWARD);
      case ACTIVATIONS_TANH -> new ActivationsCase(ActivationsTask.Function.TANH);
      case ACTIVATIONS_TANH_BACKWARD -> new ActivationsCase(ActivationsTask.Function.TANH_BACKWARD);
      case ACTIVATIONS_EXP -> new ActivationsCase(ActivationsTask.Function.EXP);
      case ACTIVATIONS_LOG -> new ActivationsCase(ActivationsTask.Function.LOG);
      case ACTIVATIONS_ERF -> new ActivationsCase(ActivationsTask.Function.ERF);
      case ACTIVATIONS_RSQRT -> new ActivationsCase(ActivationsTask.Function.RSQRT);
      case ACTIVATIONS_GELU -> new ActivationsCase(ActivationsTask.Function.GELU);
      case ACTIVATIONS_GELU_BACKWARD -> new ActivationsCase(ActivationsTask.Function.GELU_BACKWARD);
      case ACTIVATIONS_GELU_TANH -> new ActivationsCase(ActivationsTask.Function.GELU_TANH);
      case ACTIVATIONS_GELU_TANH_BACKWARD -> new ActivationsCase(ActivationsTask.Function.GELU_TANH_BACKWARD);
      case ACTIVATIONS_SILU -> new ActivationsCase(ActivationsTask.Function.SILU);
      case ACTIVATIONS_SILU_BACKWARD -> new ActivationsCase(ActivationsTask.Function.SILU_BACKWARD);
      case ACTIVATIONS_SOFTPLUS -> new ActivationsCase(ActivationsTask.Function.SOFTPLUS);
      case ACTIVATIONS_SOFTPLUS_BACKWARD -> new ActivationsCase(ActivationsTask.Function.SOFTPLUS_BACKWARD);
      case ATTENTION_FORWARD -> new AttentionCase(AttentionCase.Part.FORWARD);
      case ATTENTION_BACKWARD -> new AttentionCase(AttentionCase.Part.BACKWARD);
      case ATTENTION_STEP -> new AttentionCase(AttentionCase.Part.STEP);
      case CONV2D_FORWARD -> new Conv2dCase(false, Conv2dCase.Part.FORWARD);
      case CONV2D_BACKWARD_INPUT -> new Conv2dCase(false, Conv2dCase.Part.BACKWARD_INPUT);
      case CONV2D_BACKWARD_WEIGHTS -> new Conv2dCase(false, Conv2dCase.Part.BACKWARD_WEIGHTS);
      case CONV2D_DIRECT_FORWARD -> new DirectCase(false);
      case CONV2D_DIRECT_BACKWARD_INPUT -> new DirectCase(true);
      case CONV2D_DEPTHWISE_FORWARD -> new Conv2dCase(true, Conv2dCase.Part.FORWARD);
      case CONV2D_DEPTHWISE_BACKWARD_INPUT -> new Conv2dCase(true, Conv2dCase.Part.BACKWARD_INPUT);
      case CONV2D_DEPTHWISE_BACKWARD_WEIGHTS -> new Conv2dCase(true, Conv2dCase.Part.BACKWARD_WEIGHTS);
      case CONV2D_SHALLOW_BACKWARD_INPUT -> new ShallowCase(false);
      case CONV2D_SHALLOW_BACKWARD_WEIGHTS -> new ShallowCase(true);
      case ELEMENTWISE_ADD -> new ElementwiseCase(ElementwiseCase.Part.ADD);
      case ELEMENTWISE_SUBTRACT -> new ElementwiseCase(ElementwiseCase.Part.SUBTRACT);
      case ELEMENTWISE_MULTIPLY -> new ElementwiseCase(ElementwiseCase.Part.MULTIPLY);
      case ELEMENTWISE_SCALE -> new ElementwiseCase(ElementwiseCase.Part.SCALE);
      case ELEMENTWISE_AXPY -> new ElementwiseCase(ElementwiseCase.Part.AXPY);
      case ELEMENTWISE_FILL -> new ElementwiseCase(ElementwiseCase.Part.FILL);
      case ELEMENTWISE_ADD_ROW -> new ElementwiseCase(ElementwiseCase.Part.ADD_ROW);
      case ELEMENTWISE_SCALE_BYTES -> new ElementwiseCase(ElementwiseCase.Part.SCALE_BYTES);
      case ELEMENTWISE_TRANSPOSE -> new TransposeCase();
      case EMBEDDING_GATHER -> new EmbeddingCase(EmbeddingCase.Part.GATHER);
      case EMBEDDING_SCATTER_ADD -> new EmbeddingCase(EmbeddingCase.Part.SCATTER_ADD);
      case GEMM_FEW_ROWS -> new GemmCase(GemmCase.Part.FEW_ROWS);
      case GEMM_WIDE_ROWS -> new GemmCase(GemmCase.Part.WIDE_ROWS);
      case GEMM_DOTS -> new GemmCase(GemmCase.Part.DOTS);
      case GEMM_PAIRS -> new GemmCase(GemmCase.Part.PAIRS);
      case GEMM_SPREAD -> new GemmCase(GemmCase.Part.SPREAD);
      case GEMM_SPREAD_ONE -> new GemmCase(GemmCase.Part.SPREAD_ONE);
      case GEMM_IN_PLACE -> new GemmCase(GemmCase.Part.IN_PLACE);
      case GEMM_IN_PLACE_ONE -> new GemmCase(GemmCase.Part.IN_PLACE_ONE);
      case GEMM_NARROW -> new GemmCase(GemmCase.Part.NARROW);
      case GEMM_DIRECT -> new GemmCase(GemmCase.Part.DIRECT);
      case GEMM_DIRECT_TRANSPOSED -> new GemmCase(GemmCase.Part.DIRECT_TRANSPOSED);
      case GEMM_PACKED -> new GemmCase(GemmCase.Part.PACKED);
      case GEMM_PACKED_TRANSPOSED -> new GemmCase(GemmCase.Part.PACKED_TRANSPOSED);
      case GEMM_COLUMN -> new GemmCase(GemmCase.Part.COLUMN);
      case GEMM_TURN -> new GemmCase(GemmCase.Part.TURN);
      case GEMM_PANELS -> new GemmCase(GemmCase.Part.PANELS);
      case LOSSES_SPARSE_CROSS_ENTROPY -> new LossesCase(Loss.SPARSE_CROSS_ENTROPY);
      case LOSSES_CROSS_ENTROPY -> new LossesCase(Loss.CROSS_ENTROPY);
      case LOSSES_BINARY_CROSS_ENTROPY -> new LossesCase(Loss.BINARY_CROSS_ENTROPY);
      case LOSSES_SQUARED_ERROR -> new LossesCase(Loss.SQUARED_ERROR);
      case NORMS_LAYER_NORM -> new NormsCase(NormsCase.Part.LAYER);
      case NORMS_LAYER_NORM_BACKWARD -> new NormsCase(NormsCase.Part.LAYER_BACKWARD);
      case NORMS_BATCH_NORM -> new NormsCase(NormsCase.Part.BATCH);
      case NORMS_BATCH_NORM_INFERENCE -> new NormsCase(NormsCase.Part.BATCH_INFERENCE);
      case NORMS_BATCH_NORM_BACKWARD -> new NormsCase(NormsCase.Part.BATCH_BACKWARD);
      case OPTIMIZERS_SGD -> new OptimizersCase(OptimizersCase.Part.SGD);
      case OPTIMIZERS_MOMENTUM -> new OptimizersCase(OptimizersCase.Part.MOMENTUM);
      case OPTIMIZERS_RMSPROP -> new OptimizersCase(OptimizersCase.Part.RMSPROP);
      case OPTIMIZERS_ADAM_W -> new OptimizersCase(OptimizersCase.Part.ADAM_W);
      case OPTIMIZERS_EMA -> new OptimizersCase(OptimizersCase.Part.EMA);
      case POOL2D_MAX -> new Pool2dCase(Pool2dCase.Part.MAX);
      case POOL2D_MAX_BACKWARD -> new Pool2dCase(Pool2dCase.Part.MAX_BACKWARD);
      case POOL2D_AVERAGE -> new Pool2dCase(Pool2dCase.Part.AVERAGE);
      case POOL2D_AVERAGE_BACKWARD -> new Pool2dCase(Pool2dCase.Part.AVERAGE_BACKWARD);
      case RECURRENT_RNN_TANH -> new RecurrentCase(Cell.RNN_TANH, false);
      case RECURRENT_RNN_TANH_BACKWARD -> new RecurrentCase(Cell.RNN_TANH, true);
      case RECURRENT_RNN_RELU -> new RecurrentCase(Cell.RNN_RELU, false);
      case RECURRENT_RNN_RELU_BACKWARD -> new RecurrentCase(Cell.RNN_RELU, true);
      case RECURRENT_LSTM -> new RecurrentCase(Cell.LSTM, false);
      case RECURRENT_LSTM_BACKWARD -> new RecurrentCase(Cell.LSTM, true);
      case RECURRENT_GRU -> new RecurrentCase(Cell.GRU, false);
      case RECURRENT_GRU_BACKWARD -> new RecurrentCase(Cell.GRU, true);
      case REDUCTIONS_SUM -> new ReductionsCase(ReductionsCase.Part.SUM);
      case REDUCTIONS_DOT -> new ReductionsCase(ReductionsCase.Part.DOT);
      case REDUCTIONS_COLUMN_SUMS -> new ReductionsCase(ReductionsCase.Part.COLUMN_SUMS);
      case REDUCTIONS_ARGMAX -> new ReductionsCase(ReductionsCase.Part.ARGMAX);
      case REDUCTIONS_FIRST_NON_FINITE -> new ReductionsCase(ReductionsCase.Part.FIRST_NON_FINITE);
      case RNG_UNIFORM -> new RngCase(RngCase.Kind.UNIFORM);
      case RNG_NORMAL -> new RngCase(RngCase.Kind.NORMAL);
      case RNG_DROPOUT_MASK -> new RngCase(RngCase.Kind.DROPOUT_MASK);
      case SOFTMAX_FORWARD -> new SoftmaxCase(SoftmaxTask.Function.FORWARD);
      case SOFTMAX_BACKWARD -> new SoftmaxCase(SoftmaxTask.Function.BACKWARD);
      case SOFTMAX_LOG_SOFTMAX -> new SoftmaxCase(SoftmaxTask.Function.LOG_FORWARD);
      case SOFTMAX_LOG_SOFTMAX_BACKWARD -> new SoftmaxCase(SoftmaxTask.Function.LOG_BACKWARD);
      case UP_SAMPLE2D_FORWARD -> new UpSample2dCase(false);
      case UP_SAMPLE2D_BACKWARD -> new UpSample2dCase(true);
      case VARIATIONAL_SAMPLE -> new VariationalCase(VariationalCase.Part.SAMPLE);
      case VARIATIONAL_BACKWARD -> new VariationalCase(VariationalCase.Part.BACKWARD);
      case VARIATIONAL_DIVERGENCE -> new VariationalCase(VariationalCase.Part.DIVERGENCE);
      case VARIATIONAL_ADD_DIVERGENCE_GRADIENT -> new VariationalCase(VariationalCase.Part.ADD_DIVERGENCE_GRADIENT);
    };
  }
}
