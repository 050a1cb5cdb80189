package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.tensor.Shape;
import org.junit.jupiter.api.Test;

/** One vector per position, added: against central differences of the formula in double. */
class PositionalEmbeddingGradientTest {
  @Test
  void addsTheVectorOfEachPosition() {
    GradientCheck.Report report = GradientCheck.of(PositionalEmbedding.of(), Shape.of(5, 4), (x, params) -> {
      double[] y = x.clone();
      for (int i = 0; i < y.length; i++) {
        y[i] += params[0][i % params[0].length];
      }
      return y;
    }).roundings(4).run();
    assertThat(report.worst()).isPositive();
    assertThat(report.elements()).isPositive();
  }
}
