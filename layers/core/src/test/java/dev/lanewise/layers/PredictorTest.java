package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.testkit.Allocation;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PredictorTest {
  private final Arena arena = Arena.ofShared();
  private final Sequential model = Sequential.build(Shape.of(6, 6, 1), 1, arena, Conv2d.of(4, 3, Activation.RELU),
      MaxPool2d.of(2), Flatten.of(), Dropout.of(0.5f), Dense.of(3), Softmax.of());

  @AfterEach
  void close() {
    arena.close();
  }

  private static float[] images(int n) {
    float[] x = new float[36 * n];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * 29 % 97) / 97f;
    }
    return x;
  }

  private float[] want(int n) {
    try (Workspace workspace = Workspace.open()) {
      Pass pass = Pass.of(workspace, Workers.single(), 0);
      return model.infer(Tensor.of(arena, Shape.of(n, 6, 6, 1), images(n)), pass).toArray();
    }
  }

  @Test
  void anyNumberOfExamplesGetsWhatTheModelInfers() {
    for (int batch : new int[] {1, 2, 5, 8}) {
      try (Predictor predictor = Predictor.of(model, batch, Workers.single())) {
        for (int n : new int[] {0, 1, 5, 7}) {
          float[] y = new float[3 * n];
          predictor.predict(images(n), y);
          assertThat(y).isEqualTo(want(n));
          Tensor out = Tensor.allocate(arena, Shape.of(n, 3)).fill(Float.NaN);
          predictor.predict(Tensor.of(arena, Shape.of(n, 6, 6, 1), images(n)), out);
          assertThat(out.toArray()).isEqualTo(y);
        }
      }
    }
  }

  @Test
  void aSteadyPredictionAllocatesNothing() {
    try (Predictor predictor = Predictor.of(model, 4, Workers.single())) {
      float[] x = images(6);
      float[] y = new float[18];
      Tensor in = Tensor.of(arena, Shape.of(6, 6, 6, 1), x);
      Tensor out = Tensor.allocate(arena, Shape.of(6, 3));
      // One after the other: what one leaves behind the other would take up again.
      assertThat(Allocation.steady(() -> predictor.predict(x, y))).isZero();
      assertThat(Allocation.steady(() -> predictor.predict(in, out))).isZero();
    }
  }

  @Test
  void whatIsClosedPredictsNothing() {
    Predictor predictor = Predictor.of(model, 4, Workers.single());
    predictor.close();
    assertThatThrownBy(() -> predictor.predict(images(1), new float[3])).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    try (Predictor predictor = Predictor.of(model, 4, Workers.single())) {
      assertThatThrownBy(() -> predictor.predict(new float[37], new float[3])).isInstanceOf(ShapeException.class)
          .hasMessage("Predictor: 37 inputs and 3 outputs, but an example has 36 inputs [6, 6, 1] and 3 outputs [3]");
      assertThatThrownBy(() -> predictor.predict(new float[36], new float[4])).isInstanceOf(ShapeException.class);
      assertThatThrownBy(
          () -> predictor.predict(Tensor.allocate(arena, Shape.of(2, 6, 6, 1)), Tensor.allocate(arena, Shape.of(3, 3))))
          .isInstanceOf(ShapeException.class).hasMessageContaining("[n, 6, 6, 1] and [n, 3] of the same n");
    }
    assertThatThrownBy(() -> Predictor.of(model, 0, Workers.single())).isInstanceOf(IllegalArgumentException.class);
  }
}
