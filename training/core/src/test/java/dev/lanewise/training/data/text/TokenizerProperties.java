package dev.lanewise.training.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class TokenizerProperties {

  @Property(tries = 200)
  void charactersGoAndComeBack(@ForAll("texts") String text) {
    CharTokenizer tokenizer = CharTokenizer.of(text);
    int[] ids = tokenizer.encode(text);
    assertThat(tokenizer.decode(ids)).isEqualTo(text);
    assertThat(Arrays.stream(ids).distinct().count()).isEqualTo(tokenizer.size());
    assertThat(Tokenizer.restore(tokenizer.texts()).encode(text)).isEqualTo(ids);
  }

  @Property(tries = 200)
  void everyTextComesBackFromBytePairs(@ForAll("texts") String learned, @ForAll("texts") String text,
      @ForAll @IntRange(min = 256, max = 290) int size) {
    BytePairTokenizer tokenizer = BytePairTokenizer.train(learned, size);
    assertThat(tokenizer.size()).isBetween(256, size);
    for (String each : List.of(learned, text, learned + text)) {
      int[] ids = tokenizer.encode(each);
      assertThat(tokenizer.decode(ids)).isEqualTo(each);
      assertThat(Tokenizer.restore(tokenizer.texts()).encode(each)).isEqualTo(ids);
    }
  }

  /** The learner counts only what a merge changes; this counts everything again for each merge. */
  @Property(tries = 150)
  void mergesAreThoseOfCountingEverythingAgain(@ForAll("texts") String text) {
    assertThat(BytePairTokenizer.train(text, 280).texts().get("merges")).isEqualTo(slowMerges(text, 24));
  }

  /** Encoding what was learned from gives the pieces as the learner left them: as many tokens as its last count says. */
  @Property(tries = 100)
  void moreTokensNeverMakeATextLonger(@ForAll("texts") String text) {
    int fewer = BytePairTokenizer.train(text, 262).encode(text).length;
    assertThat(BytePairTokenizer.train(text, 280).encode(text).length).isLessThanOrEqualTo(fewer);
  }

  @Property(tries = 200)
  void knownWordsComeBackWithSingleBlanks(@ForAll("texts") String text) {
    WordTokenizer tokenizer = WordTokenizer.train(List.of(text), 10_000, 1);
    int[] ids = tokenizer.encode(text);
    String decoded = tokenizer.decode(ids);
    assertThat(ids).doesNotContain(0);
    assertThat(tokenizer.encode(decoded)).isEqualTo(ids);
    assertThat(Tokenizer.restore(tokenizer.texts()).encode(text)).isEqualTo(ids);
  }

  private static String slowMerges(String text, int most) {
    List<int[]> pieces = new ArrayList<>();
    for (int start = 0; start < text.length(); start = Pieces.end(text, start)) {
      pieces.add(BytePairTokenizer.bytes(text.substring(start, Pieces.end(text, start))));
    }
    StringBuilder merges = new StringBuilder();
    for (int token = 256; token < 256 + most; token++) {
      Map<List<Integer>, Integer> counts = new HashMap<>();
      for (int[] piece : pieces) {
        for (int i = 0; i + 1 < piece.length; i++) {
          counts.merge(List.of(piece[i], piece[i + 1]), 1, Integer::sum);
        }
      }
      List<Integer> best = null;
      for (List<Integer> pair : counts.keySet()) {
        if (best == null || order(counts, pair, best) < 0) {
          best = pair;
        }
      }
      if (best == null || counts.getOrDefault(best, 0) < 2) {
        break;
      }
      merges.append(best.get(0)).append(' ').append(best.get(1)).append('\n');
      for (int p = 0; p < pieces.size(); p++) {
        pieces.set(p, joined(pieces.get(p), best, token));
      }
    }
    return merges.toString();
  }

  private static int order(Map<List<Integer>, Integer> counts, List<Integer> a, List<Integer> b) {
    int byCount = counts.getOrDefault(b, 0) - counts.getOrDefault(a, 0);
    int byLeft = a.get(0) - b.get(0);
    return byCount != 0 ? byCount : byLeft != 0 ? byLeft : a.get(1) - b.get(1);
  }

  private static int[] joined(int[] piece, List<Integer> pair, int token) {
    int[] out = new int[piece.length];
    int length = 0;
    for (int i = 0; i < piece.length; i++) {
      boolean here = i + 1 < piece.length && piece[i] == pair.get(0) && piece[i + 1] == pair.get(1);
      out[length++] = here ? token : piece[i];
      i += here ? 1 : 0;
    }
    return Arrays.copyOf(out, length);
  }

  /** Few different characters, so that pairs repeat: letters, digits, blanks, signs, and some outside of the basic plane. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of("a", "b", "ab", "é", "1", "2", "!", " ", "  ", "\n", "\t ", "😀", "\u00A0")
        .list().ofMinSize(1).ofMaxSize(60).map(parts -> String.join("", parts));
  }
}
