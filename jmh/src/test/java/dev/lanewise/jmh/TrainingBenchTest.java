package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Model;
import dev.lanewise.training.Trainer;
import java.lang.foreign.Arena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrainingBenchTest {
  private static final int CALLS = 2;

  /** Trainers of their own on other threads end with the same bits, so each call has trained the model for that many steps. */
  @ParameterizedTest
  @CsvSource({"lstm, 32, 64", "gpt, 16, 128"})
  void train(String network, int batch, int length) {
    TrainingBench bench = new TrainingBench();
    bench.threads = 1;
    bench.network = network;
    bench.steps = 4;
    bench.setUp();
    Rate.Text rate = new Rate.Text();
    for (int call = 0; call < CALLS; call++) {
      bench.train(rate);
    }
    try (Arena arena = Arena.ofShared(); Workers workers = Workers.threads(2)) {
      Model twin = bench.recipe.build(1, arena);
      for (int call = 0; call < CALLS; call++) {
        try (Trainer trainer = bench.recipe.trainer(twin).workers(workers)) {
          trainer.fit(bench.text, 1, bench.batch);
        }
      }
      assertThat(bits(bench.model)).isEqualTo(bits(twin));
    } finally {
      bench.close();
    }
    assertThat(rate.tokens).isEqualTo((double) CALLS * bench.steps * batch * length);
  }

  private static int[] bits(Model model) {
    return model.parameters().values().segment().toArray(JAVA_INT);
  }
}
