package dev.lanewise.training.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Dataset;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenDatasetsTest {
  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void aWindowsLabelsAreTheTokensThatFollow() {
    TokenWindows windows = TokenWindows.every(counting(10), 3);
    assertThat(windows.size()).isEqualTo(7);
    assertThat(windows.inputShape()).isEqualTo(Shape.of(3));
    assertThat(windows.classes()).isEqualTo(100);
    assertThat(windows.labelsPerExample()).isEqualTo(3);
    assertThat(read(windows, 6, 0)).isEqualTo("6 7 8 > 7 8 9 | 0 1 2 > 1 2 3");
  }

  @Test
  void sampledWindowsDependOnTheSeedAndTheirNumberAlone() {
    TokenWindows windows = TokenWindows.sampled(counting(90), 8, 1000, 7);
    int[] starts = IntStream.range(0, 1000).map(windows::start).toArray();
    assertThat(IntStream.of(starts).distinct().count()).isEqualTo(82); // each of the 82 places: the chance to miss one is 4e-4
    assertThat(IntStream.of(starts).max()).hasValue(81);
    TokenWindows fewer = TokenWindows.sampled(counting(90), 8, 10, 7);
    assertThat(IntStream.range(0, 10).map(fewer::start).toArray()).isEqualTo(Arrays.copyOf(starts, 10));
    TokenWindows other = TokenWindows.sampled(counting(90), 8, 1000, 8);
    assertThat(IntStream.range(0, 1000).map(other::start).toArray()).isNotEqualTo(starts);
  }

  @Test
  void streamsGoOnFromStepToStepAndTheRestIsIgnored() {
    TokenStreams streams = TokenStreams.of(counting(12), 2, 4); // 11 labels: 6 and 5
    assertThat(streams.steps()).isEqualTo(2);
    assertThat(streams.size()).isEqualTo(4);
    assertThat(read(streams, 0, 1)).isEqualTo("0 1 2 3 > 1 2 3 4 | 6 7 8 9 > 7 8 9 10");
    assertThat(read(streams, 2, 3)).isEqualTo("4 5 0 0 > 5 6 -1 -1 | 10 0 0 0 > 11 -1 -1 -1");
  }

  @Test
  void consecutiveWindowsCoverATextAndMayBeLongerThanIt() {
    assertThat(read(TokenStreams.consecutive(counting(8), 3), 0, 1, 2)).isEqualTo("0 1 2 > 1 2 3 | 3 4 5 > 4 5 6 | 6 0 0 > 7 -1 -1");
    assertThat(read(TokenStreams.consecutive(counting(3), 4), 0)).isEqualTo("0 1 0 0 > 1 2 -1 -1");
  }

  @Test
  void linesBeginAndEndWithTheBoundary() {
    CharTokenizer tokenizer = CharTokenizer.of("\nabc");
    TokenLines lines = TokenLines.of(tokenizer, List.of("ab", "cba", "c"), 0);
    assertThat(lines.size()).isEqualTo(3);
    assertThat(lines.labels()).isEqualTo(9);
    assertThat(read(lines, 1, 2, 0)).isEqualTo("0 3 2 1 > 3 2 1 0 | 0 3 0 0 > 3 0 -1 -1 | 0 1 2 0 > 1 2 0 -1");
    assertThat(read(TokenLines.of(tokenizer, List.of("a"), 0, 3), 0)).isEqualTo("0 1 0 > 1 0 -1");
    assertThatThrownBy(() -> TokenLines.of(tokenizer, List.of("a", "bcb"), 0, 3))
        .hasMessage("TokenLines: line 2 has 3 tokens and a boundary, but an example has room for 3");
    assertThatThrownBy(() -> TokenLines.of(tokenizer, List.of(), 0)).hasMessageContaining("there is no line");
    assertThatThrownBy(() -> TokenLines.of(tokenizer, List.of("a"), 4)).hasMessageContaining("the vocabulary has 4 tokens");
  }

  @Test
  void theEndOfATextIsHeldOut() {
    Tokens.Split split = counting(25).split(0.9);
    assertThat(split.train().length()).isEqualTo(22);
    assertThat(split.heldOut().length()).isEqualTo(3);
    assertThat(split.heldOut().get(0)).isEqualTo(22);
    assertThat(read(TokenStreams.consecutive(split.heldOut(), 2), 0)).isEqualTo("22 23 > 23 24");
    assertThatThrownBy(() -> counting(1).split(0.9)).hasMessageContaining("leaves one side empty");
    assertThatThrownBy(() -> counting(10).split(1)).hasMessageContaining("choose a share between 0 and 1");
    assertThatThrownBy(() -> counting(10).split(Double.NaN)).hasMessageContaining("a share of NaN");
  }

  @Test
  void aSequenceLongerThanTheTextIsAnErrorThatNamesBoth() {
    assertThatThrownBy(() -> TokenWindows.every(counting(5), 5)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TokenWindows: windows of 5 tokens and the token after them do not fit into a text of 5 tokens; choose at "
            + "most 4, or give a longer text");
    assertThat(TokenWindows.every(counting(5), 4).size()).isEqualTo(1);
    assertThatThrownBy(() -> TokenWindows.sampled(counting(5), 5, 9, 1)).hasMessageContaining("choose at most 4");
    assertThatThrownBy(() -> TokenWindows.every(counting(5), 0)).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> TokenStreams.of(counting(20), 4, 5)).hasMessage("TokenStreams: a text of 20 tokens in 4 streams has "
        + "4 in each, fewer than the sequence of 5; choose fewer streams or a shorter sequence, or give a longer text");
    assertThatThrownBy(() -> TokenStreams.consecutive(counting(1), 5)).hasMessageContaining("text of 1 tokens");
    assertThatThrownBy(() -> TokenStreams.consecutive(counting(9), 0)).hasMessageContaining("at least 1");
  }

  @Test
  void batchesOfAnotherShapeAreRefused() {
    Dataset windows = TokenWindows.every(counting(9), 3);
    int[] order = {0, 1, 6};
    Tensor x = Tensor.allocate(arena, Shape.of(2, 3));
    IntTensor y = IntTensor.allocate(arena, Shape.of(6));
    assertThatThrownBy(() -> windows.batch(order, 0, 3, x, y)).isInstanceOf(ShapeException.class).hasMessageContaining("batch is [3, 3]");
    assertThatThrownBy(() -> windows.batch(order, 0, 2, x, IntTensor.allocate(arena, Shape.of(2)))).isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> windows.batch(order, 2, 1, x, y)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> windows.batch(order, 2, 2, x, y)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void tokensOutsideOfTheVocabularyAreRefused() {
    assertThatThrownBy(() -> Tokens.of(3, 0, 3)).hasMessage("Tokens: token 1 is 3 but the vocabulary has 3 tokens");
    assertThatThrownBy(() -> Tokens.of(3, -1)).hasMessageContaining("token 0 is -1");
    assertThatThrownBy(() -> Tokens.of(3)).hasMessageContaining("the sequence is empty");
    assertThatThrownBy(() -> Tokens.of((1 << 24) + 1, 0)).hasMessageContaining("1 to 2^24");
    assertThatThrownBy(() -> counting(5).slice(2, 2)).hasMessageContaining("[2, 2)");
  }

  private static Tokens counting(int length) {
    return Tokens.of(100, IntStream.range(0, length).toArray());
  }

  /** "inputs > labels" of each example, as a batch gives them. */
  private String read(Dataset data, int... examples) {
    int t = data.inputShape().dim(0);
    Tensor x = Tensor.allocate(arena, Shape.of(examples.length, t)).fill(99);
    IntTensor y = IntTensor.allocate(arena, Shape.of(examples.length * t));
    data.batch(examples, 0, examples.length, x, y);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < examples.length; i++) {
      text.append(i == 0 ? "" : " |");
      for (int j = 0; j < t; j++) {
        text.append(' ').append((int) x.get(i * t + j));
      }
      text.append(" >");
      for (int j = 0; j < t; j++) {
        text.append(' ').append(y.get(i * t + j));
      }
    }
    return text.toString().strip();
  }
}
