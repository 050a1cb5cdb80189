package dev.lanewise.training.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds MNIST, or any data set in its form: 60,000 handwritten digits to train on and 10,000 to test on.
 *
 * <p>Looked for in this order: the folder that the caller names, the folder that the environment variable LANEWISE_DATA
 * names, this user's cache, the public mirrors. A folder holds the four files itself or in {@code mnist/}, plain or
 * gzip, under their usual names. If all fail, {@link #load} draws {@link SyntheticDigits} instead, and
 * {@link Splits#name} says so.
 *
 * <p>Other images in that form (clothes, letters; any size, up to 256 classes) are read the same way.
 *
 * <p>What the caller names must be there: a folder without the files is an error, not a reason to look further. A file
 * that is found but damaged is an error everywhere. Downloads are checked against the SHA-256 of the originals and kept
 * in the cache; if that cannot be written, they are used all the same.
 *
 * <pre>{@code
 * Splits digits = Mnist.search().data(folder).listener(progress).load(arena);
 * }</pre>
 *
 * <p>Source: LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document Recognition, 1998.
 */
public final class Mnist {
  /** The environment variable that names a data folder. */
  public static final String VARIABLE = "LANEWISE_DATA";

  /** {@link Splits#name} of what was read from files, unless it is plainly something else: that is called by its folder's name. */
  public static final String NAME = "mnist";

  private @Nullable Path data;
  private @Nullable Path environment;
  private @Nullable Path cache;
  private List<URI> mirrors = MnistDownload.MIRRORS;
  private Duration patience = Duration.ofMillis(2500);
  private Function<MnistFile, MnistFile.Content> originals = MnistFile::original;
  private DataListener listener = DataListener.SILENT;
  private int trainLimit = Integer.MAX_VALUE;
  private @Nullable Executor executor;

  private Mnist() {}

  /** The search as described above, with no folder named by the caller. */
  public static Mnist search() {
    Mnist search = new Mnist();
    String variable = System.getenv(VARIABLE);
    search.environment = variable == null || variable.isBlank() ? null : Path.of(variable);
    search.cache = CacheFolder.ofUser();
    return search;
  }

  /** Names the folder to read; null for none. Nothing else is looked at then. */
  public Mnist data(@Nullable Path folder) {
    data = folder;
    return this;
  }

  /** Replaces what LANEWISE_DATA says; null for nothing. */
  public Mnist environment(@Nullable Path folder) {
    environment = folder;
    return this;
  }

  /** Replaces this user's cache folder; null for none. */
  public Mnist cache(@Nullable Path folder) {
    cache = folder;
    return this;
  }

  /** Replaces the mirrors, addresses that end in a slash; none means that nothing is downloaded. */
  public Mnist mirrors(List<URI> addresses) {
    mirrors = List.copyOf(addresses);
    return this;
  }

  /** How long a mirror may take to its first byte before it is given up; 2.5 seconds unless told. Later pauses: 4 times. */
  public Mnist patience(Duration silence) {
    patience = silence;
    return this;
  }

  public Mnist listener(DataListener hears) {
    listener = hears;
    return this;
  }

  /** Only the first {@code n} training images; synthetic ones beyond are not even drawn. */
  public Mnist trainLimit(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("Mnist: limit is " + n + "; at least 1 example is needed");
    }
    trainLimit = n;
    return this;
  }

  /** Where to draw synthetic digits beside the caller's thread; null for nowhere. They are the same either way. */
  public Mnist executor(@Nullable Executor beside) {
    executor = beside;
    return this;
  }

  Mnist originals(Function<MnistFile, MnistFile.Content> contents) {
    originals = contents;
    return this;
  }

  /**
   * The folder from which {@link #load} would read, or null if it would download or draw. Reads no content.
   *
   * @throws IOException when the folder that the caller names lacks the files, or LANEWISE_DATA has only some of them
   */
  public @Nullable Path locate() throws IOException {
    MnistFolder found = find();
    return found == null ? null : found.folder();
  }

  /** Where {@link #load} looks, in order, one line each, for people to read. */
  public List<String> places() {
    if (data != null) {
      return List.of("the folder named: " + data);
    }
    List<String> places = new ArrayList<>();
    places.add(VARIABLE + ": " + (environment == null ? "not set" : environment.toString()));
    places.add("cache: " + (cache == null ? "none on this system" : cache.resolve(NAME).toString()));
    for (URI mirror : mirrors) {
      places.add("mirror: " + mirror);
    }
    return places;
  }

  /**
   * Reads, fetches or draws the images.
   *
   * @param arena owns them
   * @throws DataFileException when a file was found but is not what it should be
   * @throws IOException when files are missing where they must be, or cannot be read
   */
  public Splits load(Arena arena) throws IOException {
    MnistFolder found = find();
    if (found != null) {
      try {
        return read(file -> DataFile.open(found.file(file)), found.folder(), arena);
      } catch (DataFileException e) {
        if (cache != null && found.folder().startsWith(cache)) {
          listener.notice("delete " + found.folder() + " to have MNIST downloaded again");
        }
        throw e;
      }
    }
    Map<MnistFile, byte[]> fetched = new MnistDownload(mirrors, patience, originals, listener).fetch();
    if (fetched != null) {
      keep(fetched);
      return read(file -> DataFile.of(file.gzipName(), Objects.requireNonNull(fetched.get(file))), null, arena);
    }
    listener.notice("MNIST is neither here nor to be had; drawing synthetic digits instead");
    return SyntheticDigits.splits(
        Math.min(trainLimit, SyntheticDigits.TRAIN), SyntheticDigits.TEST, SyntheticDigits.SEED, arena, executor);
  }

  private @Nullable MnistFolder find() throws IOException {
    if (data != null) {
      return MnistFolder.require(data);
    }
    if (environment != null) {
      MnistFolder found = MnistFolder.in(environment);
      if (found != null) {
        return found;
      }
      listener.notice(VARIABLE + " is " + environment + ", where there is no MNIST; looking further");
    }
    return cache == null ? null : MnistFolder.complete(cache);
  }

  private interface Opener {
    DataFile open(MnistFile file) throws IOException;
  }

  private Splits read(Opener opener, @Nullable Path folder, Arena arena) throws IOException {
    int classes;
    try (DataFile labels = opener.open(MnistFile.TRAIN_LABELS)) {
      classes = MnistForm.classes(Idx.readLabels(labels, 256));
    }
    ImageDataset train = read(opener, MnistFile.TRAIN_IMAGES, MnistFile.TRAIN_LABELS, classes, arena);
    ImageDataset test = read(opener, MnistFile.TEST_IMAGES, MnistFile.TEST_LABELS, classes, arena);
    if (!train.inputShape().equals(test.inputShape())) {
      throw new IOException("MNIST: the training images are " + train.inputShape() + " but the test images are "
          + test.inputShape() + "; both must have one size");
    }
    return new Splits(train.limit(trainLimit), test, folder == null ? NAME : MnistForm.name(folder, test));
  }

  private static ImageDataset read(Opener opener, MnistFile images, MnistFile labels, int classes, Arena arena)
      throws IOException {
    try (DataFile labelFile = opener.open(labels);
        DataFile imageFile = opener.open(images)) {
      return Idx.read(imageFile, labelFile, classes, arena);
    }
  }

  private void keep(Map<MnistFile, byte[]> files) {
    if (cache == null) {
      listener.notice("no cache folder on this system; MNIST will be downloaded again next time");
      return;
    }
    Path folder = cache.resolve(NAME);
    try {
      for (Map.Entry<MnistFile, byte[]> file : files.entrySet()) {
        CacheFolder.write(folder, file.getKey().gzipName(), file.getValue());
      }
      listener.notice("MNIST kept in " + folder);
    } catch (IOException e) {
      listener.notice("cannot keep MNIST in " + folder + " (" + e + "); it will be downloaded again next time");
    }
  }
}
