package dev.lanewise.kernels;

import static dev.lanewise.kernels.testkit.Ulp.sweep;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.reference.MathReference;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Ulp;
import org.junit.jupiter.api.Test;

/** Walks bit patterns, every one where the functions change their nature and every 2,003rd elsewhere. */
class ActivationsUlpTest {
  private static final Workers ONE = Crew.of(1);
  private static final float INFINITY = Float.POSITIVE_INFINITY;
  private static final int PRIME = 2003;

  private static final Ulp.Map EXP = (n, x, y) -> Activations.exp(n, x, y, ONE);
  private static final Ulp.Map LOG = (n, x, y) -> Activations.log(n, x, y, ONE);
  private static final Ulp.Map TANH = (n, x, y) -> Activations.tanh(n, x, y, ONE);
  private static final Ulp.Map SIGMOID = (n, x, y) -> Activations.sigmoid(n, x, y, ONE);

  @Test
  void expIsWithinOneUlp() {
    sweep("exp", -INFINITY, INFINITY, PRIME, EXP, Math::exp, 1);
    sweep("exp near overflow", 88.5f, 89.5f, 1, EXP, Math::exp, 1);
    sweep("exp to subnormals", -104.5f, -86.5f, 3, EXP, Math::exp, 1);
  }

  @Test
  void logIsWithinOneUlp() {
    sweep("log", 0f, INFINITY, PRIME, LOG, Math::log, 1);
    sweep("log near 1", 0.99f, 1.01f, 1, LOG, Math::log, 1);
    sweep("log of subnormals", Float.MIN_VALUE, 0x1p-125f, 41, LOG, Math::log, 1);
    sweep("log of negatives", -INFINITY, -0f, 100 * PRIME, LOG, Math::log, 1);
  }

  @Test
  void tanhIsWithinTwoUlp() {
    sweep("tanh", -INFINITY, INFINITY, PRIME, TANH, Math::tanh, 2);
    sweep("tanh between 1/8 and 1/2", 0.125f, 0.5f, 11, TANH, Math::tanh, 2);
    sweep("tanh near 1", 8.9f, 9.2f, 1, TANH, Math::tanh, 2);
  }

  @Test
  void sigmoidIsWithinTwoUlp() {
    sweep("sigmoid", -INFINITY, INFINITY, PRIME, SIGMOID, ActivationsUlpTest::sigmoid, 2);
    sweep("sigmoid between -8 and -1", -8f, -1f, 17, SIGMOID, ActivationsUlpTest::sigmoid, 2);
    sweep("sigmoid to subnormals", -104.5f, -86.5f, 3, SIGMOID, ActivationsUlpTest::sigmoid, 2);
  }

  @Test
  void logOnePlusIsWithinTwoUlp() {
    Ulp.Map map = (n, x, y) -> {
      for (int i = 0; i < n; i++) {
        y.setAtIndex(JAVA_FLOAT, i, MathReference.logOnePlus(x.getAtIndex(JAVA_FLOAT, i)));
      }
    };
    sweep("log(1 + e)", 0f, 1f, PRIME, map, Math::log1p, 2);
    sweep("log(1 + e), upper half", 0.4f, 1f, 7, map, Math::log1p, 2);
  }

  private static double sigmoid(double x) {
    // The quotient with e^x keeps the digits of small results.
    return x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
  }
}
