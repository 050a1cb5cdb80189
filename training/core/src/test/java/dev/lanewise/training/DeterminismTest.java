package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.layers.Sequential;
import dev.lanewise.training.data.ImageDataset;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** T4: the same loss bits on rerun, on 1 and 4 threads, and with batches filled on another thread. */
class DeterminismTest {
  private static final int EPOCHS = 3;

  private final Arena arena = Arena.ofShared();
  private final ImageDataset train = Fixtures.bars(arena, 150, 1);

  @AfterEach
  void free() {
    arena.close();
  }

  private record Outcome(List<Long> lossBits, String parameters, History history) {}

  private Outcome train(long modelSeed, long seed, int threads, @Nullable Executor ahead) {
    Sequential model = Fixtures.network(arena, modelSeed);
    List<Long> bits = new ArrayList<>();
    try (Trainer trainer = Fixtures.trainer(model, seed).workers(Crew.of(threads)).prefetch(ahead).callbacks(
        new Callback() {
          @Override
          public void onStep(Run run) {
            bits.add(Double.doubleToRawLongBits(run.stepLoss()));
          }
        })) {
      History history = trainer.fit(train, EPOCHS, 16);
      return new Outcome(bits, Fingerprint.parametersSha256(model.parameters()), history);
    }
  }

  @Test
  void sameBitsOnRerunAndOnFourThreadsAndWithBatchesFilledAhead() {
    Outcome first = train(1, 2, 1, null);
    assertThat(first.lossBits()).hasSize(EPOCHS * 10).doesNotHaveDuplicates();
    assertThat(first.history().last().loss()).isLessThan(first.history().epochs().getFirst().loss());
    assertSame(train(1, 2, 1, null), first);
    assertSame(train(1, 2, 4, null), first);
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      assertSame(train(1, 2, 2, executor), first);
    }
  }

  private static void assertSame(Outcome got, Outcome want) {
    assertThat(got.lossBits()).isEqualTo(want.lossBits());
    assertThat(got.parameters()).isEqualTo(want.parameters());
    assertThat(got.history().last().values()).isEqualTo(want.history().last().values());
  }

  @Test
  void eachSeedGivesAnotherRun() {
    List<String> sums = new ArrayList<>();
    sums.add(train(1, 2, 1, null).parameters());
    sums.add(train(1, 3, 1, null).parameters());
    sums.add(train(2, 2, 1, null).parameters());
    assertThat(sums).doesNotHaveDuplicates();
  }

  /** Keras's definition, added up apart from the trainer: the mean over an epoch of each batch's loss before its step. */
  @Test
  void theLossOfAnEpochIsTheMeanOverItsExamples() {
    Outcome outcome = train(1, 2, 1, null);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      double sum = 0;
      for (int step = 0; step < 10; step++) {
        // 150 examples: nine batches of 16 and one of 6.
        sum += Double.longBitsToDouble(outcome.lossBits().get(epoch * 10 + step)) * (step < 9 ? 16 : 6);
      }
      // Twenty roundings of double, of positive terms.
      double mean = sum / 150;
      assertThat(Math.abs(outcome.history().epochs().get(epoch).loss() - mean)).isLessThanOrEqualTo(40 * Math.ulp(mean));
    }
  }
}
