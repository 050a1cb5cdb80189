package dev.lanewise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The command line, as a process of its own or in this one. */
final class Command {
  /** What a process said and how it ended. */
  record Result(int code, String out, String err) {
    /** Without what the JVM itself says. */
    String errors() {
      return err.lines().filter(line -> !line.startsWith("WARNING: Using incubator modules"))
          .reduce("", (a, b) -> a + b + "\n");
    }
  }

  private final List<String> jvm = new ArrayList<>();
  private final List<String> words;

  private Command(String... words) {
    this.words = List.of(words);
  }

  static Command of(String... words) {
    return new Command(words);
  }

  Command jvm(String option) {
    jvm.add(option);
    return this;
  }

  /** Starts it where there is no data, no cache and nothing else of the user's. */
  Process start(Path home) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-XX:+UseSerialGC", "-Xmx384m", "--add-modules", "jdk.incubator.vector"));
    line.addAll(jvm);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), Lanewise.class.getName()));
    line.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(line).directory(home.toFile());
    builder.environment().keySet().removeAll(List.of("LANEWISE_DATA", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "NO_COLOR"));
    builder.environment().put("XDG_CACHE_HOME", home.resolve("cache").toString());
    return builder.start();
  }

  Result run(Path home) {
    try {
      return finish(start(home));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs it in this process, where the kernels have been compiled for the tests before: a new one needs ten seconds of two cores for that.
   * Tests of what a process has to itself (its width, its death, its memory, its environment) start one.
   *
   * @param home where words that begin with "./" are, as they would be for a process started there
   */
  Result runHere(Path home) {
    return Captured.run(words.stream().map(word -> word.startsWith("./") ? home.resolve(word.substring(2)).toString() : word)
        .toArray(String[]::new));
  }

  /** Reads what is left of the output and waits for the end. */
  static Result finish(Process process) {
    var err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
    String out = text(process.getInputStream());
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("still running after a minute; it said:\n" + out);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return new Result(process.exitValue(), out, err.join());
  }

  private static String text(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
