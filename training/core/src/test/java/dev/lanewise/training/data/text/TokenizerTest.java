package dev.lanewise.training.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenizerTest {

  @Test
  void charactersAreNumberedInAscendingOrder() {
    CharTokenizer tokenizer = CharTokenizer.of("hello\nÄ😀");
    assertThat(tokenizer.size()).isEqualTo(7);
    assertThat(tokenizer.encode("\nehloÄ😀")).containsExactly(0, 1, 2, 3, 4, 5, 6);
    assertThat(tokenizer.character(6)).isEqualTo(0x1F600);
    assertThat(tokenizer.decode(new int[] {2, 1, 3, 6}, 1, 3)).isEqualTo("el😀");
  }

  @Test
  void anUnknownCharacterIsAnErrorThatSaysWhichAndWhere() {
    assertThatThrownBy(() -> CharTokenizer.of("abc\n").encode("ab\n😀é")).hasMessageContaining("'😀' (U+1F600)");
    assertThatThrownBy(() -> CharTokenizer.of("abc😀\n").encode("ab\nc😀é")).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("CharTokenizer: the character 'é' (U+00E9) at line 2, column 3 is not among the 5 that were learned "
            + "from");
    assertThatThrownBy(() -> CharTokenizer.of("abc").encode("a\tb")).hasMessageContaining("character (U+0009) at line 1, column 2");
  }

  @Test
  void nothingAndHalfCharactersCannotBeLearnedFrom() {
    assertThatThrownBy(() -> CharTokenizer.of("")).hasMessageContaining("the text is empty");
    assertThatThrownBy(() -> BytePairTokenizer.train("", 300)).hasMessageContaining("the text is empty");
    assertThatThrownBy(() -> CharTokenizer.of("a😀\n\uD83D!")).hasMessageContaining("(U+D83D) at line 2, column 1");
    assertThatThrownBy(() -> BytePairTokenizer.train("\uDE00", 300)).hasMessageContaining("half of a surrogate pair");
  }

  @Test
  void wordsAreNumberedByFrequencyThenByName() {
    WordTokenizer tokenizer = WordTokenizer.train(List.of("b  a c\tb", "c b d\n"), 6, 1, "[PAD]", "[MASK]");
    assertThat(tokenizer.encode("b c a d zz [MASK]")).containsExactly(3, 4, 5, 0, 0, 2);
    assertThat(tokenizer.size()).isEqualTo(6);
    assertThat(tokenizer.id("[PAD]")).isEqualTo(1);
    assertThat(tokenizer.decode(new int[] {3, 0, 4})).isEqualTo("b <unk> c");
    assertThat(WordTokenizer.train(List.of("b a c b", "c b d"), 100, 2).size()).isEqualTo(3);
    assertThatThrownBy(() -> tokenizer.id("zz")).hasMessageContaining("'zz' is not among its 6 tokens");
    assertThatThrownBy(() -> WordTokenizer.train(List.of("a"), 2, 1, "x", "y")).hasMessageContaining("at least 3 tokens");
    assertThatThrownBy(() -> WordTokenizer.train(List.of("a"), 9, 1, "x", "x")).hasMessageContaining("'x' is named twice");
    assertThatThrownBy(() -> WordTokenizer.train(List.of("a"), 9, 1, "x y")).hasMessageContaining("'x y' is no word");
  }

  /** The example of Sennrich, Haddow and Birch, with ties decided by the smaller token. */
  @Test
  void theMostFrequentPairIsJoinedFirst() {
    BytePairTokenizer tokenizer = BytePairTokenizer.train(
        "low low low low low lower lower newest newest newest newest newest newest widest widest widest", 259);
    // "es" and "st" occur nine times each; 'e' comes before 's'.
    assertThat(tokens(tokenizer)).containsExactly("es", "est", "lo");
    assertThat(tokenizer.encode("lowest")).containsExactly(258, 'w', 257);
  }

  @Test
  void anEmptyTextHasNoTokens() {
    assertThat(BytePairTokenizer.train("aa", 300).encode("")).isEmpty();
    assertThat(CharTokenizer.of("aa").encode("")).isEmpty();
  }

  @Test
  void noPairIsJoinedAcrossPieces() {
    // The last blank of a run belongs to the word after it.
    BytePairTokenizer tokenizer = BytePairTokenizer.train("a1! a1! a1!\n\n  a1!", 400);
    assertThat(tokens(tokenizer)).containsExactly(" a");
    assertThatThrownBy(() -> BytePairTokenizer.train("aa", 255)).hasMessageContaining("255 tokens");
  }

  @Test
  void damagedTextsAreRefused() {
    assertThatThrownBy(() -> Tokenizer.restore(Map.of())).hasMessageContaining("the text 'tokenizer' is missing");
    assertThatThrownBy(() -> Tokenizer.restore(Map.of("tokenizer", "sentence"))).hasMessageContaining("choices are char, word, bytepair");
    assertThatThrownBy(() -> Tokenizer.restore(Map.of("tokenizer", "char"))).hasMessageContaining("'characters' is missing");
    assertThatThrownBy(() -> Tokenizer.restore(Map.of("tokenizer", "word", "words", "a\nb"))).hasMessageContaining("begins with 'a'");
    for (String merges : List.of("1", "1 ", " 1", "1 x", "1 2 3")) {
      assertThatThrownBy(() -> Tokenizer.restore(Map.of("tokenizer", "bytepair", "merges", "65 66\n" + merges)))
          .hasMessageContaining("merge 1 is '" + merges + "'");
    }
    assertThatThrownBy(() -> Tokenizer.restore(Map.of("tokenizer", "bytepair", "merges", "65 256")))
        .hasMessageContaining("token 256 joins 65 and 256");
    assertThatThrownBy(() -> Tokenizer.restore(Map.of("tokenizer", "bytepair", "merges", "65 66\n65 66")))
        .hasMessageContaining("joined twice");
  }

  private static List<String> tokens(BytePairTokenizer tokenizer) {
    return IntStream.range(256, tokenizer.size())
        .mapToObj(i -> new String(tokenizer.utf8(i), StandardCharsets.UTF_8)).toList();
  }
}
