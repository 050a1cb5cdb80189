package dev.lanewise.training.data.text;

import dev.lanewise.training.data.DataListener;
import dev.lanewise.training.data.DataSearch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds a text to learn from, or writes one.
 *
 * <p>Looked for as {@link DataSearch} says; if it is nowhere, a text that the program makes up itself is used, and
 * {@link Text#name} says "synthetic". Any other UTF-8 text can be named as a file.
 *
 * <pre>{@code
 * Text text = TextFile.tinyShakespeare().data(folderOrFile).load();
 * }</pre>
 */
public final class TextFile {
  private final String set;
  private final String file;
  private final Supplier<Text> standIn;
  private DataSearch search;
  private @Nullable Path data;
  private DataListener listener = DataListener.SILENT;

  private TextFile(String set, String file, Supplier<Text> standIn) {
    this.set = set;
    this.file = file;
    this.standIn = standIn;
    this.search = DataSearch.of(set, file);
  }

  /** {@code tinyshakespeare/input.txt}: 1.1 million characters of plays (Karpathy, char-rnn). Else made-up prose. */
  public static TextFile tinyShakespeare() {
    return new TextFile("tinyshakespeare", "input.txt", SyntheticText::prose);
  }

  /** {@code names/names.txt}: 32,033 first names, one a line (Karpathy, makemore). Else made-up names. */
  public static TextFile names() {
    return new TextFile("names", "names.txt", SyntheticText::names);
  }

  /** Names the folder or file to read; null for none. Nothing else is looked at then. */
  public TextFile data(@Nullable Path folderOrFile) {
    data = folderOrFile;
    search = search.data(folderOrFile);
    return this;
  }

  /** Replaces what LANEWISE_DATA says; null for nothing. */
  public TextFile environment(@Nullable Path folder) {
    search = search.environment(folder);
    return this;
  }

  /** Replaces this user's cache folder; null for none. */
  public TextFile cache(@Nullable Path folder) {
    search = search.cache(folder);
    return this;
  }

  public TextFile listener(DataListener hears) {
    listener = hears;
    return this;
  }

  /** Where {@link #load} looks, in order, one line each, for people to read. */
  public List<String> places() {
    return search.places();
  }

  /** The file that {@link #load} would read, or null if it would make a text up. Reads no content. */
  public @Nullable Path locate() throws IOException {
    List<Path> found = search.locate();
    return found == null ? null : found.getFirst();
  }

  /**
   * Reads the text, or makes one up.
   *
   * @throws dev.lanewise.training.data.DataFileException when the file is empty, not UTF-8 or damaged
   * @throws IOException when it is not where the caller says, or cannot be read
   */
  public Text load() throws IOException {
    Path found = locate();
    if (found == null) {
      listener.notice(set + " is not here (" + String.join("; ", places()) + "); making up a text instead");
      return standIn.get();
    }
    return new Text(name(found), DataSearch.text(found));
  }

  /** A file that the caller names, and that is not called as this set's file is, is called by its own name. */
  private String name(Path found) {
    Path last = found.getFileName();
    boolean own = data != null && Files.isRegularFile(data) && !last.toString().equals(file)
        && !last.toString().equals(file + ".gz");
    return own ? last.toString() : set;
  }
}
