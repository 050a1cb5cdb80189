package dev.lanewise.training.data.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/**
 * One token for each character (Unicode code point) that occurs in a text, numbered in ascending order: the 65 of Tiny
 * Shakespeare begin with newline, blank, '!' as elsewhere. A character that did not occur has no token.
 */
public final class CharTokenizer implements Tokenizer {
  static final String KIND = "char";
  static final String CHARACTERS = "characters";

  private final int[] characters; // ascending

  private CharTokenizer(int[] characters) {
    this.characters = characters;
  }

  /**
   * The tokenizer of the characters of a text.
   *
   * @throws IllegalArgumentException when the text is empty or holds half of a surrogate pair
   */
  public static CharTokenizer of(String text) {
    Place.requireWellFormed("CharTokenizer", text);
    int[] characters = text.codePoints().distinct().sorted().toArray();
    if (characters.length == 0) {
      throw new IllegalArgumentException("CharTokenizer: the text is empty; at least one character is needed");
    }
    return new CharTokenizer(characters);
  }

  @Override
  public int size() {
    return characters.length;
  }

  @Override
  public int[] encode(String text) {
    int[] ids = new int[text.codePointCount(0, text.length())];
    int count = 0;
    for (int i = 0; i < text.length();) {
      int character = text.codePointAt(i);
      int id = Arrays.binarySearch(characters, character);
      if (id < 0) {
        throw new IllegalArgumentException("CharTokenizer: the character " + Place.name(character) + " at "
            + Place.of(text, i) + " is not among the " + characters.length + " that were learned from");
      }
      ids[count++] = id;
      i += Character.charCount(character);
    }
    return ids;
  }

  /** The character of a token. */
  public int character(int token) {
    return characters[Objects.checkIndex(token, characters.length)];
  }

  @Override
  public byte[] utf8(int token) {
    return Character.toString(character(token)).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public Map<String, String> texts() {
    return Map.of("tokenizer", KIND, CHARACTERS, new String(characters, 0, characters.length));
  }
}
