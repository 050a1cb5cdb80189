package dev.lanewise.cli;

import dev.lanewise.training.data.ImageDataset;
import dev.lanewise.training.data.Splits;
import dev.lanewise.training.data.SyntheticDigits;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Few digits in MNIST's files, so that a run takes seconds and no network. */
final class SmallMnist {
  static final int TRAIN = 1600;
  static final int TEST = 300;

  private SmallMnist() {}

  static Splits digits(Arena arena) {
    return SyntheticDigits.splits(TRAIN, TEST, 7, arena, null);
  }

  /** Writes the four files to {@code folder/mnist}. */
  static Path write(Path folder) throws IOException {
    Path mnist = Files.createDirectories(folder.resolve("mnist"));
    try (Arena arena = Arena.ofConfined()) {
      Splits digits = digits(arena);
      write(mnist, "train", digits.train());
      write(mnist, "t10k", digits.test());
    }
    return folder;
  }

  /** Bars of 20x16 pixels in 12 classes, by place: another data set in the same four files. */
  static Path writeBars(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String part : new String[] {"train", "t10k"}) {
      int n = part.equals("train") ? 480 : 120;
      ByteBuffer images = ByteBuffer.allocate(16 + n * 320).putInt(0x803).putInt(n).putInt(20).putInt(16);
      ByteBuffer labels = ByteBuffer.allocate(8 + n).putInt(0x801).putInt(n);
      for (int i = 0; i < n; i++) {
        int kind = i * 7 % 12;
        for (int pixel = 0; pixel < 320; pixel++) {
          images.put((byte) (pixel / 16 - kind >= 3 && pixel / 16 - kind < 5 ? 200 + i % 50 : (pixel * 31 + i * 17) % 90));
        }
        labels.put((byte) kind);
      }
      Files.write(folder.resolve(part + "-images-idx3-ubyte"), images.array());
      Files.write(folder.resolve(part + "-labels-idx1-ubyte"), labels.array());
    }
    return folder;
  }

  private static void write(Path folder, String part, ImageDataset data) throws IOException {
    ByteBuffer images = ByteBuffer.allocate(16 + data.size() * 784);
    ByteBuffer labels = ByteBuffer.allocate(8 + data.size());
    images.putInt(0x803).putInt(data.size()).putInt(28).putInt(28);
    labels.putInt(0x801).putInt(data.size());
    for (int i = 0; i < data.size(); i++) {
      images.put(pixels(data, i));
      labels.put((byte) data.label(i));
    }
    Files.write(folder.resolve(part + "-images-idx3-ubyte"), images.array());
    Files.write(folder.resolve(part + "-labels-idx1-ubyte"), labels.array());
  }

  static byte[] pixels(ImageDataset data, int index) {
    byte[] pixels = new byte[784];
    data.copyPixels(index, pixels);
    return pixels;
  }

  /**
   * A digit on a canvas of its own: each pixel a square of {@code scale} pixels, at {@code left} and {@code top}.
   *
   * @param darkOnLight black ink on white paper, else as in the data set
   */
  static BufferedImage picture(byte[] digit, int scale, int width, int height, int left, int top, boolean darkOnLight) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int column = Math.floorDiv(x - left, scale);
        int row = Math.floorDiv(y - top, scale);
        boolean inside = row >= 0 && row < 28 && column >= 0 && column < 28;
        int ink = inside ? digit[row * 28 + column] & 0xFF : 0;
        int level = darkOnLight ? 255 - ink : ink;
        image.setRGB(x, y, level << 16 | level << 8 | level);
      }
    }
    return image;
  }
}
