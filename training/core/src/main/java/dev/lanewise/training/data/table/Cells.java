package dev.lanewise.training.data.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** How a line of a table is cut into cells, and what a cell says. */
final class Cells {
  /** What separates cells where it is neither comma, semicolon nor tab: any run of blanks. */
  static final char BLANKS = ' ';

  private static final Set<String> MISSING = Set.of("", "NA", "N/A", "NaN", "nan", "NAN", "null", "?");
  private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  private Cells() {}

  /** The separator of a table, by its first line: the first of comma, semicolon and tab that occurs, else blanks. */
  static char separator(String line) {
    for (char candidate : new char[] {',', ';', '\t'}) {
      if (line.indexOf(candidate) >= 0) {
        return candidate;
      }
    }
    return BLANKS;
  }

  /** The cells of a line, without the blanks around them; see RFC 4180 for quotes. */
  static List<String> split(String file, int number, String line, char separator) throws TableException {
    List<String> cells = new ArrayList<>();
    int at = 0;
    while (true) {
      at = skipBlanks(line, at, separator);
      StringBuilder cell = new StringBuilder();
      if (at < line.length() && line.charAt(at) == '"') {
        at = quoted(file, number, line, at, cell);
        cells.add(cell.toString());
        at = skipBlanks(line, at, separator);
        if (at < line.length() && separator != BLANKS && line.charAt(at) != separator) {
          throw new TableException(file, number, "" + cells.size(), "'" + line.charAt(at) + "' after a closing quote",
              "a separator, '" + separator + "'");
        }
      } else {
        int end = at;
        while (end < line.length() && !separates(line.charAt(end), separator)) {
          end++;
        }
        cells.add(line.substring(at, end).strip());
        at = separator == BLANKS ? skipBlanks(line, end, separator) : end;
      }
      if (at >= line.length()) {
        return cells;
      }
      at += separator == BLANKS ? 0 : 1;
    }
  }

  /** Reads the quoted cell that begins at {@code open}; returns the place after its closing quote. */
  private static int quoted(String file, int number, String line, int open, StringBuilder cell) throws TableException {
    for (int at = open + 1; at < line.length(); at++) {
      if (line.charAt(at) != '"') {
        cell.append(line.charAt(at));
      } else if (at + 1 < line.length() && line.charAt(at + 1) == '"') {
        cell.append('"');
        at++;
      } else {
        return at + 1;
      }
    }
    throw new TableException(file, number, "", "a quote at place " + (open + 1) + " that is not closed",
        "its closing quote on the same line");
  }

  private static int skipBlanks(String line, int from, char separator) {
    int at = from;
    while (at < line.length() && Character.isWhitespace(line.charAt(at))
        && (separator == BLANKS || line.charAt(at) != separator)) {
      at++;
    }
    return at;
  }

  private static boolean separates(char c, char separator) {
    return separator == BLANKS ? Character.isWhitespace(c) : c == separator;
  }

  /** Empty, NA, N/A, NaN, null or a question mark. */
  static boolean isMissing(String cell) {
    return MISSING.contains(cell);
  }

  /** A finite decimal number such as -1.5e3. */
  static boolean isNumber(String cell) {
    return NUMBER.matcher(cell).matches() && Double.isFinite(Double.parseDouble(cell));
  }
}
