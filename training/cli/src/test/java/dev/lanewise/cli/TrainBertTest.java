package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train bert} as a process of its own. */
class TrainBertTest {
  @TempDir Path home;

  @Test
  void bothAccuraciesAreShownAndTheModelEvaluatesTheSame() throws IOException {
    Path folder = Files.createDirectories(home.resolve("sentiment"));
    Files.writeString(folder.resolve("rt-polarity.neg"), "a dull film\n".repeat(40));
    Files.writeString(folder.resolve("rt-polarity.pos"), "a fine film\n".repeat(40));
    Command.Result trained = Command.of("train", "bert", "--data", home.toString(), "--pretrain-rounds", "1", "--epochs", "2",
        "--threads", "2", "--out", "m", "--json", "run.json").run(home);
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out()).contains("rt-polarity: 64 sentences to train on, 8 to choose the epoch by, 8 to test on",
        "pre-training step 2 of 2", "testAccuracyWithoutPretraining");
    assertThat(Files.readString(home.resolve("run.json"))).contains("\"testAccuracy\" : ", "\"testAccuracyWithoutPretraining\" : ",
        "\"maskedLoss\" : ", "\"tokensPerSecond\" : ", "\"data\" : \"rt-polarity\"");
    Command.Result evaluated = Command.of("evaluate", "m", "--data", home.toString()).run(home);
    assertThat(evaluated.out()).as(evaluated.err()).contains("accuracy ", "on 8 sentences (rt-polarity)");
  }

  @Test
  void oneClassAloneIsAnError() throws IOException {
    Files.writeString(home.resolve("rt-polarity.pos"), "a fine film\n".repeat(40));
    Command.Result result = Command.of("train", "bert", "--data", home.toString()).run(home);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.errors()).contains("found rt-polarity.pos but not rt-polarity.neg");
  }
}
