package dev.lanewise.training.data.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One token for each frequent word, where a word is what stands between blanks: for texts whose punctuation is set
 * apart. Token 0 is {@value #UNKNOWN}, for all other words; then come the special tokens in the order in which they were
 * named, then the words, the most frequent first and equally frequent ones in the order of their UTF-16 characters.
 *
 * <p>Decoding puts one blank after each word, so it gives back a text only as far as its words are known and single blanks
 * stand between them.
 */
public final class WordTokenizer implements Tokenizer {
  /** The token of every word that is not in the list. */
  public static final String UNKNOWN = "<unk>";

  static final String KIND = "word";
  static final String WORDS = "words";

  private final List<String> words;
  private final Map<String, Integer> ids = new HashMap<>();

  private WordTokenizer(List<String> words) {
    this.words = List.copyOf(words);
    for (String word : words) {
      if (word.isEmpty() || word.chars().anyMatch(Character::isWhitespace)) {
        throw new IllegalArgumentException("WordTokenizer: '" + word + "' is no word; it is empty or holds a blank");
      }
      if (ids.putIfAbsent(word, ids.size()) != null) {
        throw new IllegalArgumentException("WordTokenizer: '" + word + "' is named twice");
      }
    }
  }

  /**
   * Learns the words of a text.
   *
   * @param size tokens at most, with token 0 and the special ones; fewer if there are fewer words
   * @param minCount how often a word must occur to be listed
   * @param specials tokens that stand for no word, such as "[MASK]"; a word that is spelled like one becomes it
   */
  public static WordTokenizer train(Iterable<String> texts, int size, int minCount, String... specials) {
    List<String> words = new ArrayList<>(List.of(specials));
    words.addFirst(UNKNOWN);
    if (size < words.size() || minCount < 1) {
      throw new IllegalArgumentException("WordTokenizer: at most " + size + " tokens that occur " + minCount
          + " times; at least " + words.size() + " tokens and 1 time are needed");
    }
    Map<String, Integer> counts = new HashMap<>();
    for (String text : texts) {
      for (String word : split(text)) {
        counts.merge(word, 1, Integer::sum);
      }
    }
    words.forEach(counts::remove);
    counts.entrySet().stream()
        .filter(word -> word.getValue() >= minCount)
        .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()).thenComparing(Map.Entry.comparingByKey()))
        .limit(size - words.size())
        .forEach(word -> words.add(word.getKey()));
    return new WordTokenizer(words);
  }

  /** The tokenizer with this list, whose first word is {@value #UNKNOWN}. */
  static WordTokenizer ofWords(List<String> words) {
    if (words.isEmpty() || !words.getFirst().equals(UNKNOWN)) {
      throw new IllegalArgumentException("WordTokenizer: the list of words begins with "
          + (words.isEmpty() ? "nothing" : "'" + words.getFirst() + "'") + "; it should begin with " + UNKNOWN);
    }
    return new WordTokenizer(words);
  }

  private static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean blank = i == text.length() || Character.isWhitespace(text.charAt(i));
      if (blank && start >= 0) {
        words.add(text.substring(start, i));
        start = -1;
      } else if (!blank && start < 0) {
        start = i;
      }
    }
    return words;
  }

  @Override
  public int size() {
    return words.size();
  }

  /** The ids of the words; 0 for those that are not listed. Never fails. */
  @Override
  public int[] encode(String text) {
    List<String> found = split(text);
    int[] tokens = new int[found.size()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = ids.getOrDefault(found.get(i), 0);
    }
    return tokens;
  }

  /**
   * The id of a special token or a listed word.
   *
   * @throws IllegalArgumentException when it is not listed
   */
  public int id(String word) {
    Integer id = ids.get(word);
    if (id == null) {
      throw new IllegalArgumentException("WordTokenizer: '" + word + "' is not among its " + words.size() + " tokens");
    }
    return id;
  }

  /** The word of a token. */
  public String word(int token) {
    return words.get(Objects.checkIndex(token, words.size()));
  }

  /** The word and a blank. */
  @Override
  public byte[] utf8(int token) {
    return (word(token) + ' ').getBytes(StandardCharsets.UTF_8);
  }

  /** The words with a blank between each two. */
  @Override
  public String decode(int[] ids, int from, int count) {
    return Tokenizer.super.decode(ids, from, count).stripTrailing();
  }

  @Override
  public Map<String, String> texts() {
    return Map.of("tokenizer", KIND, WORDS, String.join("\n", words));
  }
}
