package dev.lanewise.cli;

import dev.lanewise.training.data.DataListener;
import dev.lanewise.training.data.Mnist;
import dev.lanewise.training.data.Splits;
import dev.lanewise.training.data.SyntheticDigits;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Loads the images and says what they are and where they came from. */
final class Digits implements DataListener {
  private final Terminal terminal;

  private Digits(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The test images alone; see {@link #load}. */
  static Splits loadTest(@Nullable Path folder, Arena arena, Terminal terminal) throws IOException {
    return load(folder, 1, arena, terminal, false);
  }

  /**
   * Finds, downloads or draws the images.
   *
   * @param folder that the user named, or null
   * @param limit the most training images
   * @param arena owns them
   */
  static Splits load(@Nullable Path folder, int limit, Arena arena, Terminal terminal) throws IOException {
    return load(folder, limit, arena, terminal, true);
  }

  private static Splits load(@Nullable Path folder, int limit, Arena arena, Terminal terminal, boolean both)
      throws IOException {
    try (ExecutorService drawing = daemons()) {
      Mnist search = Mnist.search().data(folder).trainLimit(limit).listener(new Digits(terminal)).executor(drawing);
      Path found = search.locate();
      Splits splits = search.load(arena);
      String source = found != null ? "from " + found
          : splits.name().equals(SyntheticDigits.NAME) ? "digits that the program drew itself, not handwriting"
              : "downloaded";
      terminal.line("data        %s: %s; %s%,d images to test on", splits.name(), source,
          both ? String.format(Locale.ROOT, "%,d images to train on, ", splits.train().size()) : "", splits.test().size());
      return splits;
    }
  }

  /** Drawing digits beside the main thread is not training: it may use what the machine has. */
  private static ExecutorService daemons() {
    return Executors.newFixedThreadPool(Math.max(1, Runtime.getRuntime().availableProcessors() - 1),
        Thread.ofPlatform().daemon().name("lanewise-data-", 0).factory());
  }

  @Override
  public void notice(String line) {
    terminal.line("%s", line);
  }

  @Override
  public void progress(String file, long bytes, long total) {
    String share = total > 0
        ? terminal.bar((double) bytes / total, 20) + String.format(Locale.ROOT, " %.1f of %.1f MB", bytes / 1e6, total / 1e6)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    terminal.status("download " + file + " " + share);
  }
}
