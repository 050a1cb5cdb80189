package dev.lanewise.training.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where this user's downloaded files are kept, and how they get there whole or not at all. */
final class CacheFolder {
  private CacheFolder() {}

  /** This user's cache folder, or null when the system does not say where one would be. */
  static @Nullable Path ofUser() {
    return of(System.getProperty("os.name", ""), System.getenv(), System.getProperty("user.home", ""));
  }

  /**
   * XDG_CACHE_HOME or ~/.cache, on macOS ~/Library/Caches, on Windows LOCALAPPDATA; in it the folder {@code lanewise}.
   */
  static @Nullable Path of(String system, Map<String, String> environment, String home) {
    String os = system.toLowerCase(Locale.ROOT);
    String named = environment.getOrDefault(os.startsWith("windows") ? "LOCALAPPDATA" : "XDG_CACHE_HOME", "");
    try {
      // The XDG Base Directory Specification: a relative path is to be ignored.
      if (!named.isBlank() && Path.of(named).isAbsolute()) {
        return Path.of(named, "lanewise");
      }
      if (home.isBlank() || !Path.of(home).isAbsolute()) {
        return null;
      }
      Path folder = Path.of(home);
      if (os.startsWith("windows")) {
        return folder.resolve("AppData/Local/lanewise");
      }
      return folder.resolve(os.startsWith("mac") ? "Library/Caches/lanewise" : ".cache/lanewise");
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /**
   * Writes a file so that it is there with all its bytes or not there, even if the machine stops meanwhile: to a
   * temporary name, forced to the disk, then renamed.
   */
  static void write(Path folder, String name, byte[] content) throws IOException {
    Files.createDirectories(folder);
    Path temporary = Files.createTempFile(folder, "." + name, ".part");
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
    forceFolder(folder);
  }

  /** Makes the rename itself last. Windows opens no folders; there the file system's journal does it. */
  private static void forceFolder(Path folder) throws IOException {
    if (!System.getProperty("os.name", "").startsWith("Windows")) {
      try (FileChannel channel = FileChannel.open(folder)) {
        channel.force(true);
      }
    }
  }
}
