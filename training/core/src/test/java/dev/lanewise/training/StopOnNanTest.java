package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lanewise.layers.Activation;
import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Layer;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Dataset;
import dev.lanewise.training.data.ValueDataset;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StopOnNanTest {
  private final Arena arena = Arena.ofShared();

  @AfterEach
  void free() {
    arena.close();
  }

  private NonFinite diagnosis(Trainer trainer, Dataset data, int batch) {
    try (trainer) {
      return catchThrowableOfType(TrainingDivergedException.class, () -> trainer.fit(data, 3, batch)).diagnosis();
    }
  }

  /** Adam moves every weight by about the rate: to 1e30. Images times 1e30 are finite, their products with 1e30 not. */
  @Test
  void anAbsurdLearningRateIsFoundWhereItOverflows() {
    Sequential model = Fixtures.network(arena, 3);
    NonFinite found = diagnosis(Trainer.of(model).optimizer(Adam.of(1e30f)).callbacks(StopOnNan.onLoss()),
        Fixtures.bars(arena, 64, 1), 16);
    Layer dense = model.layers().get(3);
    assertThat(found.epoch()).isEqualTo(1);
    assertThat(found.step()).isEqualTo(2);
    assertThat(found.globalStep()).isEqualTo(2);
    assertThat(found.layer()).isEqualTo(dense.name());
    assertThat(found.tensor()).isEqualTo("output");
    assertThat(found.statistics().allFinite()).isFalse();
    assertThat(found.statistics().shape()).isEqualTo(Shape.of(16, 16));
    assertThat(found.reasons().getFirst()).contains("its parameters are as large as").contains("learning rate is 1.0E30");
    assertThat(found.toString()).contains("epoch 1, step 2").contains("layer " + dense.name() + ", output [16, 16]: ");
  }

  @Test
  void aBadExampleIsFoundInTheBatch() {
    float[] x = new float[4 * 3];
    x[7] = Float.NaN;
    ValueDataset data = ValueDataset.of(Tensor.of(arena, Shape.of(4, 3), x), Tensor.allocate(arena, Shape.of(4, 1)));
    NonFinite found = diagnosis(regression(), data, 4);
    assertThat(found.layer()).isEqualTo("input");
    assertThat(found.tensor()).isEqualTo("batch");
    assertThat(found.statistics().nans()).isEqualTo(1);
    assertThat(found.reasons().getFirst()).contains("the data holds it");
  }

  @Test
  void aBadTargetIsFound() {
    ValueDataset data = ValueDataset.of(Tensor.allocate(arena, Shape.of(4, 3)),
        Tensor.of(arena, Shape.of(4, 1), 0, 0, Float.NEGATIVE_INFINITY, 0));
    NonFinite found = diagnosis(regression(), data, 4);
    assertThat(found.layer()).isEqualTo("loss");
    assertThat(found.tensor()).isEqualTo("targets");
    assertThat(found.statistics().infinities()).isEqualTo(1);
  }

  @Test
  void aBadParameterIsFoundBeforeTheFirstStep() {
    Sequential model = model();
    model.parameters().list().get(2).value().set(1, Float.NaN);
    NonFinite found = diagnosis(Trainer.of(model).loss(Loss.MSE).callbacks(StopOnNan.onLoss()), numbers(1), 4);
    assertThat(found.layer()).isEqualTo(model.layers().get(1).name());
    assertThat(found.tensor()).isEqualTo(model.parameters().list().get(2).name());
    assertThat(found.statistics().firstBadPosition()).isEqualTo("[1, 0]");
    assertThat(found.reasons().getFirst()).contains("before the first step");
  }

  /** The loss is finite, but its gradient times the inputs overflows. */
  @Test
  void aGradientThatOverflowsIsFoundIfAskedFor() {
    Sequential model = Sequential.build(Shape.of(1), 1, arena, Dense.of(1));
    model.parameters().list().getFirst().value().fill(0);
    ValueDataset data = ValueDataset.of(Tensor.of(arena, Shape.of(1, 1), 1e30f), Tensor.of(arena, Shape.of(1, 1), 1e15f));
    NonFinite found = diagnosis(
        Trainer.of(model).loss(Loss.MSE).optimizer(Sgd.of(0.1f)).callbacks(StopOnNan.onGradientsToo()), data, 1);
    assertThat(found.globalStep()).isEqualTo(1);
    assertThat(found.tensor()).startsWith("gradient of ");
    assertThat(model.parameters().list().getFirst().value().get(0)).isZero();
  }

  @Test
  void theUpdateAfterTheLastLossIsLookedAtToo() {
    Sequential model = Sequential.build(Shape.of(1), 1, arena, Dense.of(1));
    model.parameters().list().getFirst().value().fill(0);
    ValueDataset data = ValueDataset.of(Tensor.of(arena, Shape.of(1, 1), 1e30f), Tensor.of(arena, Shape.of(1, 1), 1e15f));
    NonFinite found = diagnosis(
        Trainer.of(model).loss(Loss.MSE).optimizer(Sgd.of(0.1f)).callbacks(StopOnNan.onLoss()), data, 1);
    assertThat(found.globalStep()).isEqualTo(1);
    assertThat(found.tensor()).isEqualTo(model.parameters().list().getFirst().name());
  }

  @Test
  void whatIsFineIsLeftAloneAndWithoutTheCallbackTrainingGoesOn() {
    try (Trainer trainer = regression()) {
      assertThat(trainer.fit(numbers(1), 3, 4).epochs()).hasSize(3);
    }
    try (Trainer trainer = Trainer.of(model()).loss(Loss.MSE)) {
      assertThat(trainer.fit(numbers(Float.NaN), 3, 4).last().loss()).isNaN();
    }
    try (Trainer trainer = regression()) {
      assertThatThrownBy(() -> trainer.fit(numbers(Float.NaN), 3, 4)).isInstanceOf(TrainingDivergedException.class)
          .hasMessageContaining("layer input, batch [4, 3]: 12 NaN and 0 infinite of 12, first at [0, 0]");
    }
  }

  private Trainer regression() {
    return Trainer.of(model()).loss(Loss.MSE).callbacks(StopOnNan.onLoss());
  }

  private Sequential model() {
    return Sequential.build(Shape.of(3), 1, arena, Dense.of(4, Activation.RELU), Dense.of(1));
  }

  private ValueDataset numbers(float value) {
    Tensor x = Tensor.allocate(arena, Shape.of(4, 3));
    x.fill(value);
    return ValueDataset.of(x, Tensor.allocate(arena, Shape.of(4, 1)));
  }
}
