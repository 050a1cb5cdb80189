package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.layers.Activation;
import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Flatten;
import dev.lanewise.layers.Sequential;
import dev.lanewise.layers.Softmax;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.ImageDataset;
import dev.lanewise.training.data.ValueDataset;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrainerTest {
  private final Arena arena = Arena.ofShared();
  private final ImageDataset train = Fixtures.bars(arena, 300, 1);
  private final ImageDataset test = Fixtures.bars(arena, 130, 2);

  @AfterEach
  void free() {
    arena.close();
  }

  @Test
  void learnsAndEvaluatesAndPredicts() {
    Sequential model = Fixtures.network(arena, 3);
    try (Trainer trainer = Fixtures.trainer(model, 4).validation(test)) {
      double before = trainer.evaluate(test).loss();
      History history = trainer.fit(train, 12, 16);
      Evaluation after = trainer.evaluate(test);
      assertThat(after.loss()).isLessThan(before / 2);
      assertThat(after.accuracy()).isGreaterThan(0.9);
      assertThat(after.examples()).isEqualTo(130);
      assertThat(history.epochs()).hasSize(12);
      assertThat(history.last().values().keySet())
          .containsExactly("loss", "accuracy", "top_2_accuracy", "val_loss", "val_accuracy", "val_top_2_accuracy");
      assertThat(history.last().value("val_loss")).isEqualTo(after.loss());
      assertThat(history.last().value("val_accuracy")).isEqualTo(after.accuracy());
      assertThat(history.last().examplesPerSecond()).isPositive();
      assertThat(history.values("loss")).hasSize(12);

      Tensor predicted = trainer.predict(test, arena);
      assertThat(predicted.shape()).isEqualTo(Shape.of(130, Fixtures.CLASSES));
      assertAgree(predicted, after);
    }
  }

  /** Loss and accuracy anew from the probabilities, with the labels of the data set. */
  private void assertAgree(Tensor probabilities, Evaluation evaluation) {
    long hits = 0;
    double loss = 0;
    for (int i = 0; i < test.size(); i++) {
      double sum = 0;
      int best = 0;
      for (int c = 0; c < Fixtures.CLASSES; c++) {
        float p = probabilities.get((long) i * Fixtures.CLASSES + c);
        sum += p;
        best = p > probabilities.get((long) i * Fixtures.CLASSES + best) ? c : best;
      }
      // Four roundings of division, three of the sum behind it and 1 ulp of each exponential.
      assertThat(Math.abs(sum - 1)).isLessThan(12 * 0x1p-24);
      hits += best == test.label(i) ? 1 : 0;
      loss -= Math.log(probabilities.get((long) i * Fixtures.CLASSES + test.label(i)));
    }
    assertThat(evaluation.accuracy()).isEqualTo(hits / 130.0);
    // -log p of a float p: its relative error, at most 30 u, is an absolute one of the logarithm; the loss in fp32
    // has as much again, and the rounding of the logits, at most 32 in size, to the difference of two of them.
    assertThat(Math.abs(evaluation.loss() - loss / 130)).isLessThan(128 * 0x1p-24);
  }

  /** The same network with and without its softmax learns the same bits: the loss takes the softmax over. */
  @Test
  void crossEntropyWorksOnTheLogitsUnderASoftmax() {
    Sequential ends = Sequential.build(Shape.of(8, 8, 1), 7, arena, Flatten.of(), Dense.of(4), Softmax.of());
    Sequential open = Sequential.build(Shape.of(8, 8, 1), 7, arena, Flatten.of(), Dense.of(4));
    List<String> sums = new ArrayList<>();
    for (Sequential model : List.of(ends, open)) {
      try (Trainer trainer = Trainer.of(model)) {
        trainer.fit(train, 1, 32);
      }
      sums.add(Fingerprint.parametersSha256(model.parameters()));
    }
    assertThat(sums.getFirst()).isEqualTo(sums.getLast());
  }

  @Test
  void labelsBecomeOneHotRowsForLossesOnNumbers() {
    for (Loss loss : List.of(Loss.CATEGORICAL_CROSSENTROPY, Loss.BINARY_CROSSENTROPY, Loss.MSE, Loss.HALF_MSE)) {
      Sequential model = Sequential.build(Shape.of(8, 8, 1), 7, arena, Flatten.of(), Dense.of(4));
      try (Trainer trainer = Trainer.of(model).loss(loss).optimizer(Adam.of(1e-2f)).metrics(Metric.accuracy())) {
        History history = trainer.fit(train, 6, 16);
        assertThat(history.last().loss()).as(loss.id()).isLessThan(history.epochs().getFirst().loss() / 2);
        assertThat(trainer.evaluate(test).accuracy()).as(loss.id()).isGreaterThan(0.9);
      }
    }
  }

  /** The article's worked example: y = 2 x from x = 1..5, layers 1-2-2-1, half mean squared error, plain descent. */
  @Test
  void theWorkedExampleOfTheArticle() {
    ValueDataset line = ValueDataset.of(Tensor.of(arena, Shape.of(5, 1), 1, 2, 3, 4, 5),
        Tensor.of(arena, Shape.of(5, 1), 2, 4, 6, 8, 10));
    Sequential model = Sequential.build(Shape.of(1), 1, arena,
        Dense.of(2, Activation.RELU), Dense.of(2, Activation.RELU), Dense.of(1));
    // A start with no dead layer.
    for (var param : model.parameters().list()) {
      param.value().fill(param.name().contains("kernel") ? 0.5f : 0.1f);
    }
    try (Trainer trainer = Trainer.of(model).loss(Loss.HALF_MSE).optimizer(Sgd.of(0.01f))) {
      assertThat(trainer.fit(line, 2000, 5).last().loss()).isLessThan(1e-3);
      Tensor six = Tensor.of(arena, Shape.of(1, 1), 6);
      float predicted = trainer.predict(ValueDataset.of(six, six), arena).get(0);
      assertThat(Math.abs(predicted - 12)).isLessThan(0.2f);
    }
  }

  @Test
  void halfMeanSquaredErrorIsHalfOfKerassForOneColumn() {
    ValueDataset line = ValueDataset.of(Tensor.of(arena, Shape.of(2, 1), 1, 2), Tensor.of(arena, Shape.of(2, 1), 3, 7));
    Sequential model = Sequential.build(Shape.of(1), 1, arena, Dense.of(1));
    model.parameters().list().getFirst().value().fill(1);
    try (Trainer mse = Trainer.of(model).loss(Loss.MSE); Trainer half = Trainer.of(model).loss(Loss.HALF_MSE)) {
      assertThat(mse.evaluate(line).loss()).isEqualTo((4 + 25) / 2.0);
      assertThat(half.evaluate(line).loss()).isEqualTo((4 + 25) / 4.0);
    }
  }

  @Test
  void callbacksSeeTheRunInOrder() {
    List<String> seen = new ArrayList<>();
    Callback observer = new Callback() {
      @Override
      public void onTrainBegin(Run run) {
        seen.add("begin " + run.totalEpochs() + " x " + run.stepsPerEpoch());
      }

      @Override
      public void onEpochBegin(Run run) {
        seen.add("epoch " + run.epoch());
      }

      @Override
      public void onGradients(Run run) {
        seen.add("gradients " + run.step());
      }

      @Override
      public void onStep(Run run) {
        seen.add("step " + run.step() + " of " + run.globalStep() + ", " + run.examples() + " examples");
        assertThat(((HitMeter) run.metric(0)).answers()).isEqualTo(run.examples());
        assertThat(run.loss()).isPositive();
        assertThat(run.learningRate()).isPositive();
      }

      @Override
      public void onEpochEnd(Run run, EpochLog log) {
        seen.add("end " + log.epoch() + " of " + run.epochs().size());
      }

      @Override
      public void onTrainEnd(Run run, History history) {
        seen.add("trained " + history.epochs().size());
      }
    };
    try (Trainer trainer = Fixtures.trainer(Fixtures.network(arena, 3), 4).callbacks(observer)) {
      trainer.fit(train, 2, 200);
    }
    assertThat(seen).containsExactly("begin 2 x 2",
        "epoch 1", "gradients 0", "step 1 of 1, 200 examples", "gradients 1", "step 2 of 2, 300 examples", "end 1 of 1",
        "epoch 2", "gradients 0", "step 1 of 3, 200 examples", "gradients 1", "step 2 of 4, 300 examples", "end 2 of 2",
        "trained 2");
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeTraining() {
    Sequential model = Fixtures.network(arena, 3);
    ValueDataset numbers = ValueDataset.of(Tensor.allocate(arena, Shape.of(3, 8, 8, 1)), Tensor.allocate(arena, Shape.of(3, 4)));
    try (Trainer trainer = Trainer.of(model)) {
      assertThatThrownBy(() -> trainer.fit(numbers, 1, 1)).isInstanceOf(ShapeException.class)
          .hasMessageContaining("takes labels but the targets are numbers, [4]");
      assertThatThrownBy(() -> trainer.fit(train, 1, 0)).hasMessageContaining("with batch 0");
    }
    try (Trainer trainer = Trainer.of(model).loss(Loss.BINARY_CROSSENTROPY)) {
      assertThatThrownBy(() -> trainer.fit(train, 1, 1)).hasMessageContaining("the model ends in a softmax");
    }
    Sequential sigmoid = Sequential.build(Shape.of(8, 8, 1), 7, arena, Flatten.of(), Dense.of(4, Activation.SIGMOID));
    try (Trainer trainer = Trainer.of(sigmoid).loss(Loss.BINARY_CROSSENTROPY)) {
      assertThatThrownBy(() -> trainer.fit(train, 1, 1)).hasMessageContaining("make that layer linear");
    }
    Sequential narrow = Sequential.build(Shape.of(8, 8, 1), 7, arena, Flatten.of(), Dense.of(3));
    try (Trainer trainer = Trainer.of(narrow)) {
      assertThatThrownBy(() -> trainer.evaluate(train)).isInstanceOf(ShapeException.class)
          .hasMessage("Trainer: the data has 4 classes but the model puts out [3]");
    }
    Sequential wide = Sequential.build(Shape.of(9), 7, arena, Dense.of(4));
    try (Trainer trainer = Trainer.of(wide)) {
      assertThatThrownBy(() -> trainer.fit(train, 1, 1)).isInstanceOf(ShapeException.class)
          .hasMessage("Trainer: the model takes [9] but the examples are [8, 8, 1]");
    }
    try (Trainer trainer = Fixtures.trainer(model, 1)) {
      trainer.fit(train, 1, 50);
      assertThatThrownBy(() -> trainer.fit(train, 1, 50)).isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("fit has been called before");
    }
  }
}
