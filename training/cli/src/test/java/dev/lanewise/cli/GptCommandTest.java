package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train gpt}, {@code evaluate} and {@code generate}. */
class GptCommandTest {
  @TempDir static Path home;

  @BeforeAll
  static void aModel() throws IOException {
    Files.writeString(home.resolve("small.txt"), "the quick brown fox jumps over the lazy dog.\n".repeat(60));
    Files.writeString(home.resolve("empty.txt"), "");
    Command.Result trained = Command.of("train", "gpt", "--data", home.resolve("small.txt").toString(), "--layers", "1", "--heads", "2",
        "--width", "16", "--context", "16", "--iterations", "30", "--batch", "4", "--json", "./run.json", "--out", "./gpt.model")
        .runHere(home);
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out()).contains("small.txt: from ").contains("29 different ones; 2,430 to train on, the last 270 held out")
        .contains("val loss");
    assertThat(Files.readString(home.resolve("run.json"))).contains("\"valLoss\"").contains("\"tokensPerSecond\"");
  }

  private static Command.Result generate(String... more) {
    return Command.of(Stream.concat(Stream.of("generate", "./gpt.model"), Stream.of(more)).toArray(String[]::new)).runHere(home);
  }

  @Test
  void textIsStreamedAndTheSameForASeed() {
    Command.Result text = generate("--prompt", "the ", "--tokens", "40", "--seed", "2", "--top-k", "20", "--temperature", "0.9");
    assertThat(text.code()).as(text.err()).isZero();
    assertThat(text.out()).startsWith("the ").hasSize(4 + 40 + System.lineSeparator().length());
    assertThat(
        generate("--prompt", "the ", "--tokens", "40", "--seed", "2", "--top-k", "20", "--temperature", "0.9", "--threads", "2").out())
        .isEqualTo(text.out());
    assertThat(generate("--prompt", "the ", "--tokens", "40", "--seed", "3").out()).isNotEqualTo(text.out());
    Command.Result own = Command.of("generate", "gpt.model", "--tokens", "5").run(home);
    assertThat(own.out()).as("in a process of its own").hasSize(5 + System.lineSeparator().length())
        .isEqualTo(generate("--tokens", "5").out());
  }

  /** Of a prompt that is longer than the context the last of it counts, as the help says; a sentence goes on where it stands. */
  @Test
  void aPromptMayBeLongerThanTheContext() {
    String prompt = "the quick brown fox jumps over the lazy dog.\nthe quick";
    Command.Result whole = generate("--prompt", prompt, "--tokens", "20");
    assertThat(whole.code()).as(whole.err()).isZero();
    assertThat(whole.out()).startsWith(prompt);
    String last = prompt.substring(prompt.length() - 16);
    assertThat(whole.out().substring(prompt.length())).isEqualTo(generate("--prompt", last, "--tokens", "20").out().substring(16));
  }

  @Test
  void theHeldOutPartIsEvaluated() {
    Command.Result evaluated = Command.of("evaluate", "./gpt.model", "--data", home.resolve("small.txt").toString()).runHere(home);
    assertThat(evaluated.code()).as(evaluated.err()).isZero();
    assertThat(evaluated.out()).contains("held out");
  }

  @Test
  void mistakesAreNamed() {
    Command.Result unknown = generate("--prompt", "the Fox");
    assertThat(unknown.code()).isNotZero();
    assertThat(unknown.errors()).contains("'F'").contains("not among the 29");
    assertThat(generate("--images", "3").errors()).contains("--images is for images but this model writes text");
    Command.Result empty = Command.of("train", "gpt", "--data", home.resolve("empty.txt").toString()).runHere(home);
    assertThat(empty.code()).isNotZero();
    assertThat(empty.errors()).contains("empty");
    Command.Result longer = Command.of("train", "gpt", "--data", home.resolve("small.txt").toString(), "--context", "5000").runHere(home);
    assertThat(longer.code()).isNotZero();
    assertThat(longer.errors()).contains("windows of 5000 tokens");
  }
}
