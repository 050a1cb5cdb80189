package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train bert}; what is killed is a process of its own. */
class TrainBertTest {
  @TempDir static Path data;
  @TempDir Path home;

  /** Of a run that nobody interrupts. */
  private static String whole;

  private static String maskedLoss;

  /** Sentences of few words, in which one decides. */
  @BeforeAll
  static void trainWithoutInterruption() throws IOException {
    Path folder = Files.createDirectories(data.resolve("sentiment"));
    StringBuilder blame = new StringBuilder();
    StringBuilder praise = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      blame.append("the dull film ").append(i % 7).append(" of ").append(i % 5).append('\n');
      praise.append("the film ").append(i % 7).append(" of ").append(i % 5).append(" is fine\n");
    }
    Files.writeString(folder.resolve("rt-polarity.neg"), blame);
    Files.writeString(folder.resolve("rt-polarity.pos"), praise);
    Command.Result result = train("--json", "./whole.json").runHere(data);
    assertThat(result.code()).as(result.err()).isZero();
    whole = Killed.parametersSha256(data.resolve("whole.json"));
    maskedLoss = figure(data.resolve("whole.json"), "maskedLoss");
  }

  private static Command train(String... more) {
    return Command.of(Stream.concat(
        Stream.of("train", "bert", "--data", data.toString(), "--pretrain-rounds", "2", "--epochs", "2", "--batch", "8", "--seed",
            "7"),
        Stream.of(more)).toArray(String[]::new));
  }

  private static String figure(Path json, String name) throws IOException {
    return Files.readString(json).lines().filter(line -> line.contains('"' + name + '"')).findFirst().orElseThrow();
  }

  private String resumed(Process killed, String part) throws IOException, InterruptedException {
    Killed.afterCheckpoints(killed, home.resolve(part).resolve("last.safetensors"), 2);
    assertThat(home.resolve("killed.json")).as("killed too late").doesNotExist();
    // The options are those of the run that was killed, also where it died before its training proper.
    Command.Result resumed = Command.of("train", "bert", "--resume", "./kept").runHere(home);
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("goes on from the last one");
    return Killed.parametersSha256(home.resolve("killed.json"));
  }

  @Test
  void killedWhilePreTrainingAndResumedEndsWithTheSameBits() throws IOException, InterruptedException {
    Process killed = train("--resume", "kept", "--checkpoint-every", "1", "--json", home.resolve("killed.json").toString()).start(home);
    assertThat(resumed(killed, "kept/first")).isEqualTo(whole);
    assertThat(figure(home.resolve("killed.json"), "maskedLoss")).isEqualTo(maskedLoss);
  }

  @Test
  void killedAfterPreTrainingAndResumedEndsWithTheSameBits() throws IOException, InterruptedException {
    Process killed = train("--resume", "kept", "--checkpoint-every", "1", "--json", home.resolve("killed.json").toString()).start(home);
    assertThat(resumed(killed, "kept")).isEqualTo(whole);
    // What pre-training has come to is known still; a run that has ended can be asked again, also without what it came to.
    assertThat(figure(home.resolve("killed.json"), "maskedLoss")).isEqualTo(maskedLoss);
    Files.delete(home.resolve("kept/first/last.safetensors"));
    Command.Result again = Command.of("train", "bert", "--resume", "./kept", "--json", "./again.json").runHere(home);
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.out()).contains("pre-training was done before");
    assertThat(Killed.parametersSha256(home.resolve("again.json"))).isEqualTo(whole);
    assertThat(Command.of("train", "bert", "--resume", "./kept", "--seed", "8").runHere(home).errors())
        .contains("seed is 7 in the checkpoint but 8 here");
  }

  @Test
  void aLimitLeavesSentencesOfBothClassesToTrainOn() throws IOException {
    Command.Result limited = train("--limit", "6").runHere(home);
    assertThat(limited.out()).as(limited.err()).contains("6 sentences to train on, 8 to choose the epoch by, 8 to test on");
    assertThat(train("--limit", "1").runHere(home).errors()).contains("limit of 1 sentences", "at least 2").hasLineCount(1);
  }

  @Test
  void bothAccuraciesAreShownAndTheModelEvaluatesTheSame() throws IOException {
    Path folder = Files.createDirectories(home.resolve("sentiment"));
    Files.writeString(folder.resolve("rt-polarity.neg"), "a dull film\n".repeat(40));
    Files.writeString(folder.resolve("rt-polarity.pos"), "a fine film\n".repeat(40));
    Command.Result trained = Command.of("train", "bert", "--data", home.toString(), "--pretrain-rounds", "1", "--epochs", "2",
        "--threads", "2", "--out", "./m", "--json", "./run.json").runHere(home);
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out()).contains("rt-polarity: 64 sentences to train on, 8 to choose the epoch by, 8 to test on",
        "rt-polarity, words hidden", "testAccuracyWithoutPretraining");
    assertThat(Files.readString(home.resolve("run.json"))).contains("\"testAccuracy\" : ", "\"testAccuracyWithoutPretraining\" : ",
        "\"maskedLoss\" : ", "\"tokensPerSecond\" : ", "\"data\" : \"rt-polarity\"");
    Command.Result evaluated = Command.of("evaluate", "./m", "--data", home.toString()).runHere(home);
    assertThat(evaluated.out()).as(evaluated.err()).contains("accuracy ", "on 8 sentences (rt-polarity)");
  }

  @Test
  void oneClassAloneIsAnError() throws IOException {
    Files.writeString(home.resolve("rt-polarity.pos"), "a fine film\n".repeat(40));
    Command.Result result = Command.of("train", "bert", "--data", home.toString()).runHere(home);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.errors()).contains("found rt-polarity.pos but not rt-polarity.neg");
  }
}
