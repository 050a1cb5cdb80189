package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "                                     | name a command: train, evaluate, predict, generate, doctor",
      "train                                | name a network to train: cnn",
      "trian cnn                            | did you mean train?",
      "train cnn --ephocs 3                 | '--ephocs'",
      "train mlp                            | 'mlp'",
      "train rnn --cell                     | '--cell'",
      "train rnn --steps 0                  | '--steps': '0' is no whole number from 1",
      "train cnn --epochs 0                 | '--epochs': '0' is no whole number from 1",
      "train cnn --batch -3                 | '--batch': '-3' is no whole number from 1",
      "train cnn --threads x                | '--threads': 'x' is no whole number from 1",
      "train cnn --limit 1.5                | '--limit': '1.5' is no whole number from 1",
      "train cnn --learning-rate 0          | '--learning-rate': '0' is no number above 0",
      "train cnn --learning-rate NaN        | '--learning-rate': 'NaN' is no number above 0",
      "train cnn --seed abc                 | '--seed'",
      "train cnn --clip-norm 0              | '--clip-norm': '0' is no number above 0",
      "train cnn --accumulate 0             | '--accumulate'",
      "train cnn --ema 1.5                  | '--ema': '1.5' is not a number from 0 to 1",
      "generate                             | MODEL",
      "generate m --top-p 2                 | '--top-p': '2' is not a number from 0 to 1",
      "generate m --temperature -1          | '--temperature': '-1' is not a number from 0",
      "train cnn --optimizer adagrad        | choices are sgd, rmsprop, adam, adamw",
      "train cnn --schedule linear          | choices are constant",
      "train cnn --schedule step:every=x    | every is 'x'",
      "train cnn --epochs                   | '--epochs'",
      "train cnn extra                      | 'extra'",
      "evaluate                             | MODEL",
      "evaluate m --threads 0               | '--threads'",
      "predict                              | MODEL",
      "predict model                        | IMAGE",
      "doctor --epochs 3                    | '--epochs'"})
  void badUsageIsOneLineAndExitCode2(String words, String message) {
    Command.Result result = Captured.run(words == null ? new String[0] : words.split(" "));
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).startsWith("lanewise: ").contains(message).contains("--help").hasLineCount(1);
    assertThat(result.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"--help, evaluate", "train --help, cnn", "train cnn --help, --checkpoint-every", "predict --help, IMAGE",
      "evaluate --help, MODEL", "doctor --help, JDK", "--version, lanewise", "train cnn --version, lanewise"})
  void helpAndVersionGoToTheOutput(String words, String expected) {
    Command.Result result = Captured.run(words.split(" "));
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains(expected);
    assertThat(result.err()).isEmpty();
  }

  @Test
  void verboseShowsWhereAnErrorCameFrom(@TempDir Path home) {
    String model = home.resolve("none").toString();
    assertThat(Captured.run("evaluate", model).err()).hasLineCount(1);
    assertThat(Captured.run("evaluate", model, "--verbose").err()).contains("at dev.lanewise");
    assertThat(Captured.run("--verbose", "evaluate", model).err()).contains("at dev.lanewise");
  }
}
