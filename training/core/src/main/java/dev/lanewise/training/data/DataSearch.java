package dev.lanewise.training.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files of a data set that is never downloaded.
 *
 * <p>Looked for in this order: what the caller names, the folder that the environment variable LANEWISE_DATA names, this
 * user's cache. A folder holds the files in a folder of the data set's name, or itself; each may be compressed by gzip,
 * with {@code .gz} after its name. The caller may name a file instead, where the data set is one file.
 *
 * <p>What the caller names must be there: a folder without the files is an error, not a reason to look further. A folder
 * that has some of several files but not all is an error everywhere.
 */
public final class DataSearch {
  private final String set;
  private final List<String> files;
  private final @Nullable Path named;
  private final @Nullable Path environment;
  private final @Nullable Path cache;

  private DataSearch(
      String set, List<String> files, @Nullable Path named, @Nullable Path environment, @Nullable Path cache) {
    this.set = set;
    this.files = files;
    this.named = named;
    this.environment = environment;
    this.cache = cache;
  }

  /**
   * A search with nothing named by the caller.
   *
   * @param set the name of the data set and of its folder
   * @param files the names of its files, at least one
   */
  public static DataSearch of(String set, String... files) {
    if (files.length == 0) {
      throw new IllegalArgumentException("DataSearch: no file of " + set + " is named; at least one is needed");
    }
    String variable = System.getenv(Mnist.VARIABLE);
    Path environment = variable == null || variable.isBlank() ? null : Path.of(variable);
    return new DataSearch(set, List.of(files), null, environment, CacheFolder.ofUser());
  }

  /** Names the folder, or the file where there is one; null for none. Nothing else is looked at then. */
  public DataSearch data(@Nullable Path folderOrFile) {
    return new DataSearch(set, files, folderOrFile, environment, cache);
  }

  /** Replaces what LANEWISE_DATA says; null for nothing. */
  public DataSearch environment(@Nullable Path folder) {
    return new DataSearch(set, files, named, folder, cache);
  }

  /** Replaces this user's cache folder; null for none. */
  public DataSearch cache(@Nullable Path folder) {
    return new DataSearch(set, files, named, environment, folder);
  }

  /** Where is looked, in order, one line each, for people to read. */
  public List<String> places() {
    if (named != null) {
      return List.of("named: " + named);
    }
    return List.of(Mnist.VARIABLE + ": " + (environment == null ? "not set" : environment.toString()),
        "cache: " + (cache == null ? "none on this system" : cache.resolve(set).toString()));
  }

  /**
   * The files, in the order in which they were named, or null if they are nowhere.
   *
   * @throws FileNotFoundException when they are not where the caller says, or some are there but not all
   */
  public @Nullable List<Path> locate() throws FileNotFoundException {
    if (named != null) {
      return locateNamed(named);
    }
    List<Path> found = environment == null ? null : in(environment);
    return found == null && cache != null ? in(cache) : found;
  }

  private List<Path> locateNamed(Path named) throws FileNotFoundException {
    if (Files.isRegularFile(named)) {
      if (files.size() > 1) {
        throw new FileNotFoundException(named + ": a file, but " + set + " is " + files.size() + " files, "
            + String.join(" and ", files) + "; name the folder that holds them");
      }
      return List.of(named);
    }
    if (!Files.isDirectory(named)) {
      throw new FileNotFoundException(
          named + ": no such file or folder; it should hold " + set + "/" + String.join(" and ", files));
    }
    List<Path> found = in(named);
    if (found == null) {
      throw new FileNotFoundException(named + ": no " + set + " here nor in " + named.resolve(set) + "; looked for "
          + String.join(" and ", files) + ", each also with .gz");
    }
    return found;
  }

  private @Nullable List<Path> in(Path root) throws FileNotFoundException {
    for (Path folder : List.of(root.resolve(set), root)) {
      List<Path> found = new ArrayList<>();
      List<String> missing = new ArrayList<>();
      for (String file : files) {
        Path plain = folder.resolve(file);
        Path packed = folder.resolve(file + ".gz");
        if (Files.isRegularFile(plain)) {
          found.add(plain);
        } else if (Files.isRegularFile(packed)) {
          found.add(packed);
        } else {
          missing.add(file);
        }
      }
      if (missing.isEmpty()) {
        return List.copyOf(found);
      }
      if (!found.isEmpty()) {
        throw new FileNotFoundException(folder + ": found " + found.getFirst().getFileName() + " but not "
            + String.join(", nor ", missing));
      }
    }
    return null;
  }

  /**
   * The text in a UTF-8 file, plain or compressed by gzip, without a byte order mark.
   *
   * @throws DataFileException when the file is empty or not UTF-8, or its compression is damaged; it says at which byte
   */
  public static String text(Path file) throws IOException {
    byte[] bytes;
    try (DataFile in = DataFile.open(file)) {
      bytes = in.readAll();
    }
    ByteBuffer from = ByteBuffer.wrap(bytes);
    CharBuffer into = CharBuffer.allocate(bytes.length); // UTF-8 has at least as many bytes as UTF-16 has chars
    CoderResult end = StandardCharsets.UTF_8.newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT)
        .decode(from, into, true);
    if (end.isError()) {
      throw new DataFileException(file.toString(), from.position(),
          "byte 0x" + Integer.toHexString(bytes[from.position()] & 0xFF) + ", which is not UTF-8 there", "UTF-8 text");
    }
    String text = into.flip().toString();
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    if (content.isBlank()) {
      throw new DataFileException(file.toString(), 0, content.isEmpty() ? "an empty file" : "nothing but blanks", "text");
    }
    return content;
  }
}
