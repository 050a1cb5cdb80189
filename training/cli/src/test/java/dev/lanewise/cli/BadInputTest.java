package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users give by mistake to the commands that train on texts and tables: one line says what, where, and what to do. */
class BadInputTest {
  private static final String LINES = "a dull film\n".repeat(40);

  @TempDir Path home;
  private Path sentiment = Path.of("");

  @BeforeEach
  void folder() throws IOException {
    sentiment = Files.createDirectories(home.resolve("sentiment"));
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(home.resolve(name), text);
  }

  private static void refused(String[] words, String... parts) {
    Command.Result captured = Captured.run(words);
    assertThat(captured.code()).as(captured.err()).isEqualTo(1);
    assertThat(captured.err()).startsWith("lanewise: ").contains(parts).hasLineCount(1);
  }

  private static String[] words(String... words) {
    return words;
  }

  @Test
  void emptyFiles() throws IOException {
    String empty = file("empty.txt", "").toString();
    refused(words("train", "rnn", "--data", empty), "empty.txt", "found an empty file, expected text");
    refused(words("train", "gpt", "--data", empty), "empty.txt", "found an empty file, expected text");
    refused(words("train", "rnn", "--data", file("blank.txt", " \n\n").toString()), "blank.txt", "nothing but blanks", "expected text");
    String table = file("empty.csv", "").toString();
    refused(words("train", "regression", "--data", table), "empty.csv", "found an empty file");
    refused(words("train", "rnn", "--series", table), "empty.csv", "found an empty file");
    refused(words("train", "regression", "--data", file("head.csv", "a,b\n").toString()), "head.csv, line 1",
        "names of the columns alone", "rows after them");
    Files.writeString(sentiment.resolve("rt-polarity.neg"), LINES);
    Files.writeString(sentiment.resolve("rt-polarity.pos"), "");
    refused(words("train", "bert", "--data", home.toString()), "rt-polarity.pos", "found an empty file, expected text");
  }

  @Test
  void aTextThatIsShorterThanItsPieces() throws IOException {
    String text = file("short.txt", "to be or not to be").toString();
    refused(words("train", "gpt", "--data", text), "windows of 64 tokens", "text of 16 tokens", "longer text");
    refused(words("train", "rnn", "--data", text), "windows of 64 tokens", "text of 16 tokens", "longer text");
    refused(words("train", "rnn", "--data", file("one.txt", "x").toString()), "share of 0.9 of 1 tokens", "longer text");
  }

  @Test
  void sentencesOfOneClass() throws IOException {
    Files.writeString(sentiment.resolve("rt-polarity.neg"), LINES);
    Files.writeString(sentiment.resolve("rt-polarity.pos"), "a fine film\n".repeat(5));
    refused(words("train", "bert", "--data", home.toString()), "40 sentences that blame and 5 that praise", "at least 6 of each");
  }

  @Test
  void numbersThatAreNone() throws IOException {
    String table = "a,y\n" + "1,2\n".repeat(20);
    // Rows that lack a value are left out of a table and that is said; in a series nothing can be left out.
    refused(words("train", "rnn", "--series", file("nan.csv", "month,y\n1,2\n2,NaN\n").toString()), "nan.csv, line 3, column 'y'",
        "a missing value, 'NaN'", "complete it");
    refused(words("train", "regression", "--data", file("inf.csv", table + "1,Infinity\n").toString(), "--target", "y"),
        "inf.csv, line 22, column y: found 'Infinity', expected a column of numbers");
    refused(words("train", "regression", "--data", file("text.csv", "a,y\n1,2\nx,inf\n").toString()),
        "text.csv, line 3, column y: found 'inf'");
    refused(words("train", "regression", "--data", file("none.csv", "a,y\nNaN,1\n2,NaN\n").toString()), "none.csv",
        "missing value in each of 2 rows");
  }

  @Test
  void aSeriesThatIsNotThereOrTooShortForItsSeason() throws IOException {
    refused(words("train", "rnn", "--series", "air-line"), "series air-line is not here", "name its CSV file");
    String csv = file("few.csv", "month,y\n" + "1,2\n1,3\n".repeat(30)).toString();
    refused(words("train", "rnn", "--series", csv, "--season", "40"), "few: the last 24 of 60 values", "one season of 40", "at most 60");
    refused(words("train", "rnn", "--series", csv, "--held-out", "50"), "60 of which 50 are held out", "at least 14");
  }
}
