package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train rnn}; what is killed is a process of its own. */
class TrainRnnTest {
  @TempDir Path home;

  @Test
  void learnsATextAndWritesItsFigures() throws IOException {
    Path text = Files.writeString(home.resolve("verse.txt"), "tyger tyger burning bright in the forests of the night\n".repeat(20));
    Command.Result result = Command.of("train", "rnn", "--cell", "gru", "--units", "8", "--steps", "10", "--batch", "4", "--epochs", "2",
        "--data", text.toString(), "--json", "./run.json", "--out", "./verse.model").runHere(home);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("verse.txt").contains("990 to train on, the last 110 held out").contains("epoch 2/2");
    String json = Files.readString(home.resolve("run.json"));
    assertThat(json).contains("\"model\"", "\"rnn\"", "\"valLoss\"", "\"tokensPerSecond\"", "\"peakFraction\"");
    assertThat(home.resolve("verse.model")).exists();
  }

  @Test
  void killedAndResumedRunEndsWithTheSameBits() throws IOException, InterruptedException {
    Path text = Files.writeString(home.resolve("verse.txt"), "tyger tyger burning bright in the forests of the night\n".repeat(60));
    String[] words = {"train", "rnn", "--cell", "lstm", "--units", "16", "--steps", "8", "--batch", "4", "--epochs", "3", "--seed", "5",
        "--data", text.toString()};
    Command.Result whole = Command.of(with(words, "--json", "./whole.json")).runHere(home);
    assertThat(whole.code()).as(whole.err()).isZero();
    Process killed = Command.of(with(words, "--json", "killed.json", "--resume", "kept", "--checkpoint-every", "5")).start(home);
    Killed.afterCheckpoints(killed, home.resolve("kept/last.safetensors"), 3);
    assertThat(home.resolve("killed.json")).as("killed too late").doesNotExist();
    Command.Result resumed = Command.of("train", "rnn", "--resume", "kept", "--threads", "2").run(home);
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(Killed.parametersSha256(home.resolve("killed.json")))
        .isEqualTo(Killed.parametersSha256(home.resolve("whole.json")));
  }

  private static String[] with(String[] words, String... more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
  }

  /** Names, one a line, are a text like any other; what is drawn from it are lines of its characters. */
  @Test
  void learnsNamesAndDrawsSome() throws IOException {
    Path names = Files.writeString(home.resolve("names.txt"), "anna\nbruno\nclara\ndavid\nemma\n".repeat(80));
    Command.Result trained = Command.of("train", "rnn", "--data", names.toString(), "--units", "32", "--steps", "12", "--batch", "8",
        "--epochs", "16", "--learning-rate", "0.02", "--out", "./names.model").runHere(home);
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out()).contains("names.txt");
    Command.Result drawn = Command.of("generate", "./names.model", "--tokens", "60").runHere(home);
    assertThat(drawn.code()).as(drawn.err()).isZero();
    List<String> lines = drawn.out().lines().toList();
    assertThat(lines).hasSizeGreaterThan(8);
    // The first one begins where no name of the text has begun, with an empty state; the last one is cut off.
    assertThat(lines.subList(1, lines.size() - 1)).isSubsetOf("anna", "bruno", "clara", "david", "emma");
    Command.Result unknown = Command.of("generate", "./names.model", "--prompt", "Zoe").runHere(home);
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.errors()).contains("'Z'", "not among the 14").hasLineCount(1);
  }

  @Test
  void aLimitCountsCharactersOrWindows() throws IOException {
    Path text = Files.writeString(home.resolve("verse.txt"), "tyger tyger burning bright in the forests of the night\n".repeat(20));
    String[] words = {"train", "rnn", "--units", "4", "--steps", "10", "--batch", "2", "--epochs", "1", "--data", text.toString()};
    assertThat(Command.of(with(words, "--limit", "101")).runHere(home).code()).isZero();
    assertThat(Command.of(with(words, "--limit", "15")).runHere(home).errors()).contains("15").hasLineCount(1);
    StringBuilder csv = new StringBuilder("month,value\n");
    for (int i = 0; i < 60; i++) {
      csv.append(i).append(',').append(100 + i).append('\n');
    }
    Path file = Files.writeString(home.resolve("sales.csv"), csv.toString());
    String[] series = {"train", "rnn", "--series", file.toString(), "--units", "2", "--epochs", "1", "--held-out", "12"};
    Command.Result limited = Command.of(with(series, "--limit", "5", "--json", "./limited.json")).runHere(home);
    assertThat(limited.code()).as(limited.err()).isZero();
    Command.Result whole = Command.of(with(series, "--json", "./whole.json")).runHere(home);
    assertThat(Killed.parametersSha256(home.resolve("limited.json")))
        .as(whole.err()).isNotEqualTo(Killed.parametersSha256(home.resolve("whole.json")));
  }

  @Test
  void foretellsASeriesAndComparesIt() throws IOException {
    StringBuilder csv = new StringBuilder("month,value\n");
    for (int i = 0; i < 60; i++) {
      csv.append(i).append(',').append(100 + i + 10 * (i % 12)).append('\n');
    }
    Path file = Files.writeString(home.resolve("sales.csv"), csv.toString());
    Command.Result result = Command.of("train", "rnn", "--series", file.toString(), "--units", "4", "--epochs", "2", "--held-out", "12",
        "--json", "./run.json").runHere(home);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("sales: 60 values, the last 12 to test on").contains("seasonalNaiveRmse 12.0000");
    assertThat(Files.readString(home.resolve("run.json"))).contains("\"testRmse\"", "\"seasonalNaiveRmse\"");
  }

  @Test
  void aRunThatIsRefusedLeavesNothing() throws IOException {
    Path temporary = Files.createDirectory(home.resolve("tmp"));
    Files.writeString(home.resolve("empty.txt"), "");
    Command.Result refused = Command.of("train", "rnn", "--data", "empty.txt").jvm("-Djava.io.tmpdir=" + temporary).run(home);
    assertThat(refused.code()).as(refused.err()).isEqualTo(1);
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void badInputIsOneLine() throws IOException {
    Path empty = Files.writeString(home.resolve("empty.txt"), "");
    Command.Result nothing = Captured.run("train", "rnn", "--data", empty.toString());
    assertThat(nothing.code()).isNotZero();
    assertThat(nothing.err()).contains("empty").hasLineCount(1);
    Path text = Files.writeString(home.resolve("short.txt"), "to be or not to be\n".repeat(100));
    assertThat(Captured.run("train", "rnn", "--cell", "tcn", "--data", text.toString()).err()).contains("choices are elman, gru, lstm")
        .hasLineCount(1);
    Path gap = Files.writeString(home.resolve("gap.csv"), "month,value\n1,2\n2,NaN\n");
    assertThat(Captured.run("train", "rnn", "--series", gap.toString()).err()).contains("gap.csv").contains("NaN").hasLineCount(1);
  }
}
