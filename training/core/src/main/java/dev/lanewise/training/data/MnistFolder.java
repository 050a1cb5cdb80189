package dev.lanewise.training.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The four files in one folder. */
record MnistFolder(Path folder, Map<MnistFile, Path> files) {

  /** Where within a data folder the files may lie; torchvision keeps them in the last. */
  private static final List<String> PLACES = List.of("mnist", "", "MNIST/raw");

  /**
   * Looks for the four files under {@code root}.
   *
   * @return null when there is none of them
   * @throws FileNotFoundException when a folder has some of them but not all
   */
  static @Nullable MnistFolder in(Path root) throws IOException {
    for (String place : PLACES) {
      Path folder = root.resolve(place);
      Map<MnistFile, Path> files = filesIn(folder);
      if (files.size() == MnistFile.values().length) {
        return new MnistFolder(folder, files);
      }
      if (!files.isEmpty()) {
        throw new FileNotFoundException(folder + ": found "
            + files.values().stream().map(path -> path.getFileName().toString()).collect(Collectors.joining(", "))
            + " but not " + Stream.of(MnistFile.values()).filter(file -> !files.containsKey(file))
                .map(MnistFolder::names).collect(Collectors.joining(", nor ")));
      }
    }
    return null;
  }

  /** The four files in a cache, or null when they are not all there: what an interrupted download left is no error. */
  static @Nullable MnistFolder complete(Path cache) {
    Path folder = cache.resolve(Mnist.NAME);
    Map<MnistFile, Path> files = filesIn(folder);
    return files.size() == MnistFile.values().length ? new MnistFolder(folder, files) : null;
  }

  /** The same, but having none of the files is an error that says where they were looked for. */
  static MnistFolder require(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      throw new FileNotFoundException(root + ": no such folder; it should hold MNIST's four files or a folder mnist");
    }
    MnistFolder found = in(root);
    if (found == null) {
      throw new FileNotFoundException(root + ": no MNIST here nor in " + root.resolve(PLACES.getFirst())
          + "; looked for " + Stream.of(MnistFile.values()).map(MnistFolder::names).collect(Collectors.joining(", ")));
    }
    return found;
  }

  private static Map<MnistFile, Path> filesIn(Path folder) {
    Map<MnistFile, Path> files = new EnumMap<>(MnistFile.class);
    for (MnistFile file : MnistFile.values()) {
      Path path = find(folder, file);
      if (path != null) {
        files.put(file, path);
      }
    }
    return files;
  }

  private static String names(MnistFile file) {
    return String.join(" or ", file.names());
  }

  private static @Nullable Path find(Path folder, MnistFile file) {
    for (String name : file.names()) {
      Path path = folder.resolve(name);
      if (Files.isRegularFile(path)) {
        return path;
      }
    }
    return null;
  }

  Path file(MnistFile file) {
    return Objects.requireNonNull(files.get(file));
  }
}
