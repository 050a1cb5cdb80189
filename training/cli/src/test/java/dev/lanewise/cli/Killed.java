package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ends processes in the middle of their work, and compares what is left with a whole run. */
final class Killed {
  private static final Pattern SHA = Pattern.compile("\"parametersSha256\" : \"([0-9a-f]{64})\"");

  private Killed() {}

  /** Kills a process, as kill -9 does, when it has written a checkpoint and then {@code more} others. */
  static void afterCheckpoints(Process process, Path file, int more) throws IOException, InterruptedException {
    long last = 0;
    for (int i = 0; i <= more; i++) {
      last = waitForAnother(process, file, last);
    }
    process.destroyForcibly().waitFor();
  }

  /** Waits until a file is there and newer than it was. */
  private static long waitForAnother(Process process, Path file, long before) throws IOException, InterruptedException {
    for (int i = 0; i < 60_000 && process.isAlive(); i += 2) {
      if (Files.exists(file) && Files.getLastModifiedTime(file).toMillis() > before) {
        return Files.getLastModifiedTime(file).toMillis();
      }
      Thread.sleep(2);
    }
    throw new AssertionError("no new " + file + (process.isAlive() ? "" : "; the process has ended"));
  }

  /** The hash in the JSON of a run. */
  static String parametersSha256(Path json) throws IOException {
    Matcher found = SHA.matcher(Files.readString(json));
    assertThat(found.find()).as("a hash in %s", json).isTrue();
    return found.group(1);
  }
}
