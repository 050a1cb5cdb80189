package dev.lanewise.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Right data or the one exception, whatever happens to a file. */
class IdxProperties {
  private static final int COUNT = 12;
  private static final int HEIGHT = 5;
  private static final int WIDTH = 7;
  private static final byte[] PIXELS = IdxBytes.pixels(COUNT * HEIGHT * WIDTH, 1);
  private static final byte[] LABELS = IdxBytes.digits(COUNT, 2);
  private static final byte[] IMAGE_FILE = IdxBytes.images(COUNT, HEIGHT, WIDTH, PIXELS);
  private static final byte[] LABEL_FILE = IdxBytes.labels(LABELS);

  @Property(tries = 200)
  void whatWasWrittenIsRead(@ForAll @IntRange(min = 1, max = 40) int count,
      @ForAll @IntRange(min = 1, max = 33) int height, @ForAll @IntRange(min = 1, max = 33) int width,
      @ForAll boolean gzipImages, @ForAll boolean gzipLabels, @ForAll long seed) throws IOException {
    byte[] pixels = IdxBytes.pixels(count * height * width, seed);
    byte[] labels = IdxBytes.digits(count, seed);
    byte[] images = IdxBytes.images(count, height, width, pixels);
    try (Arena arena = Arena.ofConfined()) {
      ImageDataset data = read(gzipImages ? IdxBytes.gzip(images) : images,
          gzipLabels ? IdxBytes.gzip(IdxBytes.labels(labels)) : IdxBytes.labels(labels), arena);
      assertThat(data.height()).isEqualTo(height);
      assertThat(data.width()).isEqualTo(width);
      assertThat(IdxBytes.holds(data, pixels, labels)).isTrue();
    }
  }

  @Property(tries = 300)
  void everyTruncationIsRefused(@ForAll boolean ofImages, @ForAll boolean gzip,
      @ForAll @IntRange(min = 0, max = 1 << 20) int cut) {
    byte[] whole = file(ofImages, gzip);
    byte[] part = Arrays.copyOf(whole, cut % whole.length);
    refused(ofImages, part);
  }

  @Property(tries = 100)
  void everyAppendedByteIsRefused(@ForAll boolean ofImages, @ForAll boolean gzip, @ForAll byte extra) {
    byte[] whole = file(ofImages, gzip);
    byte[] longer = Arrays.copyOf(whole, whole.length + 1);
    longer[whole.length] = extra;
    refused(ofImages, longer);
  }

  @Property(tries = 2000)
  void aFlippedBitInACompressedFileIsFoundOrDoesNoHarm(@ForAll boolean ofImages,
      @ForAll @IntRange(min = 0, max = 1 << 20) int at, @ForAll @IntRange(min = 0, max = 7) int bit)
      throws IOException {
    byte[] damaged = file(ofImages, true);
    damaged[at % damaged.length] ^= (byte) (1 << bit);
    try (Arena arena = Arena.ofConfined()) {
      ImageDataset data = ofImages ? read(damaged, LABEL_FILE, arena) : read(IMAGE_FILE, damaged, arena);
      assertThat(IdxBytes.holds(data, PIXELS, LABELS)).isTrue();
    } catch (DataFileException e) {
      assertThat(e.offset()).isBetween(0L, (long) Math.max(damaged.length, IMAGE_FILE.length));
    }
  }

  @Property(tries = 400)
  void aDamagedHeaderIsAlwaysFound(@ForAll boolean ofImages, @ForAll boolean gzip,
      @ForAll @IntRange(min = 0, max = 15) int at, @ForAll @IntRange(min = 0, max = 7) int bit) {
    byte[] damaged = (ofImages ? IMAGE_FILE : LABEL_FILE).clone();
    damaged[ofImages ? at : at % 8] ^= (byte) (1 << bit);
    refused(ofImages, gzip ? IdxBytes.gzip(damaged) : damaged);
  }

  private static byte[] file(boolean ofImages, boolean gzip) {
    byte[] plain = ofImages ? IMAGE_FILE : LABEL_FILE;
    return gzip ? IdxBytes.gzip(plain) : plain.clone();
  }

  private static void refused(boolean ofImages, byte[] damaged) {
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> {
        if (ofImages) {
          read(damaged, LABEL_FILE, arena);
        } else {
          read(IMAGE_FILE, damaged, arena);
        }
      }).isInstanceOf(DataFileException.class).hasMessageContaining(ofImages ? "images" : "labels");
    }
  }

  private static ImageDataset read(byte[] images, byte[] labels, Arena arena) throws IOException {
    try (DataFile imageFile = DataFile.of("images", images); DataFile labelFile = DataFile.of("labels", labels)) {
      return Idx.read(imageFile, labelFile, 10, arena);
    }
  }
}
