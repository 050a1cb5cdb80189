package dev.lanewise.training.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.DataFileException;
import dev.lanewise.training.data.DataListener;
import dev.lanewise.training.data.Dataset;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

class SentencesTest {
  @TempDir Path folder;

  private final Arena arena = Arena.ofConfined();
  private final WordTokenizer words = WordTokenizer.train(
      List.of(String.join(" ", IntStream.range(0, 50).mapToObj(i -> "w" + i).toList())), 100, 1, "<pad>", "<mask>");

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void sentencesAreFilledUpOrCutOff() {
    Sentences data = new Sentences(words, List.of("w0", "w1 w2 w3 w4", "x"), new int[] {1, 0, 1}, 2, 3, 1);
    assertThat(inputs(data, 0)).containsExactly(words.id("w0"), 1, 1);
    assertThat(inputs(data, 1)).containsExactly(words.id("w1"), words.id("w2"), words.id("w3"));
    assertThat(inputs(data, 2)).containsExactly(0, 1, 1);
    assertThat(labels(data, 2)).containsExactly(1);
  }

  @Test
  void oneClassAloneIsAnError() {
    assertThatThrownBy(() -> new Sentences(words, List.of("w0", "w1"), new int[] {1, 1}, 2, 3, 1))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("all of 2 examples are of one class, 1");
    assertThatThrownBy(() -> new Sentences(words, List.of("w0"), new int[] {1, 0}, 2, 3, 1))
        .hasMessageContaining("1 sentences but 2 labels");
    assertThatThrownBy(() -> Polarity.of("x", List.of(), Collections.nCopies(20, "good")))
        .hasMessageContaining("x has 0 sentences that blame and 20 that praise");
  }

  /** Each example guesses round(25%) of its known tokens, at least 1; with them in their places it is the sentence again. */
  @Test
  void hiddenWordsAreTheLabels() {
    List<String> sentences = IntStream.rangeClosed(1, 40)
        .mapToObj(n -> String.join(" ", IntStream.range(0, n).mapToObj(i -> i % 7 == 6 ? "never seen" : "w" + i).toList())).toList();
    MaskedSentences data = new MaskedSentences(words, sentences, 32, 6, 20, 0, 1, 2, 9);
    assertThat(data.size()).isEqualTo(800);
    int differ = 0;
    int masked = 0;
    int kept = 0;
    int guessed = 0;
    for (int example = 0; example < data.size(); example++) {
      int[] whole = words.encode(sentences.get(example % 40));
      int length = Math.min(32, whole.length);
      int[] input = inputs(data, example);
      int[] shown = Arrays.copyOf(input, 32);
      int[] hidden = labels(data, example);
      int known = (int) Arrays.stream(whole, 0, length).filter(token -> token != 0).count();
      int wanted = Math.min(known, Math.clamp(Math.round(0.25 * length), 1, 6));
      for (int slot = 0; slot < 6; slot++) {
        int place = input[32 + slot];
        if (slot >= wanted) {
          assertThat(hidden[slot]).isEqualTo(Dataset.IGNORED);
          assertThat(place).isZero();
          continue;
        }
        assertThat(hidden[slot]).isEqualTo(whole[place]).isNotZero();
        assertThat(slot == 0 || place > input[32 + slot - 1]).isTrue();
        masked += shown[place] == 2 ? 1 : 0;
        kept += shown[place] == whole[place] ? 1 : 0;
        guessed++;
        shown[place] = whole[place];
      }
      for (int j = 0; j < 32; j++) {
        assertThat(shown[j]).isEqualTo(j < length ? whole[j] : 1);
      }
      differ += Arrays.equals(input, inputs(data, (example + 40) % 800)) ? 0 : 1;
      assertThat(inputs(data, example)).isEqualTo(input);
    }
    assertThat(differ).isGreaterThan(600); // another round guesses other words, except in short sentences
    // 80% and at least 10%, within 6 deviations; a token drawn in place of another may be the same.
    assertThat(masked).isCloseTo((int) (0.8 * guessed), within((int) (6 * Math.sqrt(0.16 * guessed))));
    assertThat(kept).isBetween((int) (0.1 * guessed - 6 * Math.sqrt(0.09 * guessed)),
        (int) (0.15 * guessed + 6 * Math.sqrt(0.13 * guessed)));
    assertThatThrownBy(() -> new MaskedSentences(words, List.of(" ", "never"), 32, 4, 1, 0, 1, 2, 9))
        .hasMessageContaining("none of 2 sentences has a word that is known");
    assertThatThrownBy(() -> new MaskedSentences(words, sentences, 32, 4, 1 << 26, 0, 1, 2, 9))
        .hasMessageContaining("67108864 rounds of 40 sentences").hasMessageContaining("at most 53687091 rounds");
  }

