package dev.lanewise.kernels;

import dev.lanewise.kernels.cpu.Simd;
import dev.lanewise.kernels.selftest.ActivationsCase;
import dev.lanewise.kernels.selftest.Conv2dCase;
import dev.lanewise.kernels.selftest.ElementwiseCase;
import dev.lanewise.kernels.selftest.GemmCase;
import dev.lanewise.kernels.selftest.LossesCase;
import dev.lanewise.kernels.selftest.OptimizersCase;
import dev.lanewise.kernels.selftest.Pool2dCase;
import dev.lanewise.kernels.selftest.ReductionsCase;
import dev.lanewise.kernels.selftest.RngCase;
import dev.lanewise.kernels.selftest.SelfTest;
import dev.lanewise.kernels.selftest.SoftmaxCase;
import dev.lanewise.kernels.selftest.UpSample2dCase;
import dev.lanewise.kernels.selftest.VariationalCase;
import dev.lanewise.kernels.selftest.AttentionCase;
import dev.lanewise.kernels.selftest.EmbeddingCase;
import dev.lanewise.kernels.selftest.NormsCase;
import dev.lanewise.kernels.selftest.RecurrentCase;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which families run their vector kernels: a class for each, so that a family is tried when its first kernel runs, once, and its flag is
 * a constant to the JIT afterwards.
 */
final class Checked {
  private Checked() {}

  static final class OfActivations {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations", new ActivationsCase());

    private OfActivations() {}
  }

  static final class OfConv2d {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Conv2d", new Conv2dCase());

    private OfConv2d() {}
  }

  static final class OfElementwise {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Elementwise", new ElementwiseCase());

    private OfElementwise() {}
  }

  static final class OfGemm {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Gemm", new GemmCase());

    private OfGemm() {}
  }

  static final class OfLosses {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Losses", new LossesCase());

    private OfLosses() {}
  }

  static final class OfOptimizers {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Optimizers", new OptimizersCase());

    private OfOptimizers() {}
  }

  static final class OfPool2d {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Pool2d", new Pool2dCase());

    private OfPool2d() {}
  }

  static final class OfReductions {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Reductions", new ReductionsCase());

    private OfReductions() {}
  }

  static final class OfRng {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Rng", new RngCase());

    private OfRng() {}
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

  static final class OfAttention {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Attention", new AttentionCase());

    private OfAttention() {}
  }

  static final class OfEmbedding {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Embedding", new EmbeddingCase());

    private OfEmbedding() {}
  }

  static final class OfNorms {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Norms", new NormsCase());

    private OfNorms() {}
  }

  static final class OfRecurrent {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Recurrent", new RecurrentCase());

    private OfRecurrent() {}
  }

  /** A case for each family, by the name of its door. */
  static Map<String, SelfTest.Case> cases() {
    Map<String, SelfTest.Case> cases = new LinkedHashMap<>();
    cases.put("Activations", new ActivationsCase());
    cases.put("Conv2d", new Conv2dCase());
    cases.put("Elementwise", new ElementwiseCase());
    cases.put("Gemm", new GemmCase());
    cases.put("Losses", new LossesCase());
    cases.put("Optimizers", new OptimizersCase());
    cases.put("Pool2d", new Pool2dCase());
    cases.put("Reductions", new ReductionsCase());
    cases.put("Rng", new RngCase());
    cases.put("Softmax", new SoftmaxCase());
    cases.put("UpSample2d", new UpSample2dCase());
    cases.put("Variational", new VariationalCase());
    cases.put("Attention", new AttentionCase());
    cases.put("Embedding", new EmbeddingCase());
    cases.put("Norms", new NormsCase());
    cases.put("Recurrent", new RecurrentCase());
    return cases;
  }
}
