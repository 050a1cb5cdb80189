package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.ImageDataset;
import dev.lanewise.training.data.ValueDataset;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens between a gradient and the parameters: accumulation, clipping, decay of matrices, averages. */
class UpdatesTest {
  private final Arena arena = Arena.ofShared();
  private final ImageDataset train = Fixtures.bars(arena, 100, 1);
  private final ImageDataset validation = Fixtures.bars(arena, 40, 2);

  @TempDir Path folder;

  @AfterEach
  void free() {
    arena.close();
  }

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** All at once, in one run. */
  private Trainer everything(Sequential model, int threads) {
    return Fixtures.trainer(model, 5).validation(validation).workers(Crew.of(threads))
        .optimizer(AdamW.of(3e-3f).withWeightDecay(0.1f).decayingMatricesOnly()).clipNorm(0.5f).accumulate(3).ema(0.9f);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 8})
  void killedAnywhereItResumesToTheSameBitsOnAnyNumberOfThreads(int step) {
    Sequential whole = Fixtures.network(arena, 3);
    List<EpochLog> want;
    try (Trainer trainer = everything(whole, 1)) {
      History history = trainer.fit(train, 3, 8);
      want = history.epochs();
      // The model has what the last validation saw.
      assertThat(trainer.evaluate(validation).loss()).isEqualTo(history.last().value("val_loss"));
    }
    try (Trainer trainer = everything(Fixtures.network(arena, 3), 2).checkpoints(Checkpoints.in(folder).everySteps(2))
        .callbacks(new Callback() {
          @Override
          public void onStep(Run run) {
            // 13 batches of an epoch are 5 steps, the last one of a single batch.
            assertThat(run.stepsPerEpoch()).isEqualTo(5);
            if (run.globalStep() == step) {
              throw new Killed();
            }
          }
        })) {
      assertThatThrownBy(() -> trainer.fit(train, 3, 8)).isInstanceOf(Killed.class);
    }
    Sequential resumed = Fixtures.network(arena, 999);
    try (Trainer trainer = everything(resumed, 2).resume(folder)) {
      List<EpochLog> got = trainer.fit(train, 3, 8).epochs();
      for (int i = 0; i < 3; i++) {
        assertThat(got.get(i).values()).isEqualTo(want.get(i).values());
        assertThat(got.get(i).examples()).isEqualTo(100);
      }
    }
    assertThat(Fingerprint.parametersSha256(resumed.parameters())).isEqualTo(Fingerprint.parametersSha256(whole.parameters()));
  }

  @Test
  void whatChangesTheBitsIsASetting() {
    try (Trainer trainer = everything(Fixtures.network(arena, 3), 1).checkpoints(Checkpoints.in(folder))) {
      trainer.fit(train, 1, 8);
    }
    try (Trainer trainer = Fixtures.trainer(Fixtures.network(arena, 3), 5).validation(validation).resume(folder)) {
      assertThatThrownBy(() -> trainer.fit(train, 1, 8)).isInstanceOf(CheckpointException.class)
          .hasMessageContaining("clip norm is 0.5 in the checkpoint but none here")
          .hasMessageContaining("accumulate is 3 in the checkpoint").hasMessageContaining("ema is 0.9 in the checkpoint");
    }
  }

  /** Whole numbers and powers of two throughout, so that nothing is rounded. */
  private Sequential line(int batch, int accumulate) {
    ValueDataset numbers = ValueDataset.of(Tensor.of(arena, Shape.of(8, 2), 1, 2, -3, 4, 5, 0, 2, 2, 7, -1, 0, 3, 1, 1, 2, -6),
        Tensor.of(arena, Shape.of(8, 1), 4, -2, 0, 8, 1, 1, -5, 2));
    Sequential model = Sequential.build(Shape.of(2), 1, arena, Dense.of(1));
    model.parameters().list().getFirst().value().fill(2);
    try (Trainer trainer = Trainer.of(model).loss(Loss.HALF_MSE).optimizer(Sgd.of(0x1p-5f)).shuffle(false).accumulate(accumulate)) {
      trainer.fit(numbers, 1, batch);
    }
    return model;
  }

  @Test
  void accumulatedBatchesAreOneBatch() {
    assertThat(line(2, 4).parameters().values().toArray()).isEqualTo(line(8, 1).parameters().values().toArray())
        .isNotEqualTo(line(4, 1).parameters().values().toArray());
    assertThat(line(2, 2).parameters().values().toArray()).isEqualTo(line(4, 1).parameters().values().toArray());
  }

  /** The gradient of each step and how far the parameters went for it, by plain descent at rate 1. */
  private static final class Watch implements Callback {
    final List<float[]> gradients = new ArrayList<>();
    final List<float[]> values = new ArrayList<>();

    @Override
    public void onGradients(Run run) {
      gradients.add(run.parameters().gradients().toArray());
      values.add(run.parameters().values().toArray());
    }

    @Override
    public void onStep(Run run) {
      values.add(run.parameters().values().toArray());
    }
  }

  private Watch descend(float clip) {
    Watch watch = new Watch();
    Sequential model = Fixtures.network(arena, 3);
    try (Trainer trainer = Trainer.of(model).optimizer(Sgd.of(1)).seed(5).callbacks(watch)) {
      (clip > 0 ? trainer.clipNorm(clip) : trainer).fit(train, 1, 50);
    }
    return watch;
  }

  @Test
  void longGradientsAreShortenedAndOthersLeftAsTheyAre() {
    Watch free = descend(0);
    double norm = norm(free.gradients.getFirst());
    Watch loose = descend((float) (norm * 1.01));
    assertThat(loose.values.get(1)).isEqualTo(free.values.get(1));
    float half = (float) (norm / 2);
    Watch tight = descend(half);
    float[] gradient = tight.gradients.getFirst();
    assertThat(gradient).isEqualTo(free.gradients.getFirst());
    float[] before = tight.values.getFirst();
    float[] after = tight.values.get(1);
    // The sum of squares has n / 16 + 20 roundings, of which the root halves the effect; factor, product and step have one each.
    double gamma = Bounds.gammaOf(gradient.length / 32 + 16);
    for (int i = 0; i < gradient.length; i++) {
      double step = half / norm * gradient[i];
      assertThat(Math.abs(before[i] - step - after[i])).isLessThanOrEqualTo(gamma * Math.abs(step) + Math.ulp(before[i]));
    }
  }

  private static double norm(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }

  @Test
  void theNormOfHugeGradientsIsFiniteAndThatOfBrokenOnesIsNot() {
    assertThat(Steps.norm(Tensor.of(arena, Shape.of(2), 3e30f, 4e30f))).isCloseTo(5e30, org.assertj.core.data.Offset.offset(1e24));
    assertThat(Steps.norm(Tensor.of(arena, Shape.of(2), 3, 4))).isEqualTo(5);
    assertThat(Steps.norm(Tensor.of(arena, Shape.of(2), Float.NaN, 4))).isNaN();
  }

  /** At rate 0 for gradients (Adam without a gradient stands still) only the decay is left to see. */
  @Test
  void decayOfMatricesLeavesVectorsAlone() {
    Sequential model = Sequential.build(Shape.of(3), 1, arena, Dense.of(2), Dense.of(2));
    model.parameters().list().forEach(param -> param.value().fill(1));
    OptimizerState state = AdamW.of(0.5f).withWeightDecay(0.25f).decayingMatricesOnly().start(model.parameters(), arena);
    state.step(0.5f, Crew.of(1));
    model.parameters().list().forEach(param -> assertThat(param.value().toArray()).as(param.name())
        .containsOnly(param.name().endsWith("kernel") ? 0.875f : 1));
    assertThat(model.parameters().values().toArray()).as("padding").contains(0);
  }

  @Test
  void theAverageFollowsTheParameters() {
    Sequential model = Fixtures.network(arena, 3);
    List<float[]> parameters = new ArrayList<>();
    List<float[]> averages = new ArrayList<>();
    Callback watch = new Callback() {
      @Override
      public void onStep(Run run) {
        parameters.add(run.parameters().values().toArray());
        averages.add(run.evaluatedValues().toArray());
      }
    };
    try (Trainer trainer = Fixtures.trainer(model, 5).ema(0.75f).checkpoints(Checkpoints.in(folder)).callbacks(watch)) {
      trainer.fit(train, 1, 20);
    }
    assertThat(averages.getFirst()).isEqualTo(parameters.getFirst());
    for (int step = 1; step < averages.size(); step++) {
      for (int i = 0; i < model.parameters().values().size(); i++) {
        double before = averages.get(step - 1)[i];
        double here = parameters.get(step)[i];
        double want = 0.75 * before + 0.25 * here;
        assertThat(Math.abs(averages.get(step)[i] - want))
            .isLessThanOrEqualTo(Bounds.gammaOf(3) * (0.75 * Math.abs(before) + 0.25 * Math.abs(here)));
      }
    }
    assertThat(model.parameters().values().toArray()).isEqualTo(averages.getLast()).isNotEqualTo(parameters.getLast());
    // The checkpoint has both, under their names.
    Snapshot last = Checkpoint.read(folder.resolve(Checkpoints.LAST), arena);
    Sequential raw = Fixtures.network(arena, 4);
    Checkpoint.takeParameters(last, raw.parameters());
    assertThat(raw.parameters().values().toArray()).isEqualTo(parameters.getLast());
    Checkpoint.takeEvaluatedParameters(last, raw.parameters());
    assertThat(raw.parameters().values().toArray()).isEqualTo(averages.getLast());
  }

  @Test
  void whatMeansNothingIsRefused() {
    Trainer trainer = Trainer.of(Fixtures.network(arena, 3));
    assertThatThrownBy(() -> trainer.clipNorm(0)).hasMessageContaining("clip norm is 0.0");
    assertThatThrownBy(() -> trainer.accumulate(0)).hasMessageContaining("0 batches");
    assertThatThrownBy(() -> trainer.ema(1)).hasMessageContaining("ema is 1.0");
    assertThatThrownBy(() -> trainer.learningRate(-1)).hasMessageContaining("learning rate is -1.0");
    trainer.close();
  }
}
