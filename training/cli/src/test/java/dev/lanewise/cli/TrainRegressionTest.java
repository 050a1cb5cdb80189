package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train regression}. */
class TrainRegressionTest {
  @TempDir Path home;

  @Test
  void theWorkedExampleShowsItsNumbersAndLearns() throws IOException {
    Command.Result result = Command.of("train", "regression", "--trace", "--json", "./run.json").runHere(home);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("forward, one line for each example", "backward, from the loss L", "dense_2/bias: 0 -> ")
        .doesNotContain("a dead layer");
    assertThat(Files.readString(home.resolve("run.json"))).contains("\"data\" : \"worked-example\"", "\"f6\" : 1", "\"finalLoss\" : ");
  }

  @Test
  void aDeadStartIsExplainedAndARedrawCuresIt() {
    Command.Result dead = Command.of("train", "regression", "--seed", "3", "--epochs", "2").runHere(home);
    assertThat(dead.code()).as(dead.err()).isZero();
    assertThat(dead.out()).contains("the network starts with a dead layer: relu", "--redraw draws first weights");
    Command.Result redrawn = Command.of("train", "regression", "--seed", "3", "--redraw").runHere(home);
    assertThat(redrawn.out()).doesNotContain("a dead layer").containsPattern("f6 +1[12]\\.[089]");
  }

  @Test
  void aTableIsSplitTrainedTestedAndItsFaultsAreNamed() throws IOException {
    StringBuilder table = new StringBuilder("kind,a,b,y\n");
    for (int i = 0; i < 60; i++) {
      table.append("k,").append(i % 7).append(',').append(i % 5).append(',').append(3 * (i % 7) - i % 5).append('\n');
    }
    Path file = Files.writeString(home.resolve("t.csv"), table.append("k,,1,2\n"));
    Command.Result trained =
        Command.of("train", "regression", "--data", file.toString(), "--out", "./m", "--json", "./run.json").runHere(home);
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out()).contains("y from a, b; 48 rows to train on, 12 to test on", "columns of text, kind",
        "1 rows that lack a value");
    assertThat(Files.readString(home.resolve("run.json"))).contains("\"testRmse\" : ", "\"testR2\" : ");
    Command.Result evaluated = Command.of("evaluate", "./m", "--data", file.toString()).runHere(home);
    assertThat(line(evaluated.out(), "test")).isEqualTo(line(trained.out(), "test"));
    Files.writeString(file, table.toString().replace("k,3,3,6\n", "k,3,x,6\n"));
    Command.Result bad = Command.of("train", "regression", "--data", file.toString(), "--target", "b").runHere(home);
    assertThat(bad.code()).isEqualTo(1);
    assertThat(bad.errors()).contains("t.csv, line 5, column b: found 'x', expected a column of numbers to foretell");
    Files.writeString(file, table + "k,1,1,9\n");
    assertThat(Command.of("evaluate", "./m", "--data", file.toString()).runHere(home).errors())
        .contains("the model learned from another table");
  }

  private static String line(String output, String start) {
    return output.lines().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
  }
}
