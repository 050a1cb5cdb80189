package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train cnn} and {@code evaluate}, as processes where that is what is tested. */
class TrainTest {
  private static final List<String> SHORT = List.of("--limit", "96", "--batch", "8", "--epochs", "2", "--seed", "3");

  @TempDir static Path data;
  @TempDir Path home;

  @BeforeAll
  static void digits() throws IOException {
    SmallMnist.write(data);
  }

  private static Command train(String... more) {
    return Command.of(Stream.of(List.of("train", "cnn", "--data", data.toString()), SHORT, List.of(more))
        .flatMap(List::stream).toArray(String[]::new));
  }

  /** Fields of a flat reading: "test.loss", "epochs.0.seconds". */
  private static Map<String, Object> json(Path file) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isScalarValue()) {
          fields.put(parser.getParsingContext().pathAsPointer().toString().substring(1).replace('/', '.'),
              token.isNumeric() ? parser.getDoubleValue() : parser.getText());
        }
      }
    }
    return fields;
  }

  private static double number(Map<String, Object> fields, String name) {
    return (Double) Objects.requireNonNull(fields.get(name), name);
  }

  private String sha(Command.Result result, String file) throws IOException {
    assertThat(result.code()).as(result.err()).isZero();
    return (String) Objects.requireNonNull(json(home.resolve(file)).get("parametersSha256"));
  }

  @Test
  void trainsAndWritesAModelThatEvaluatesTheSame() throws IOException {
    Command.Result trained = train("--json", "run.json", "--out", "digits.model").run(home);

    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.errors()).isEmpty();
    assertThat(trained.out()).contains("mnist: from " + data.resolve("mnist")).contains("225,034")
        .contains("epoch 1/2").contains("epoch 2/2").contains("test  ").contains("(mnist)").doesNotContain("\033", "\r");
    Map<String, Object> run = json(home.resolve("run.json"));
    assertThat(run.keySet()).containsExactly("model", "data", "seed", "threads", "vectorBits", "parameters",
        "epochs.0.loss", "epochs.0.accuracy", "epochs.0.seconds", "epochs.0.imagesPerSecond",
        "epochs.1.loss", "epochs.1.accuracy", "epochs.1.seconds", "epochs.1.imagesPerSecond",
        "test.loss", "test.accuracy", "usefulGflops", "peakGflops", "peakFraction", "parametersSha256", "peakRssBytes");
    assertThat(run).containsEntry("model", "cnn").containsEntry("data", "mnist").containsEntry("seed", 3.0)
        .containsEntry("threads", 1.0).containsEntry("parameters", 225_034.0);
    assertThat(number(run, "vectorBits")).isIn(128.0, 256.0, 512.0);
    assertThat(number(run, "epochs.1.loss")).isPositive().isLessThan(number(run, "epochs.0.loss"));
    assertThat(number(run, "epochs.1.imagesPerSecond"))
        .isEqualTo(96 / number(run, "epochs.1.seconds"));
    assertThat(number(run, "peakFraction")).isEqualTo(number(run, "usefulGflops") / number(run, "peakGflops"))
        .isPositive();
    assertThat(number(run, "usefulGflops")).isEqualTo(15_396_864e-9
        * ((number(run, "epochs.0.imagesPerSecond") + number(run, "epochs.1.imagesPerSecond")) / 2),
        Offset.offset(Math.ulp(1000.0)));
    assertThat((String) run.get("parametersSha256")).matches("[0-9a-f]{64}");
    assertThat(number(run, "peakRssBytes")).isBetween(50e6, 600e6);
    // What nobody asked for is gone.
    try (Stream<Path> left = Files.list(home)) {
      assertThat(left.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("run.json", "digits.model");
    }

    Command.Result evaluated =
        Command.of("evaluate", "./digits.model", "--data", data.toString(), "--threads", "2", "--json", "./test.json").runHere(home);

    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(evaluated.out()).contains("learned from mnist").contains("accuracy");
    Map<String, Object> test = json(home.resolve("test.json"));
    assertThat(test.get("test.loss")).isEqualTo(run.get("test.loss"));
    assertThat(test.get("test.accuracy")).isEqualTo(run.get("test.accuracy"));
    assertThat(test.get("parametersSha256")).isEqualTo(run.get("parametersSha256"));
  }

  /** The same network on other images: of another size, in more classes, called by their folder. */
  @Test
  void learnsAnotherDataSetOfTheSameForm() throws IOException {
    Path bars = SmallMnist.writeBars(home.resolve("bars"));
    Command.Result trained = Command.of("train", "cnn", "--data", bars.toString(), "--epochs", "4", "--learning-rate", "0.003",
        "--json", "./bars.json", "--out", "./bars.model").runHere(home);
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out()).contains("bars: from " + bars).contains("(bars)");
    Map<String, Object> run = json(home.resolve("bars.json"));
    assertThat(run).containsEntry("data", "bars");
    assertThat(number(run, "test.accuracy")).isGreaterThan(0.95);
    Command.Result evaluated = Command.of("evaluate", "./bars.model", "--data", bars.toString(), "--json", "./again.json").runHere(home);
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(json(home.resolve("again.json")).get("test.accuracy")).isEqualTo(run.get("test.accuracy"));
    Command.Result generated = Command.of("generate", "./bars.model").runHere(home);
    assertThat(generated.code()).isEqualTo(1);
    assertThat(generated.errors()).contains("a model of cnn has nothing to generate").hasLineCount(1);
  }

  @Test
  void aDataSetOfOneClassIsRefused() throws IOException {
    Path one = SmallMnist.writeBars(home.resolve("one"));
    Files.write(one.resolve("train-labels-idx1-ubyte"), ByteBuffer.allocate(488).putInt(0x801).putInt(480).array());
    Files.write(one.resolve("t10k-labels-idx1-ubyte"), ByteBuffer.allocate(128).putInt(0x801).putInt(120).array());
    Command.Result captured = Captured.run("train", "cnn", "--data", one.toString());
    assertThat(captured.code()).isEqualTo(1);
    assertThat(captured.err()).contains("all 480 training images are of class 0").hasLineCount(1);
  }

  @Test
  void sameBitsOnTwoThreads() throws IOException {
    String one = sha(train("--json", "./one.json", "--augment").runHere(home), "one.json");
    assertThat(sha(train("--json", "./two.json", "--augment", "--threads", "2").runHere(home), "two.json")).isEqualTo(one);
  }

  @Test
  void killedAndResumedRunEndsWithTheSameBits() throws IOException, InterruptedException {
    String whole = sha(train("--json", "./whole.json", "--schedule", "cosine").runHere(home), "whole.json");

    Process killed = train("--schedule", "cosine", "--resume", "kept", "--checkpoint-every", "2", "--json",
        home.resolve("killed.json").toString()).start(home);
    Killed.afterCheckpoints(killed, home.resolve("kept/last.safetensors"), 1);
    assertThat(home.resolve("killed.json")).as("killed too late").doesNotExist();

    // The options that are not given are those of the run that was killed.
    Command.Result resumed = Command.of("train", "cnn", "--resume", "./kept").runHere(home);
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains("goes on from the last one");
    assertThat(json(home.resolve("killed.json"))).containsEntry("parametersSha256", whole).containsKey("epochs.1.loss");

    // A run that has ended can be asked again.
    assertThat(sha(Command.of("train", "cnn", "--resume", "./kept", "--json", "./again.json").runHere(home), "again.json"))
        .isEqualTo(whole);
    Command.Result other = Command.of("train", "cnn", "--resume", "./kept", "--seed", "4").runHere(home);
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.errors()).contains("seed is 3 in the checkpoint but 4 here").hasLineCount(1);
  }

  @Test
  void whoIsAskedToEndSaysHowToGoOn() throws IOException, InterruptedException {
    Process process = Command.of("train", "cnn", "--data", data.toString(), "--batch", "4", "--epochs", "100000").start(home);
    var lines = process.inputReader();
    for (String line = lines.readLine(); line != null && !line.startsWith("epoch 1/"); line = lines.readLine()) {
      // Until the first step.
    }
    // By its handle: Process.destroy would close the output that is still to be read.
    process.toHandle().destroy();
    Command.Result result = Command.finish(process);
    assertThat(result.code()).as(result.err()).isEqualTo(128 + 15);
    assertThat(result.errors()).startsWith("lanewise: interrupted; go on with: ./lanewise train cnn --resume ");
    Path folder = Path.of(result.errors().strip().replaceAll(".*--resume ", ""));
    assertThat(folder.resolve("last.safetensors")).exists();
    Files.delete(folder.resolve("last.safetensors"));
    Files.delete(folder);
  }

  @Test
  void failuresAreOneLineAndExitCode1() throws IOException {
    Path damaged = Files.write(home.resolve("damaged.model"), new byte[1000]);
    Path model = home.resolve("no.model");
    Path other = Files.createDirectory(home.resolve("other"));
    Files.writeString(other.resolve("notes.txt"), "not a checkpoint");
    Path bad = home.resolve("bad");
    Path images = Files.createDirectories(bad.resolve("mnist"));
    try (Stream<Path> files = Files.list(data.resolve("mnist"))) {
      for (Path file : files.toList()) {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(images.resolve(file.getFileName()), Arrays.copyOf(bytes, bytes.length - 5));
      }
    }
    expectFailure("no such folder", "train", "cnn", "--data", home.resolve("nowhere").toString());
    expectFailure("train-", "train", "cnn", "--data", bad.toString());
    expectFailure("damaged.model", "evaluate", damaged.toString(), "--data", data.toString());
    expectFailure("no.model", "evaluate", model.toString());
    expectFailure("holds no checkpoint", "train", "cnn", "--resume", other.toString());
    expectFailure("there is no folder", "train", "cnn", "--json", home.resolve("x/run.json").toString());
    expectFailure("there is no folder", "train", "cnn", "--out", home.resolve("x/model").toString());
    expectFailure("this is a folder", "train", "cnn", "--out", home.toString());
  }

  private void expectFailure(String message, String... words) {
    Command.Result captured = Captured.run(words);
    assertThat(captured.code()).as(captured.err()).isEqualTo(1);
    assertThat(captured.err()).startsWith("lanewise: ").contains(message).hasLineCount(1);
  }
}
