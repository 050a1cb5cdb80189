package dev.lanewise.cli;

import dev.lanewise.training.data.DataListener;
import java.io.Console;
import java.util.Locale;

/**
 * Where results go: a terminal, on which a line can be drawn anew, or a file or pipe, which gets plain lines.
 *
 * @param live whether a line can be drawn anew
 * @param colour whether colours are wanted
 */
record Terminal(boolean live, boolean colour) {
  /** What a line may be at most: nothing tells a program without native code how wide the terminal is. */
  static final int WIDTH = 79;

  private static final String GREEN = "\033[32m";
  private static final String PLAIN = "\033[0m";
  private static final String ERASE_LINE = "\r\033[K";

  /** By the standard streams and the environment: TERM, and NO_COLOR as no-color.org has it. */
  static Terminal ofProcess() {
    Console console = System.console();
    String term = System.getenv("TERM");
    boolean live = console != null && console.isTerminal() && term != null && !term.equals("dumb");
    String noColour = System.getenv("NO_COLOR");
    return new Terminal(live, live && (noColour == null || noColour.isEmpty()));
  }

  /** A line that stays. */
  void line(String format, Object... values) {
    System.out.println((live ? ERASE_LINE : "") + String.format(Locale.ROOT, format, values));
  }

  /** A line that the next one replaces; nothing where lines cannot be drawn anew. */
  void status(String text) {
    if (live) {
      System.out.print(ERASE_LINE + text);
      System.out.flush();
    }
  }

  /** A bar of that many characters, filled up to {@code share} of it. */
  String bar(double share, int characters) {
    int full = (int) Math.clamp(share * characters, 0, characters);
    String filled = "=".repeat(full) + (full < characters ? ">" : "");
    return "[" + (colour ? GREEN + filled + PLAIN : filled) + " ".repeat(characters - filled.length()) + "]";
  }

  /** "0:07", "12:30", "1:02:03". */
  static String duration(double seconds) {
    long s = Math.max(0, Math.round(seconds));
    return s < 3600
        ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
  }

  /** Prints what is said while data is looked for. */
  DataListener listener() {
    return new DataListener() {
      @Override
      public void notice(String text) {
        line("%s", text);
      }
    };
  }
}
