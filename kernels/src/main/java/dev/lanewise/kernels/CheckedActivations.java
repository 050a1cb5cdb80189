package dev.lanewise.kernels;

import dev.lanewise.kernels.activation.ActivationsTask.Function;
import dev.lanewise.kernels.cpu.Simd;
import dev.lanewise.kernels.selftest.ActivationsCase;
import dev.lanewise.kernels.selftest.SelfTest;
import java.util.LinkedHashMap;
import java.util.Map;

/** The flags of {@link Checked} for activation functions and their slopes. */
final class CheckedActivations {
  private CheckedActivations() {}

  static final class OfRelu {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.relu", new ActivationsCase(Function.RELU));

    private OfRelu() {}
  }

  static final class OfReluBackward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.reluBackward", new ActivationsCase(Function.RELU_BACKWARD));

    private OfReluBackward() {}
  }

  static final class OfLeakyRelu {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.leakyRelu", new ActivationsCase(Function.LEAKY_RELU));

    private OfLeakyRelu() {}
  }

  static final class OfLeakyReluBackward {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Activations.leakyReluBackward", new ActivationsCase(Function.LEAKY_RELU_BACKWARD));

    private OfLeakyReluBackward() {}
  }

  static final class OfElu {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.elu", new ActivationsCase(Function.ELU));

    private OfElu() {}
  }

  static final class OfEluBackward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.eluBackward", new ActivationsCase(Function.ELU_BACKWARD));

    private OfEluBackward() {}
  }

  static final class OfSigmoid {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.sigmoid", new ActivationsCase(Function.SIGMOID));

    private OfSigmoid() {}
  }

  static final class OfSigmoidBackward {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Activations.sigmoidBackward", new ActivationsCase(Function.SIGMOID_BACKWARD));

    private OfSigmoidBackward() {}
  }

  static final class OfTanh {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.tanh", new ActivationsCase(Function.TANH));

    private OfTanh() {}
  }

  static final class OfTanhBackward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.tanhBackward", new ActivationsCase(Function.TANH_BACKWARD));

    private OfTanhBackward() {}
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
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.gelu", new ActivationsCase(Function.GELU));

    private OfGelu() {}
  }

  static final class OfGeluBackward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.geluBackward", new ActivationsCase(Function.GELU_BACKWARD));

    private OfGeluBackward() {}
  }

  static final class OfGeluTanh {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.geluTanh", new ActivationsCase(Function.GELU_TANH));

    private OfGeluTanh() {}
  }

  static final class OfGeluTanhBackward {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Activations.geluTanhBackward", new ActivationsCase(Function.GELU_TANH_BACKWARD));

    private OfGeluTanhBackward() {}
  }

  static final class OfSilu {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.silu", new ActivationsCase(Function.SILU));

    private OfSilu() {}
  }

  static final class OfSiluBackward {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.siluBackward", new ActivationsCase(Function.SILU_BACKWARD));

    private OfSiluBackward() {}
  }

  static final class OfSoftplus {
    static final boolean VECTORS = Simd.ENABLED && SelfTest.passed("Activations.softplus", new ActivationsCase(Function.SOFTPLUS));

    private OfSoftplus() {}
  }

  static final class OfSoftplusBackward {
    static final boolean VECTORS =
        Simd.ENABLED && SelfTest.passed("Activations.softplusBackward", new ActivationsCase(Function.SOFTPLUS_BACKWARD));

    private OfSoftplusBackward() {}
  }

  /** A case for each family, by its name. */
  static Map<String, SelfTest.Case> cases() {
    Map<String, SelfTest.Case> cases = new LinkedHashMap<>();
    cases.put("Activations.relu", new ActivationsCase(Function.RELU));
    cases.put("Activations.reluBackward", new ActivationsCase(Function.RELU_BACKWARD));
    cases.put("Activations.leakyRelu", new ActivationsCase(Function.LEAKY_RELU));
    cases.put("Activations.leakyReluBackward", new ActivationsCase(Function.LEAKY_RELU_BACKWARD));
    cases.put("Activations.elu", new ActivationsCase(Function.ELU));
    cases.put("Activations.eluBackward", new ActivationsCase(Function.ELU_BACKWARD));
    cases.put("Activations.sigmoid", new ActivationsCase(Function.SIGMOID));
    cases.put("Activations.sigmoidBackward", new ActivationsCase(Function.SIGMOID_BACKWARD));
    cases.put("Activations.tanh", new ActivationsCase(Function.TANH));
    cases.put("Activations.tanhBackward", new ActivationsCase(Function.TANH_BACKWARD));
    cases.put("Activations.exp", new ActivationsCase(Function.EXP));
    cases.put("Activations.log", new ActivationsCase(Function.LOG));
    cases.put("Activations.erf", new ActivationsCase(Function.ERF));
    cases.put("Activations.rsqrt", new ActivationsCase(Function.RSQRT));
    cases.put("Activations.gelu", new ActivationsCase(Function.GELU));
    cases.put("Activations.geluBackward", new ActivationsCase(Function.GELU_BACKWARD));
    cases.put("Activations.geluTanh", new ActivationsCase(Function.GELU_TANH));
    cases.put("Activations.geluTanhBackward", new ActivationsCase(Function.GELU_TANH_BACKWARD));
    cases.put("Activations.silu", new ActivationsCase(Function.SILU));
    cases.put("Activations.siluBackward", new ActivationsCase(Function.SILU_BACKWARD));
    cases.put("Activations.softplus", new ActivationsCase(Function.SOFTPLUS));
    cases.put("Activations.softplusBackward", new ActivationsCase(Function.SOFTPLUS_BACKWARD));
    return cases;
  }
}
