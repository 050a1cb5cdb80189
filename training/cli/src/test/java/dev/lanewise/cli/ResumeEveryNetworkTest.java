package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a killed run leaves behind is enough to end it with the same bits, whatever the network. (cnn, rnn and bert have tests of their own; of the two vae the
 * convolutional one is killed here, and VaeTest interrupts both.)
 */
class ResumeEveryNetworkTest {
  @TempDir static Path data;
  @TempDir Path home;

  @BeforeAll
  static void files() throws IOException {
    SmallMnist.write(data);
    Files.writeString(data.resolve("verse.txt"), "tyger tyger burning bright in the forests of the night\n".repeat(60));
    StringBuilder series = new StringBuilder("month,value\n");
    StringBuilder table = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 120; i++) {
      series.append(i).append(',').append(100 + i + 10 * (i % 12)).append('\n');
      table.append(i % 7).append(',').append(i % 5).append(',').append(3 * (i % 7) - i % 5).append('\n');
    }
    Files.writeString(data.resolve("sales.csv"), series);
    Files.writeString(data.resolve("table.csv"), table);
  }

  private static Command train(String words, String... more) {
    String[] first = words.replace("DATA", data.toString()).split(" ");
    return Command.of(Stream.concat(Stream.concat(Stream.of("train"), Stream.of(first)), Stream.of(more)).toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "gpt --data DATA/verse.txt --layers 1 --heads 2 --width 16 --context 16 --batch 4 --iterations 80 --dropout 0.1 --ema 0.9",
      "rnn --series DATA/sales.csv --units 4 --epochs 12",
      "regression --epochs 8",
      "regression --data DATA/table.csv --epochs 20",
      "vae --conv --data DATA --limit 16 --latent 4 --batch 2 --epochs 2",
      "gan --data DATA --limit 16 --batch 2 --epochs 2"})
  void killedAndResumedEndsWithTheSameBits(String words) throws IOException, InterruptedException {
    Command.Result whole = train(words, "--seed", "5", "--json", "./whole.json").runHere(home);
    assertThat(whole.code()).as(whole.err()).isZero();
    Process killed = train(words, "--seed", "5", "--json", home.resolve("killed.json").toString(), "--resume", "kept",
        "--checkpoint-every", "1").start(home);
    Killed.afterCheckpoints(killed, home.resolve("kept/last.safetensors"), 2);
    assertThat(home.resolve("killed.json")).as("killed too late").doesNotExist();
    // Nothing but the network's name: all else is remembered.
    Command.Result resumed =
        Command.of("train", words.substring(0, words.indexOf(' ')), "--resume", "./kept").runHere(home);
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("goes on from the last one");
    assertThat(Killed.parametersSha256(home.resolve("killed.json"))).isEqualTo(Killed.parametersSha256(home.resolve("whole.json")));
  }
}
