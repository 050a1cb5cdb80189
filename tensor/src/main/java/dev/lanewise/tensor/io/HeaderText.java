package dev.lanewise.tensor.io;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** A cursor over the text of a header: strict, and each complaint names the byte of the file. */
final class HeaderText {
  private final String file;
  private final long start;
  private final String text;
  private int at;

  /** @param start where in the file these bytes are */
  HeaderText(String file, long start, byte[] bytes) throws FormatException {
    this.file = file;
    this.start = start;
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw new FormatException(file, start + in.position(), "bytes that are no UTF-8", "text");
    }
    this.text = out.flip().toString();
  }

  FormatException damage(int position, String found, String expected) {
    return new FormatException(
        file, start + text.substring(0, position).getBytes(StandardCharsets.UTF_8).length, found, expected);
  }

  FormatException unexpected(String expected) {
    return damage(at, at == text.length() ? "the end of the header" : quoted(text.charAt(at)), expected);
  }

  private static String quoted(char c) {
    return c > ' ' && c < 127 ? "'" + c + "'" : String.format("U+%04X", (int) c);
  }

  int position() {
    return at;
  }

  void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  /** Takes one character if it comes next, spaces before it included. */
  boolean take(char c) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char c) throws FormatException {
    if (!take(c)) {
      throw unexpected("'" + c + "'");
    }
  }

  boolean takeWord(String word) {
    skipSpace();
    if (text.startsWith(word, at)) {
      at += word.length();
      return true;
    }
    return false;
  }

  /** Requires that only spaces follow. */
  void expectEnd() throws FormatException {
    skipSpace();
    if (at < text.length()) {
      throw unexpected("the end of the header");
    }
  }

  /** A whole number from 0 to 2^62. */
  long number() throws FormatException {
    skipSpace();
    int from = at;
    long value = 0;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      if (value > (1L << 58)) {
        throw damage(from, "a number of too many digits", "at most 2^62");
      }
      value = 10 * value + (text.charAt(at++) - '0');
    }
    if (from == at) {
      throw unexpected("a whole number, at least 0");
    }
    if (text.charAt(from) == '0' && at > from + 1) {
      throw damage(from, "a number with a leading 0", "one without");
    }
    return value;
  }

  /** The text between two quotation marks, with JSON's escapes. */
  String string(char mark) throws FormatException {
    expect(mark);
    int from = at;
    StringBuilder value = new StringBuilder();
    while (true) {
      if (at == text.length() || text.charAt(at) < ' ') {
        throw unexpected("the end of a string");
      }
      char c = text.charAt(at++);
      if (c == mark) {
        break;
      }
      value.append(c == '\\' ? escape() : c);
    }
    try {
      StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
    } catch (CharacterCodingException e) {
      throw damage(from, "half of a surrogate pair", "whole characters");
    }
    return value.toString();
  }

  private char escape() throws FormatException {
    if (at == text.length()) {
      throw unexpected("an escape");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw damage(at - 1, quoted(c) + " after a backslash", "one of \"\\/bfnrtu");
    };
  }

  private char unicode() throws FormatException {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at < text.length() && text.charAt(at) < 128 ? Character.digit(text.charAt(at), 16) : -1;
      if (digit < 0) {
        throw unexpected("a hexadecimal digit");
      }
      value = 16 * value + digit;
      at++;
    }
    return (char) value;
  }
}
