package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.tensor.Shape;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

/** Useful work of one example's forward pass, counted by hand: 2 for each multiply-add of a product, nothing for the rest. */
class FlopsTest {
  private static long flops(LayerSpec spec, Shape input) {
    try (Arena arena = Arena.ofConfined()) {
      return Params.<Layer>build(1, arena, params -> spec.build(input, params)).model().flops();
    }
  }

  @Test
  void productsCountTwoPerMultiplyAdd() {
    assertThat(flops(Dense.of(5), Shape.of(7))).isEqualTo(2 * 7 * 5);
    assertThat(flops(Dense.of(5), Shape.of(4, 7))).isEqualTo(2 * 4 * 7 * 5);
    assertThat(flops(Conv1d.of(3, 2, Activation.LINEAR), Shape.of(6, 4))).isEqualTo(2 * 5 * (2 * 4 * 3));
    assertThat(flops(Conv2d.of(3, 2, Activation.LINEAR), Shape.of(5, 4, 2))).isEqualTo(2 * 4 * 3 * (2 * 2 * 2 * 3));
    assertThat(flops(Conv2d.of(4, 2, Activation.LINEAR).withGroups(2), Shape.of(5, 4, 2))).isEqualTo(2 * 4 * 3 * (2 * 2 * 1 * 4));
    assertThat(flops(StepwiseProperties.tiedLogits(), Shape.of(5, 4))).isEqualTo(2 * 5 * 4 * 11);
    assertThat(flops(ConvTranspose2d.of(3, 2, Activation.LINEAR), Shape.of(5, 4, 2))).isEqualTo(2 * 5 * 4 * (2 * 2 * 2 * 3));
  }

  @Test
  void recurrentCellsMultiplyInputsAndStatesAndTokensAreLookedUp() {
    assertThat(flops(Rnn.of(4), Shape.of(5, 3))).isEqualTo(2 * 5 * 4 * (3 + 4));
    assertThat(flops(Gru.of(4), Shape.of(5, 3))).isEqualTo(2 * 5 * 3 * 4 * (3 + 4));
    assertThat(flops(Lstm.of(4).withBothDirections(), Shape.of(5, 3))).isEqualTo(2 * (2 * 5 * 4 * 4 * (3 + 4)));
    assertThat(flops(Lstm.of(4).withTokens(9), Shape.of(5))).isEqualTo(2 * 5 * 4 * 4 * 4);
  }

  @Test
  void attentionMultipliesProjectionsScoresAndValues() {
    long projections = 2 * 5 * 6 * 18 + 2 * 5 * 6 * 6;
    long scoresAndValues = 2 * (2 * 5 * 5 * 6);
    assertThat(flops(MultiHeadAttention.of(2), Shape.of(5, 6))).isEqualTo(projections + scoresAndValues);
    assertThat(flops(TransformerBlock.of(2), Shape.of(5, 6))).isEqualTo(projections + scoresAndValues + 2 * (2 * 5 * 6 * 24));
  }

  @Test
  void layersOfLayersAddUpAndOthersCountNothing() {
    LayerSpec dense = Dense.of(4);
    assertThat(flops(Residual.of(dense), Shape.of(4))).isEqualTo(2 * 4 * 4);
    assertThat(flops(Concat.of(dense, Dense.of(3)), Shape.of(4))).isEqualTo(2 * 4 * 7);
    assertThat(flops(Sequential.spec(dense, Relu.of(), Dense.of(3)), Shape.of(4))).isEqualTo(2 * 4 * 4 + 2 * 4 * 3);
    assertThat(flops(LayerNorm.of(), Shape.of(4))).isZero();
    assertThat(flops(MaxPool2d.of(2), Shape.of(4, 4, 3))).isZero();
  }
}
