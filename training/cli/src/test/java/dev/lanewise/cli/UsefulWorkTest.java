package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.training.EpochLog;
import dev.lanewise.training.History;
import dev.lanewise.training.models.Cnn;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsefulWorkTest {
  @Test
  void articlesNetworkNeeds15MillionOperationsPerImage() {
    try (Arena arena = Arena.ofShared()) {
      // Multiply-adds of the four products, by hand; the first layer needs no gradient of its input.
      long conv1 = 26L * 26 * 32 * 9;
      long conv2 = 11L * 11 * 64 * 288;
      long dense = 1600L * 128 + 128 * 10;
      assertThat(Cnn.article().build(1, arena).trainingFlops()).isEqualTo(2 * (2 * conv1 + 3 * conv2 + 3 * dense));
    }
  }

  @Test
  void speedIsTheMedianOfTheEpochs() {
    History history = new History(List.of(epoch(1, 10), epoch(2, 2), epoch(3, 4), epoch(4, 3)), "");
    assertThat(UsefulWork.examplesPerSecond(history)).isEqualTo((1000 / 4.0 + 1000 / 3.0) / 2);
    assertThat(UsefulWork.examplesPerSecond(new History(List.of(), ""))).isZero();
  }

  private static EpochLog epoch(int number, double seconds) {
    return new EpochLog(number, Map.of("loss", 1.0), 0.001f, seconds, 1000);
  }
}
