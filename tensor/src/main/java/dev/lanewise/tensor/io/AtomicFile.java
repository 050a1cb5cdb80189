package dev.lanewise.tensor.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file that is replaced as a whole: written beside the old one under another name, forced to the disk, then renamed over it. A reader,
 * and whoever comes after a crash at any moment, finds the old file or the new one, complete.
 */
final class AtomicFile {
  private static final String SUFFIX = ".part";
  private static final AtomicLong COUNT = new AtomicLong();

  private AtomicFile() {}

  @FunctionalInterface
  interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  static void write(Path file, Content content) throws IOException {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null || target.getFileName() == null) {
      throw new IOException(file + " cannot be written: it is the root of a file system; name a file in a folder");
    }
    String name = target.getFileName().toString();
    removeLeftovers(folder, name);
    Path part = folder.resolve("." + name + "." + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet() + SUFFIX);
    try {
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException | Error e) {
      Files.deleteIfExists(part);
      throw e;
    }
    force(folder);
  }

  /** Makes the rename itself last; not every system lets a folder be opened, and there is nothing else to be done then. */
  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      return;
    }
  }

  /** Deletes what processes that were killed while writing this file have left. */
  private static void removeLeftovers(Path folder, String name) throws IOException {
    String prefix = "." + name + ".";
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, entry -> isLeftover(entry, prefix))) {
      for (Path entry : entries) {
        Files.deleteIfExists(entry);
      }
    }
  }

  private static boolean isLeftover(Path entry, String prefix) {
    String name = entry.getFileName().toString();
    if (!name.startsWith(prefix) || !name.endsWith(SUFFIX) || name.length() < prefix.length() + SUFFIX.length()) {
      return false;
    }
    String middle = name.substring(prefix.length(), name.length() - SUFFIX.length());
    if (!middle.matches("\\d{1,18}-\\d+")) {
      return false;
    }
    return ProcessHandle.of(Long.parseLong(middle.substring(0, middle.indexOf('-')))).isEmpty();
  }
}
