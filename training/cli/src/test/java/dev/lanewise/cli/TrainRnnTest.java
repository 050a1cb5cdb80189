package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train rnn}, as a process of its own. */
class TrainRnnTest {
  @TempDir Path home;

  @Test
  void learnsATextAndWritesItsFigures() throws IOException {
    Path text = Files.writeString(home.resolve("verse.txt"), "tyger tyger burning bright in the forests of the night\n".repeat(20));
    Command.Result result = Command.of("train", "rnn", "--cell", "gru", "--units", "8", "--steps", "10", "--batch", "4", "--epochs", "2",
        "--data", text.toString(), "--json", "run.json", "--out", "verse.model").run(home);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("verse.txt").contains("990 to train on, the last 110 held out").contains("epoch 2/2");
    String json = Files.readString(home.resolve("run.json"));
    assertThat(json).contains("\"model\"", "\"rnn\"", "\"valLoss\"", "\"tokensPerSecond\"", "\"peakFraction\"");
    assertThat(home.resolve("verse.model")).exists();
  }

  @Test
  void foretellsASeriesAndComparesIt() throws IOException {
    StringBuilder csv = new StringBuilder("month,value\n");
    for (int i = 0; i < 60; i++) {
      csv.append(i).append(',').append(100 + i + 10 * (i % 12)).append('\n');
    }
    Path file = Files.writeString(home.resolve("sales.csv"), csv.toString());
    Command.Result result = Command.of("train", "rnn", "--series", file.toString(), "--units", "4", "--epochs", "2", "--held-out", "12",
        "--json", "run.json").run(home);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("sales: 60 values, the last 12 to test on").contains("seasonalNaiveRmse 12.0000");
    assertThat(Files.readString(home.resolve("run.json"))).contains("\"testRmse\"", "\"seasonalNaiveRmse\"");
  }

  @Test
  void badInputIsOneLine() throws IOException {
    Path empty = Files.writeString(home.resolve("empty.txt"), "");
    Captured nothing = Captured.run("train", "rnn", "--data", empty.toString());
    assertThat(nothing.code()).isNotZero();
    assertThat(nothing.err()).contains("empty").hasLineCount(1);
    Path text = Files.writeString(home.resolve("short.txt"), "to be or not to be\n".repeat(100));
    assertThat(Captured.run("train", "rnn", "--cell", "tcn", "--data", text.toString()).err()).contains("choices are elman, gru, lstm")
        .hasLineCount(1);
    Path gap = Files.writeString(home.resolve("gap.csv"), "month,value\n1,2\n2,NaN\n");
    assertThat(Captured.run("train", "rnn", "--series", gap.toString()).err()).contains("gap.csv").contains("NaN").hasLineCount(1);
  }
}
