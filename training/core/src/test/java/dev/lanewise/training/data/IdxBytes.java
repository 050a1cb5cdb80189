package dev.lanewise.training.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Files in IDX form, made in memory from a seed. */
final class IdxBytes {
  private IdxBytes() {}

  static byte[] images(int count, int height, int width, byte[] pixels) {
    return ByteBuffer.allocate(16 + pixels.length).putInt(0x803).putInt(count).putInt(height).putInt(width).put(pixels)
        .array();
  }

  static byte[] labels(byte[] labels) {
    return ByteBuffer.allocate(8 + labels.length).putInt(0x801).putInt(labels.length).put(labels).array();
  }

  static byte[] pixels(int count, long seed) {
    byte[] pixels = new byte[count];
    new Random(seed).nextBytes(pixels);
    return pixels;
  }

  static byte[] digits(int count, long seed) {
    byte[] digits = new byte[count];
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      digits[i] = (byte) random.nextInt(10);
    }
    return digits;
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The content of one of MNIST's four files for a small data set: 30 images to train on and 10 to test on, 4x3. */
  static byte[] content(MnistFile file, long seed) {
    return switch (file) {
      case TRAIN_IMAGES -> images(30, 4, 3, pixels(360, seed));
      case TRAIN_LABELS -> labels(digits(30, seed));
      case TEST_IMAGES -> images(10, 4, 3, pixels(120, seed + 1));
      case TEST_LABELS -> labels(digits(10, seed + 1));
    };
  }

  /** Writes the small data set under the usual names, compressed. */
  static void write(Path folder, long seed) throws IOException {
    Files.createDirectories(folder);
    for (MnistFile file : MnistFile.values()) {
      Files.write(folder.resolve(file.gzipName()), gzip(content(file, seed)));
    }
  }

  /** Size and checksum of the small data set's files. */
  static MnistFile.Content original(MnistFile file, long seed) {
    byte[] content = content(file, seed);
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(content);
      return new MnistFile.Content(content.length, HexFormat.of().formatHex(sum));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether {@code data} is the training half of the small data set. */
  static boolean isTrain(ImageDataset data, long seed) {
    return holds(data, pixels(360, seed), digits(30, seed));
  }

  static boolean holds(ImageDataset data, byte[] pixels, byte[] labels) {
    byte[] image = new byte[data.height() * data.width()];
    if (data.size() != labels.length || pixels.length != data.size() * image.length) {
      return false;
    }
    for (int i = 0; i < data.size(); i++) {
      data.copyPixels(i, image);
      for (int p = 0; p < image.length; p++) {
        if (image[p] != pixels[i * image.length + p]) {
          return false;
        }
      }
      if (data.label(i) != labels[i]) {
        return false;
      }
    }
    return true;
  }
}
