package dev.lanewise.cli;

import dev.lanewise.training.Checkpoints;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a run keeps its checkpoints.
 *
 * @param path the folder
 * @param resumes whether it holds one to go on from
 * @param temporary whether it goes away when the run has ended: the user did not ask for it
 */
record CheckpointFolder(Path path, boolean resumes, boolean temporary) {
  /** The folder inside of it where what comes before the training keeps its own. */
  private static final String FIRST = "first";

  /**
   * Chooses the folder: the one to resume, else one beside the model, else one for temporary files.
   *
   * @throws IOException if the folder to resume holds something else, or none can be made
   */
  static CheckpointFolder choose(String model, @Nullable Path resume, @Nullable Path out) throws IOException {
    if (resume != null) {
      return new CheckpointFolder(resume, holdsCheckpoint(resume), false);
    }
    if (out != null) {
      return new CheckpointFolder(out.resolveSibling(out.getFileName() + ".checkpoint"), false, true);
    }
    return new CheckpointFolder(Files.createTempDirectory("lanewise-" + model + "-"), false, true);
  }

  private static boolean holdsCheckpoint(Path folder) throws IOException {
    if (Files.exists(folder.resolve(Checkpoints.LAST))) {
      return true;
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new IOException("--resume " + folder + ": this is a file; name the folder that holds the checkpoints");
    }
    if (Files.exists(folder)) {
      // What a run that died before its first checkpoint was whole may have left begins with that name.
      try (Stream<Path> files = Files.list(folder)) {
        if (files.anyMatch(file -> !file.equals(first(folder)) && !file.getFileName().toString().contains(Checkpoints.LAST))) {
          throw new IOException("--resume " + folder + ": the folder holds no checkpoint (" + Checkpoints.LAST
              + ") but other files; name a folder of checkpoints, or a new one to begin");
        }
      }
    }
    return false;
  }

  private static Path first(Path folder) {
    return folder.resolve(FIRST);
  }

  /** The file to resume. */
  Path last() {
    return path.resolve(Checkpoints.LAST);
  }

  /** Where what comes before the training keeps its checkpoints. */
  Path first() {
    return first(path);
  }

  /** Whether what comes before the training has left one. */
  boolean holdsFirst() {
    return Files.exists(first().resolve(Checkpoints.LAST));
  }

  /** The file with the options of the run to go on with; null if it has not begun. */
  @Nullable
  Path remembers() {
    return resumes ? last() : holdsFirst() ? first().resolve(Checkpoints.LAST) : null;
  }

  /** Removes the folder if nobody asked for it and nothing was written: the run was refused. What is in it is there to go on from. */
  void removeIfUnused() {
    if (!temporary) {
      return;
    }
    try {
      Files.deleteIfExists(path);
    } catch (DirectoryNotEmptyException e) {
      // The run has begun.
    } catch (IOException e) {
      Errors.say("the checkpoint folder " + path + " could not be removed: " + e);
    }
  }

  /** Removes the folder if nobody asked for it; what else is in it stays. */
  void removeIfTemporary() {
    if (!temporary) {
      return;
    }
    try {
      Files.deleteIfExists(last());
      Files.deleteIfExists(first().resolve(Checkpoints.LAST));
      Files.deleteIfExists(first());
      Files.deleteIfExists(path);
    } catch (IOException e) {
      Errors.say("the checkpoint folder " + path + " could not be removed: " + e);
    }
  }
}
