package dev.lanewise.training.data.text;

/** Where in a text something is, in words. */
final class Place {
  private Place() {}

  /** "line 3, column 7" of the char at {@code index}; both count from 1, columns in characters. */
  static String of(String text, int index) {
    int line = 1;
    int start = 0;
    for (int newline = text.indexOf('\n'); newline >= 0 && newline < index; newline = text.indexOf('\n', start)) {
      line++;
      start = newline + 1;
    }
    return "line " + line + ", column " + (text.codePointCount(start, index) + 1);
  }

  /** 'e' (U+0065) for a character. */
  static String name(int codePoint) {
    String shown = Character.isISOControl(codePoint) || isSurrogate(codePoint) ? "" : "'" + Character.toString(codePoint) + "' ";
    return "%s(U+%04X)".formatted(shown, codePoint);
  }

  /**
   * Half of a pair of surrogates stands for no character and has no UTF-8.
   *
   * @throws IllegalArgumentException when the text holds one, saying where
   */
  static void requireWellFormed(String who, String text) {
    for (int i = 0; i < text.length();) {
      int character = text.codePointAt(i);
      if (isSurrogate(character)) {
        throw new IllegalArgumentException(who + ": " + name(character) + " at " + of(text, i)
            + " is half of a surrogate pair; give well-formed text");
      }
      i += Character.charCount(character);
    }
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
