package dev.lanewise.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes one JSON object to a file, whole or not at all. */
final class JsonFile {
  private JsonFile() {}

  /** Writes the fields of the object. */
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  /**
   * Writes beside the file and then renames, so that a reader sees the old content or the new one. What is no file, such
   * as /dev/stdout, is written as it is.
   */
  static void write(Path file, Fields fields) throws IOException {
    Path target = file.toAbsolutePath();
    if (special(target)) {
      writeTo(target, fields);
      return;
    }
    Path unfinished = target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
    try {
      writeTo(unfinished, fields);
      Files.move(unfinished, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static void writeTo(Path file, Fields fields) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(Files.newBufferedWriter(file))) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static boolean special(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file);
  }

  private static Path folderOf(Path absolute) {
    Path folder = absolute.getParent();
    return folder == null ? absolute : folder;
  }

  /** Fails now, and not after minutes of training, if a file could not be written. */
  static void requireWritable(String option, Path file) throws IOException {
    Path folder = folderOf(file.toAbsolutePath());
    if (Files.isDirectory(file)) {
      throw new IOException(option + " " + file + ": this is a folder; name a file");
    }
    if (!Files.isDirectory(folder)) {
      throw new IOException(option + " " + file + ": there is no folder " + folder);
    }
    if (!Files.isWritable(special(file) ? file : folder)) {
      throw new IOException(option + " " + file + ": no permission to write it");
    }
  }
}
