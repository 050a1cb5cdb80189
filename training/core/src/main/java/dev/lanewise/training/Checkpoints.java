package dev.lanewise.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where and when a run writes checkpoints: {@code last.safetensors} in a folder of its own and, if asked for,
 * {@code best.safetensors}.
 *
 * <p>One is written before the first step, after each epoch or every so many, and if asked for every so many steps. A
 * file is written beside the old one, forced to the disk and renamed, so that a complete checkpoint is there at any
 * moment, whatever ends the process: at most the work since it is lost.
 */
public final class Checkpoints {
  public static final String LAST = "last.safetensors";
  public static final String BEST = "best.safetensors";

  private final Path folder;
  private final int everySteps;
  private final int everyEpochs;
  private final String monitor;

  private double best = Double.NaN;
  private boolean improved;

  private Checkpoints(Path folder, int everySteps, int everyEpochs, String monitor) {
    if (everySteps < 0 || everyEpochs < 1) {
      throw new IllegalArgumentException("Checkpoints: every " + everySteps + " steps and every " + everyEpochs
          + " epochs; at least 0 (never) and 1 are needed");
    }
    this.folder = folder;
    this.everySteps = everySteps;
    this.everyEpochs = everyEpochs;
    this.monitor = monitor;
  }

  /** After each epoch, in that folder, which is made if it is missing. */
  public static Checkpoints in(Path folder) {
    return new Checkpoints(folder.toAbsolutePath(), 0, 1, "");
  }

  /** Also after every so many steps of an epoch; 0 for none. */
  public Checkpoints everySteps(int steps) {
    return new Checkpoints(folder, steps, everyEpochs, monitor);
  }

  /** Only after every so many epochs, and after the last one. */
  public Checkpoints everyEpochs(int epochs) {
    return new Checkpoints(folder, everySteps, epochs, monitor);
  }

  /**
   * Also keeps the checkpoint of the best epoch.
   *
   * @param monitor which value of the {@link EpochLog} decides; names that end in "accuracy" shall rise, others fall
   */
  public Checkpoints keepBest(String monitor) {
    return new Checkpoints(folder, everySteps, everyEpochs, monitor);
  }

  public Path folder() {
    return folder;
  }

  /** The file that a resume reads: of a folder its last checkpoint, otherwise the path itself. */
  public static Path lastOf(Path folderOrFile) {
    return Files.isDirectory(folderOrFile) ? folderOrFile.resolve(LAST) : folderOrFile;
  }

  boolean dueAfterStep(Run run) {
    return everySteps > 0 && run.step() % everySteps == 0 && run.step() < run.stepsPerEpoch();
  }

  /** Asked when {@link Run#epoch} is the next one already. */
  boolean dueAfterEpoch(Run run) {
    int done = run.epoch() - 1;
    return improved || done % everyEpochs == 0 || done == run.totalEpochs() || !run.stopReason().isEmpty();
  }

  /** Takes note of the value that decides which epoch is the best; null before the first and within an epoch. */
  void look(@Nullable EpochLog log) {
    improved = false;
    if (log == null || monitor.isEmpty()) {
      return;
    }
    double value = log.value(monitor);
    boolean rises = EarlyStopping.risesWhenBetter(monitor);
    improved = Double.isNaN(best) ? !Double.isNaN(value) : rises ? value > best : value < best;
    best = improved ? value : best;
  }

  void write(Snapshot snapshot) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Checkpoints: cannot make the folder " + folder + ": " + e, e);
    }
    // The best first: should the process die in between, the run resumes from the older last one and writes both again.
    if (improved) {
      Checkpoint.write(folder.resolve(BEST), snapshot);
    }
    Checkpoint.write(folder.resolve(LAST), snapshot);
  }

  void begin() {
    best = Double.NaN;
  }

  void save(Snapshot into) {
    into.put("best", best);
  }

  void restore(Snapshot from) {
    best = from.real("best");
  }
}
