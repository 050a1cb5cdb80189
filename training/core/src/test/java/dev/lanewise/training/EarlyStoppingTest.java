package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.layers.Sequential;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The law is Keras's: its EarlyStopping of version 3, walked through by hand. */
class EarlyStoppingTest {
  private final Arena arena = Arena.ofConfined();
  private final Sequential model = Fixtures.network(arena, 1);

  @AfterEach
  void free() {
    arena.close();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      val_loss     | 2 | 0    | 5 4 3 2 1           | 0 | 5
      val_loss     | 2 | 0    | 5 4 4.5 4.2 1       | 4 | 2
      val_loss     | 2 | 0    | 5 4 4.5 3.9 4 4 1   | 6 | 4
      val_loss     | 1 | 0    | 5 5                 | 2 | 1
      val_loss     | 0 | 0    | 5 4 4               | 3 | 2
      val_loss     | 0 | 0    | 5 6                 | 2 | 1
      val_loss     | 2 | 0.5  | 5 4.6 4.5 4         | 3 | 1
      val_loss     | 2 | 0.5  | 5 4.4 4 3.95        | 4 | 2
      val_accuracy | 1 | 0    | 0.5 0.6 0.6         | 3 | 2
      val_accuracy | 2 | 0.1  | 0.5 0.55 0.65 0.7 1 | 0 | 5
      val_loss     | 2 | 0    | 5 NaN NaN 1         | 3 | 1
      val_loss     | 3 | 0    | NaN 5 4             | 0 | 3
      """)
  void stopsAfterPatienceEpochsWithoutImprovement(
      String monitor, int patience, double minDelta, String values, int stopsIn, int best) {
    EarlyStopping early = EarlyStopping.on(monitor, patience).withMinDelta(minDelta);
    assertThat(epochs(early, monitor, values)).isEqualTo(stopsIn);
    assertThat(early.bestEpoch()).isEqualTo(best);
  }

  @Test
  void restoresTheParametersOfTheBestEpochAtTheEnd() {
    EarlyStopping early = EarlyStopping.on("val_loss", 5).withRestoreBest();
    Run run = run();
    early.onTrainBegin(run);
    double[] values = {5, 3, 4};
    for (int epoch = 1; epoch <= 3; epoch++) {
      model.parameters().list().getFirst().value().set(0, epoch);
      early.onEpochEnd(run, log("val_loss", epoch, values[epoch - 1]));
    }
    early.onTrainEnd(run, new History(List.of(), ""));
    assertThat(model.parameters().list().getFirst().value().get(0)).isEqualTo(2);
    assertThat(early.best()).isEqualTo(3);
  }

  @Test
  void savedAndRestoredItGoesOnAsIfNothingHadHappened() {
    EarlyStopping first = EarlyStopping.on("val_loss", 3).withRestoreBest();
    Run run = run();
    first.onTrainBegin(run);
    model.parameters().list().getFirst().value().set(0, 77);
    first.onEpochEnd(run, log("val_loss", 1, 1));
    model.parameters().list().getFirst().value().set(0, 88);
    first.onEpochEnd(run, log("val_loss", 2, 2));
    Snapshot snapshot = new Snapshot();
    first.save(snapshot);

    EarlyStopping second = EarlyStopping.on("val_loss", 3).withRestoreBest();
    second.onTrainBegin(run);
    second.restore(snapshot);
    second.onEpochEnd(run, log("val_loss", 3, 2));
    assertThat(run.stopReason()).isEmpty();
    second.onEpochEnd(run, log("val_loss", 4, 2));
    assertThat(run.stopReason())
        .isEqualTo("val_loss has not improved for 3 epochs; its best was 1.0 in epoch 1");
    second.onTrainEnd(run, new History(List.of(), ""));
    assertThat(model.parameters().list().getFirst().value().get(0)).isEqualTo(77);
  }

  @Test
  void aValueThatIsNotThereIsNamedWithThoseThatAre() {
    EarlyStopping early = EarlyStopping.on("val_loss", 3);
    Run run = run();
    early.onTrainBegin(run);
    assertThatThrownBy(() -> early.onEpochEnd(run, log("loss", 1, 1)))
        .hasMessage("History: no 'val_loss' in epoch 1; there are loss (no validation data was given)");
    assertThatThrownBy(() -> EarlyStopping.on("loss", -1)).hasMessageContaining("patience -1");
  }

  /** The epoch in which the run was stopped, 0 if it was not. */
  private int epochs(EarlyStopping early, String monitor, String values) {
    Run run = run();
    early.onTrainBegin(run);
    String[] words = values.split(" ");
    for (int epoch = 1; epoch <= words.length; epoch++) {
      early.onEpochEnd(run, log(monitor, epoch, Double.parseDouble(words[epoch - 1])));
      if (!run.stopReason().isEmpty()) {
        return epoch;
      }
    }
    return 0;
  }

  private Run run() {
    Task task = Supervised.of(model, Loss.SPARSE_CATEGORICAL_CROSSENTROPY, Adam.of(1e-3f));
    return new Run(task, new Settings(Map.of()), 10,
        new Schedule.Horizon(1, 10), new Tally(task, List.of()), null, arena);
  }

  private static EpochLog log(String name, int epoch, double value) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(name, value);
    return new EpochLog(epoch, values, 0.1f, 1, 10);
  }
}
