package dev.lanewise.training.data.text;

/** How {@link BytePairTokenizer} cuts a text before it joins anything. */
final class Pieces {
  private enum Kind {
    LETTERS,
    DIGITS,
    BLANKS,
    SIGNS
  }

  private Pieces() {}

  /** Where the piece that begins at {@code start} ends; after {@code start}. */
  static int end(String text, int start) {
    int first = text.codePointAt(start);
    int next = start + Character.charCount(first);
    Kind kind = kind(first);
    if (first == ' ' && next < text.length() && kind(text.codePointAt(next)) != Kind.BLANKS) {
      kind = kind(text.codePointAt(next));
    }
    int end = next;
    while (end < text.length()) {
      int character = text.codePointAt(end);
      if (kind(character) != kind) {
        break;
      }
      end += Character.charCount(character);
    }
    // The last blank of a run goes to the word after it, as in all other places where one blank stands before a word.
    boolean lends = kind == Kind.BLANKS && end < text.length() && end - 1 > start && text.charAt(end - 1) == ' ';
    return lends ? end - 1 : end;
  }

  private static Kind kind(int character) {
    if (Character.isLetter(character)) {
      return Kind.LETTERS;
    }
    if (Character.isDigit(character)) {
      return Kind.DIGITS;
    }
    return Character.isWhitespace(character) ? Kind.BLANKS : Kind.SIGNS;
  }
}
