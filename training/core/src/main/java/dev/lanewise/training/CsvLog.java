package dev.lanewise.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes the epochs of a run as a CSV file, as Keras's CSVLogger does: one line per epoch, a header first. The whole
 * file is written anew after each epoch under another name and then renamed, so a reader never sees half of it and a
 * resumed run leaves neither gaps nor lines twice.
 *
 * <p>Columns: epoch (from 1), the names of {@link EpochLog#values}, learning_rate, seconds. Numbers as
 * {@link Double#toString} and {@link Float#toString} write them: they read back as the same numbers.
 */
public final class CsvLog implements Callback {
  private final Path file;

  private CsvLog(Path file) {
    this.file = file;
  }

  /** Writes to that file, in a folder that exists; a file that is there is replaced after the first epoch. */
  public static CsvLog to(Path file) {
    return new CsvLog(file.toAbsolutePath());
  }

  @Override
  public void onEpochEnd(Run run, EpochLog log) {
    StringBuilder text = new StringBuilder("epoch");
    log.values().keySet().forEach(name -> text.append(',').append(name));
    text.append(",learning_rate,seconds\n");
    for (EpochLog epoch : run.epochs()) {
      text.append(epoch.epoch());
      log.values().keySet().forEach(name -> {
        Double value = epoch.values().get(name);
        text.append(',').append(value == null ? "" : value.toString());
      });
      text.append(',').append(epoch.learningRate()).append(',').append(epoch.seconds()).append('\n');
    }
    Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.writeString(unfinished, text);
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("CsvLog: cannot write " + file + ": " + e, e);
    }
  }
}
