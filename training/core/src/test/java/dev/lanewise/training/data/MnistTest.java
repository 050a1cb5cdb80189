package dev.lanewise.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.tensor.Shape;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where MNIST is looked for, and what is an error there. */
class MnistTest {
  @TempDir Path folder;

  private final Arena arena = Arena.ofConfined();
  private final Notices notices = new Notices();

  @AfterEach
  void close() {
    arena.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mnist", ".", "MNIST/raw"})
  void theFilesMayLieInAnyOfThesePlaces(String place) throws IOException {
    IdxBytes.write(folder.resolve(place), 1);
    Splits found = search().data(folder).load(arena);
    assertThat(found.name()).isEqualTo("mnist");
    assertThat(IdxBytes.isTrain(found.train(), 1)).isTrue();
    assertThat(found.test().size()).isEqualTo(10);
    assertThat(search().data(folder).locate()).isEqualTo(folder.resolve(place.equals(".") ? "" : place));
  }

  /** Letters of 12x11 pixels, labels from 1 as EMNIST has them; and, of MNIST's size, ten kinds of clothes. */
  @Test
  void otherImagesOfTheFormAreReadAndCalledByTheirFolder() throws IOException {
    Path letters = Files.createDirectories(folder.resolve("letters"));
    writeForm(letters, 12, 11, 26, 1, 52, 30);
    Splits found = search().data(letters).load(arena);
    assertThat(found.name()).isEqualTo("letters");
    assertThat(found.train().classes()).isEqualTo(27);
    assertThat(found.test().classes()).isEqualTo(27);
    assertThat(found.train().inputShape()).isEqualTo(Shape.of(12, 11, 1));
    assertThat(found.train().label(25)).isEqualTo(26);
    Path clothes = Files.createDirectories(folder.resolve("clothes"));
    writeForm(clothes, 28, 28, 10, 0, 20, 10_000);
    assertThat(search().data(clothes).load(arena).name()).isEqualTo("clothes");
    assertThat(search().data(clothes).load(arena).train().classes()).isEqualTo(10);
  }

  /** One label far off is damage, not a hundred more classes. */
  @Test
  void labelsWithGapsAreAnError() throws IOException {
    Path gaps = Files.createDirectories(folder.resolve("gaps"));
    writeForm(gaps, 28, 28, 10, 0, 20, 10);
    Path labels = gaps.resolve("train-labels-idx1-ubyte");
    byte[] bytes = Files.readAllBytes(labels);
    bytes[13] = 100;
    Files.write(labels, bytes);
    assertThatThrownBy(() -> search().data(gaps).load(arena)).isInstanceOf(DataFileException.class)
        .hasMessageContaining("byte 13: found label 100, expected 0 to 9");
  }

  private static void writeForm(Path folder, int height, int width, int kinds, int first, int train, int test) throws IOException {
    for (MnistFile file : MnistFile.values()) {
      int n = file.names().getFirst().startsWith("train") ? train : test;
      boolean images = file.names().getFirst().contains("images");
      byte[] labels = new byte[n];
      for (int i = 0; i < n; i++) {
        labels[i] = (byte) (first + i % kinds);
      }
      Files.write(folder.resolve(file.names().getFirst()),
          images ? IdxBytes.images(n, height, width, new byte[n * height * width]) : IdxBytes.labels(labels));
    }
  }

  @Test
  void everyUsualNameIsRead() throws IOException {
    int variant = 0;
    for (MnistFile file : MnistFile.values()) {
      String name = file.names().get(variant++);
      byte[] content = IdxBytes.content(file, 1);
      Files.write(folder.resolve(name), name.endsWith(".gz") ? IdxBytes.gzip(content) : content);
    }
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("train-images-idx3-ubyte",
        "train-labels-idx1-ubyte.gz", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte.gz");
    assertThat(IdxBytes.isTrain(search().data(folder).load(arena).train(), 1)).isTrue();
  }

  @Test
  void theNamedFolderComesBeforeTheEnvironmentAndThatBeforeTheCache() throws IOException {
    Path named = write("named", 1);
    Path environment = write("environment", 20);
    Path cache = write("cache", 300);
    Mnist all = search().environment(environment).cache(cache);
    assertThat(IdxBytes.isTrain(all.load(arena).train(), 20)).isTrue();
    assertThat(IdxBytes.isTrain(all.data(named).load(arena).train(), 1)).isTrue();
    assertThat(IdxBytes.isTrain(search().cache(cache).load(arena).train(), 300)).isTrue();
    assertThat(notices.lines).isEmpty();
  }

  @Test
  void aNamedFolderWithoutTheFilesIsAnErrorThatSaysWhatWasLookedFor() {
    assertThatThrownBy(() -> search().data(folder).cache(write("cache", 1)).load(arena))
        .isInstanceOf(FileNotFoundException.class).hasMessageContaining(folder.toString())
        .hasMessageContaining(folder.resolve("mnist").toString())
        .hasMessageContaining("train-images-idx3-ubyte or train-images-idx3-ubyte.gz or train-images.idx3-ubyte")
        .hasMessageContaining("t10k-labels-idx1-ubyte");
    assertThatThrownBy(() -> search().data(folder.resolve("none")).locate())
        .isInstanceOf(FileNotFoundException.class).hasMessageContaining("none: no such folder");
  }

  @Test
  void anEnvironmentWithoutTheFilesIsLeftWithANotice() throws IOException {
    Mnist search = search().environment(folder).cache(write("cache", 3));
    assertThat(IdxBytes.isTrain(search.load(arena).train(), 3)).isTrue();
    assertThat(notices.lines).singleElement().asString().contains("LANEWISE_DATA").contains(folder.toString());
  }

  @Test
  void aFolderWithSomeOfTheFilesIsAnError() throws IOException {
    Path some = write("some", 1);
    Files.delete(some.resolve("mnist/t10k-labels-idx1-ubyte.gz"));
    assertThatThrownBy(() -> search().data(some).load(arena)).isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("found train-images-idx3-ubyte.gz")
        .hasMessageContaining("but not t10k-labels-idx1-ubyte or");
    assertThatThrownBy(() -> search().environment(some).load(arena)).isInstanceOf(FileNotFoundException.class);
    // In the cache it is what a download that was cut short left.
    assertThat(search().cache(some).locate()).isNull();
  }

  @Test
  void aDamagedFileIsAnErrorWhereverItWasFound() throws IOException {
    Path damaged = write("damaged", 1);
    Path file = damaged.resolve("mnist/train-images-idx3-ubyte.gz");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 6] ^= 8;
    Files.write(file, bytes);
    for (Mnist search : List.of(search().data(damaged), search().environment(damaged), search().cache(damaged))) {
      assertThatThrownBy(() -> search.load(arena)).isInstanceOf(DataFileException.class)
          .hasMessageContaining(file.toString());
    }
    assertThat(notices.lines).containsExactly("delete " + damaged.resolve("mnist") + " to have MNIST downloaded again");
  }

  @Test
  void trainingAndTestImagesMustHaveOneSize() throws IOException {
    Path mixed = write("mixed", 1);
    Files.write(mixed.resolve("mnist/t10k-images-idx3-ubyte.gz"), IdxBytes.images(10, 3, 4, new byte[120]));
    assertThatThrownBy(() -> search().data(mixed).load(arena)).isInstanceOf(IOException.class)
        .hasMessageContaining("[4, 3, 1]").hasMessageContaining("[3, 4, 1]");
  }

  @Test
  void withoutFilesAndMirrorsDigitsAreDrawn() throws IOException {
    Splits drawn = search().cache(folder).trainLimit(50).load(arena);
    assertThat(drawn.name()).isEqualTo("synthetic");
    assertThat(drawn.train().size()).isEqualTo(50);
    assertThat(drawn.test().size()).isEqualTo(10_000);
    assertThat(notices.lines).anyMatch(line -> line.contains("synthetic"));
    assertThat(search().cache(folder).locate()).isNull();
  }

  @Test
  void theLimitCutsTheTrainingImagesOnly() throws IOException {
    Splits found = search().data(write("named", 1)).trainLimit(7).load(arena);
    assertThat(found.train().size()).isEqualTo(7);
    assertThat(found.test().size()).isEqualTo(10);
    assertThatThrownBy(() -> search().trainLimit(0)).hasMessageContaining("limit is 0");
  }

  @Test
  void placesAreListedInOrder() {
    assertThat(search().data(folder).places()).containsExactly("the folder named: " + folder);
    assertThat(search().cache(folder).places()).containsExactly("LANEWISE_DATA: not set",
        "cache: " + folder.resolve("mnist"));
    assertThat(Mnist.search().places()).anyMatch(place -> place.startsWith("mirror: https://"));
  }

  @Test
  void theCacheFolderIsWhereTheSystemKeepsThem() {
    Path home = folder.toAbsolutePath();
    assertThat(CacheFolder.of("Linux", Map.of(), home.toString())).isEqualTo(home.resolve(".cache/lanewise"));
    assertThat(CacheFolder.of("Linux", Map.of("XDG_CACHE_HOME", home + "/x"), "/h")).isEqualTo(home.resolve("x/lanewise"));
    assertThat(CacheFolder.of("Linux", Map.of("XDG_CACHE_HOME", "relative"), home.toString()))
        .isEqualTo(home.resolve(".cache/lanewise"));
    assertThat(CacheFolder.of("Mac OS X", Map.of(), home.toString())).isEqualTo(home.resolve("Library/Caches/lanewise"));
    assertThat(CacheFolder.of("Windows 11", Map.of("LOCALAPPDATA", home + "/l"), "")).isEqualTo(home.resolve("l/lanewise"));
    assertThat(CacheFolder.of("Windows 11", Map.of(), home.toString())).isEqualTo(home.resolve("AppData/Local/lanewise"));
    assertThat(CacheFolder.of("Linux", Map.of(), "")).isNull();
    assertThat(CacheFolder.of("Linux", Map.of(), "?")).isNull();
  }

  private Mnist search() {
    return Mnist.search().environment(null).cache(null).mirrors(List.of()).listener(notices);
  }

  private Path write(String name, long seed) throws IOException {
    Path root = folder.resolve(name);
    IdxBytes.write(root.resolve("mnist"), seed);
    return root;
  }
}
