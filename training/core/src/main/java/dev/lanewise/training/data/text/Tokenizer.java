package dev.lanewise.training.data.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/** A fixed list of tokens, numbered from 0, and the rule that cuts a text into them. Immutable; any thread may use it. */
public sealed interface Tokenizer permits CharTokenizer, WordTokenizer, BytePairTokenizer {

  /** How many tokens there are; every id lies in [0, size()). */
  int size();

  /**
   * The ids of a text's tokens, in order.
   *
   * @throws IllegalArgumentException when a part of the text has no token; it says which and where
   */
  int[] encode(String text);

  /**
   * The UTF-8 bytes that a token adds to a text. A token may be a part of a character.
   *
   * @throws IndexOutOfBoundsException when there is no such token
   */
  byte[] utf8(int token);

  /** What {@link #restore} needs to make this tokenizer again, as texts by name. */
  Map<String, String> texts();

  /**
   * The text of the tokens {@code ids[from] .. ids[from + count - 1]}. Bytes that make no character become U+FFFD.
   */
  default String decode(int[] ids, int from, int count) {
    Objects.checkFromIndexSize(from, count, ids.length);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = from; i < from + count; i++) {
      bytes.writeBytes(utf8(ids[i]));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** The text of all these tokens. */
  default String decode(int[] ids) {
    return decode(ids, 0, ids.length);
  }

  /**
   * Makes a tokenizer again.
   *
   * @param texts as {@link #texts} gave them
   * @throws IllegalArgumentException when they are incomplete or damaged
   */
  static Tokenizer restore(Map<String, String> texts) {
    String kind = require(texts, "tokenizer");
    return switch (kind) {
      case CharTokenizer.KIND -> CharTokenizer.of(require(texts, CharTokenizer.CHARACTERS));
      case WordTokenizer.KIND -> WordTokenizer.ofWords(require(texts, WordTokenizer.WORDS).lines().toList());
      case BytePairTokenizer.KIND -> BytePairTokenizer.ofMerges(require(texts, BytePairTokenizer.MERGES));
      default -> throw new IllegalArgumentException("Tokenizer: '" + kind + "' is unknown; choices are "
          + CharTokenizer.KIND + ", " + WordTokenizer.KIND + ", " + BytePairTokenizer.KIND);
    };
  }

  private static String require(Map<String, String> texts, String name) {
    String text = texts.get(name);
    if (text == null) {
      throw new IllegalArgumentException("Tokenizer: the text '" + name + "' is missing; there are " + texts.keySet());
    }
    return text;
  }
}