  @Test
  void everyTenthLineIsToTestOn() {
    List<String> blame = lines("b", 21);
    List<String> praise = lines("p", 12);
    Polarity data = Polarity.of("x", blame, praise);
    assertThat(data.test().sentences()).containsExactly("b0", "p0", "b10", "p10", "b20");
    assertThat(data.test().labels()).containsExactly(0, 1, 0, 1, 0);
    assertThat(data.validation().sentences()).containsExactly("b5", "p5", "b15");
    List<String> all = new ArrayList<>(data.train().sentences());
    all.addAll(data.validation().sentences());
    all.addAll(data.test().sentences());
    List<String> both = new ArrayList<>(blame);
    both.addAll(praise);
    assertThat(all).containsExactlyInAnyOrderElementsOf(both);
    Polarity few = data.limit(3);
    assertThat(few.train().sentences()).containsExactly("b1", "p1", "b2");
    assertThat(few.train().labels()).containsExactly(0, 1, 0);
    assertThat(few.test().sentences()).isEqualTo(data.test().sentences());
    assertThat(data.limit(Integer.MAX_VALUE).train().labels()).isEqualTo(data.train().labels());
    assertThatThrownBy(() -> data.limit(1)).hasMessageContaining("at least 2 are needed");
  }

  @Test
  void bothFilesMustBeThereAndHoldSomething() throws IOException {
    Path neg = Files.writeString(folder.resolve("rt-polarity.neg"), "bad\n".repeat(9));
    assertThatThrownBy(() -> Polarity.find(folder, DataListener.SILENT)).isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("found rt-polarity.neg but not rt-polarity.pos");
    Path pos = Files.writeString(folder.resolve("rt-polarity.pos"), "");
    assertThatThrownBy(() -> Polarity.find(folder, DataListener.SILENT)).isInstanceOf(DataFileException.class)
        .hasMessageContaining("rt-polarity.pos, byte 0: found an empty file");
    Files.writeString(pos, "good\n");
    assertThatThrownBy(() -> Polarity.find(folder, DataListener.SILENT)).hasMessageContaining("9 sentences that blame and 1 that praise");
    Files.writeString(pos, "good\n".repeat(7));
    assertThat(Polarity.find(folder, DataListener.SILENT).train().labels()).hasSize(12);
    assertThatThrownBy(() -> Polarity.find(neg, DataListener.SILENT)).hasMessageContaining("name the folder that holds them");
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "LANEWISE_DATA", matches = ".+")
  void theRealReviewsAreSplitAsTheyShouldBe() throws IOException {
    Polarity data = Polarity.find(null, DataListener.SILENT);
    assertThat(data.name()).isEqualTo("rt-polarity");
    assertThat(data.test().labels()).hasSize(1068);
    assertThat(data.validation().labels()).hasSize(1066);
    assertThat(data.train().labels()).hasSize(8528);
  }

  private static List<String> lines(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  private int[] inputs(Dataset data, int example) {
    Tensor x = Tensor.allocate(arena, data.inputShape().batch(1));
    data.batch(new int[] {example}, 0, 1, x, IntTensor.allocate(arena, Shape.of(data.labelsPerExample())));
    return IntStream.range(0, (int) x.size()).map(i -> (int) x.get(i)).toArray();
  }

  private int[] labels(Dataset data, int example) {
    IntTensor y = IntTensor.allocate(arena, Shape.of(data.labelsPerExample()));
    data.batch(new int[] {example}, 0, 1, Tensor.allocate(arena, data.inputShape().batch(1)), y);
    return y.toArray();
  }
}
