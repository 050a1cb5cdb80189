package dev.lanewise.training.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.training.Adam;
import dev.lanewise.training.Checkpoints;
import dev.lanewise.training.Evaluation;
import dev.lanewise.training.Fingerprint;
import dev.lanewise.training.History;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.text.CharTokenizer;
import dev.lanewise.training.data.text.TokenStreams;
import dev.lanewise.training.data.text.Tokens;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CharRnnTest {
  private static final String TEXT = "the quick brown fox jumps over the lazy dog; ".repeat(40);
  private static final CharTokenizer TOKENIZER = CharTokenizer.of(TEXT);
  private static final Tokens TOKENS = Tokens.of(TOKENIZER, TEXT);

  private static CharRnn small(String cell) {
    return new CharRnn(cell, 16, 8, TOKENIZER);
  }

  private static TokenStreams streams() {
    return TokenStreams.of(TOKENS, 4, 8);
  }

  /** 65 characters: the kernel, the recurrent kernel, the biases, and the scores of all characters. */
  @ParameterizedTest
  @CsvSource({"elman, 1, 1", "gru, 3, 2", "lstm, 4, 1"})
  void hasTheParametersOfItsGates(String cell, int gates, int biases) {
    CharTokenizer shakespeare = CharTokenizer.of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ !$&',-.3:;?\n");
    try (Arena arena = Arena.ofConfined()) {
      Sequential model = CharRnn.of(cell, shakespeare).build(1, arena);
      assertThat(model.inputShape()).isEqualTo(Shape.of(64));
      assertThat(model.outputShape()).isEqualTo(Shape.of(64, 65));
      assertThat(model.parameters().count()).isEqualTo(gates * 128 * (65 + 128 + biases) + 128 * 65 + 65);
    }
  }

  @Test
  void isTrainedAsItIsSaid() {
    CharRnn recipe = CharRnn.of("LSTM", TOKENIZER);
    assertThat(recipe.cell()).isEqualTo("lstm");
    assertThat(recipe.epochs()).isEqualTo(10);
    assertThat(recipe.batch()).isEqualTo(32);
    try (Arena arena = Arena.ofConfined()) {
      assertThat(recipe.task(recipe.build(1, arena)).parts().getFirst().optimizer()).isEqualTo(Adam.of(2e-3f));
    }
    assertThatThrownBy(() -> CharRnn.of("tcn", TOKENIZER)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("CharRnn: cell 'tcn'; choices are elman, gru, lstm");
    assertThatThrownBy(() -> new CharRnn("gru", 8, 0, TOKENIZER)).hasMessageContaining("pieces of 0 characters");
  }

  @Test
  void itsOptionsMakeItAgain() {
    Recipe again = Recipes.find(CharRnn.NAME, small("gru").options());
    assertThat(again.options()).isEqualTo(small("gru").options());
    assertThat(((CharRnn) again).tokenizer().encode("fox")).isEqualTo(TOKENIZER.encode("fox"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"elman", "gru", "lstm"})
  void learnsATextThatRepeats(String cell) {
    try (Arena arena = Arena.ofShared()) {
      CharRnn recipe = small(cell);
      Sequential model = recipe.build(1, arena);
      try (Trainer trainer = recipe.trainer(model)) {
        trainer.learningRate(1e-2f).seed(1);
        History history = trainer.fit(streams(), 12, 4);
        // 27 characters in order: what comes next is nearly always certain.
        assertThat(history.last().values().get("loss")).isLessThan(0.7);
        // As one stream the state is carried through the whole text.
        Evaluation whole = trainer.evaluate(TokenStreams.consecutive(TOKENS, 8));
        assertThat(whole.loss()).isLessThan(0.7);
      }
    }
  }

  @Test
  void aBatchMustTakeAPieceOfEachStream() {
    try (Arena arena = Arena.ofShared()) {
      CharRnn recipe = small("gru");
      try (Trainer trainer = recipe.trainer(recipe.build(1, arena))) {
        assertThatThrownBy(() -> trainer.fit(streams(), 1, 3)).isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("4 streams but a batch has 3 examples");
      }
    }
  }

  private static String run(int threads, int epochs, Path folder, boolean resume) {
    try (Arena arena = Arena.ofShared(); Workers workers = Workers.threads(threads)) {
      CharRnn recipe = small("lstm");
      Sequential model = recipe.build(1, arena);
      try (Trainer trainer = recipe.trainer(model)) {
        trainer.seed(1).workers(workers).validation(TokenStreams.consecutive(TOKENS, 8)).checkpoints(Checkpoints.in(folder));
        if (resume) {
          trainer.resume(folder);
        }
        trainer.fit(streams(), epochs, 4);
      }
      return Fingerprint.parametersSha256(model.parameters());
    }
  }

  @Test
  void theBitsAreTheSameOnTwoThreadsAndAfterAResume(@TempDir Path folder) {
    String whole = run(1, 3, folder.resolve("a"), false);
    assertThat(run(2, 3, folder.resolve("b"), false)).isEqualTo(whole);
    run(2, 1, folder.resolve("c"), false);
    assertThat(run(1, 3, folder.resolve("c"), true)).isEqualTo(whole);
  }
}
