package dev.lanewise.training.data;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Reads images and labels in IDX form, MNIST's: big-endian 0x00000803, count, height, width, then one byte per pixel;
 * 0x00000801, count, then one byte per label. Plain or gzip, told by content. Images of any size.
 *
 * <p>Strict: what is truncated, too long, of another type, damaged in compression, at odds with its partner or out of
 * range is refused with a {@link DataFileException} and nothing is returned. Sizes are proved against the files before
 * memory is taken.
 *
 * <p>Source: LeCun, Cortes and Burges, The MNIST Database, "file formats".
 */
public final class Idx {
  private static final int IMAGES = 0x803;
  private static final int LABELS = 0x801;
  private static final int IMAGES_HEADER = 16;
  static final int LABELS_HEADER = 8;

  private Idx() {}

  /**
   * Reads a file of images and the file of their labels.
   *
   * @param classes labels must be less than this; 1 to 256
   * @param arena owns the pixels and labels
   * @throws DataFileException when a file is not what it should be
   * @throws IOException when a file cannot be read
   */
  public static ImageDataset read(Path images, Path labels, int classes, Arena arena) throws IOException {
    try (DataFile labelFile = DataFile.open(labels);
        DataFile imageFile = DataFile.open(images)) {
      return read(imageFile, labelFile, classes, arena);
    }
  }

  static ImageDataset read(DataFile images, DataFile labels, int classes, Arena arena) throws IOException {
    byte[] labelBytes = readLabels(labels, classes);
    requireMagic(images, IMAGES, "images");
    int count = readSize(images, 4, "images");
    if (count != labelBytes.length) {
      throw new DataFileException(images.name(), 4, count + " images",
          labelBytes.length + ", as many as there are labels in " + labels.name());
    }
    int height = readSize(images, 8, "rows per image");
    int width = readSize(images, 12, "columns per image");
    MemorySegment pixels = readPixels(images, count, height, width, arena);
    MemorySegment labelSegment = arena.allocate(labelBytes.length, 64);
    MemorySegment.copy(labelBytes, 0, labelSegment, JAVA_BYTE, 0, labelBytes.length);
    return ImageDataset.wrap(pixels, labelSegment, height, width, classes);
  }

  static byte[] readLabels(DataFile file, int classes) throws IOException {
    requireMagic(file, LABELS, "labels");
    int count = readSize(file, 4, "labels");
    file.requireLength((long) LABELS_HEADER + count, LABELS_HEADER + " and " + count + " labels");
    byte[] labels = new byte[count];
    file.read(labels, count);
    file.requireEnd();
    for (int i = 0; i < count; i++) {
      int label = labels[i] & 0xFF;
      if (label >= classes) {
        throw new DataFileException(file.name(), (long) LABELS_HEADER + i, "label " + label, "0 to " + (classes - 1));
      }
    }
    return labels;
  }

  /** The content of a file of these labels. */
  static byte[] labelsFile(ImageDataset data) {
    ByteBuffer file = ByteBuffer.allocate(LABELS_HEADER + data.size()).putInt(LABELS).putInt(data.size());
    for (int i = 0; i < data.size(); i++) {
      file.put((byte) data.label(i));
    }
    return file.array();
  }

  private static MemorySegment readPixels(DataFile file, int count, int height, int width, Arena arena)
      throws IOException {
    String what = IMAGES_HEADER + " and " + count + " images of " + height + "x" + width;
    long area = (long) height * width;
    if (area > Integer.MAX_VALUE || area > (Long.MAX_VALUE - IMAGES_HEADER) / count) {
      throw new DataFileException(file.name(), 8, height + "x" + width, "images of less than 2^31 pixels");
    }
    long bytes = area * count;
    file.requireLength(IMAGES_HEADER + bytes, what);
    MemorySegment pixels = arena.allocate(bytes, 64);
    byte[] chunk = new byte[(int) Math.min(bytes, 1 << 16)];
    for (long done = 0; done < bytes;) {
      int now = (int) Math.min(chunk.length, bytes - done);
      file.read(chunk, now);
      MemorySegment.copy(chunk, 0, pixels, JAVA_BYTE, done, now);
      done += now;
    }
    file.requireEnd();
    return pixels;
  }

  private static void requireMagic(DataFile file, int magic, String what) throws IOException {
    int found = file.readInt();
    if (found != magic) {
      throw new DataFileException(file.name(), 0, hex(found), hex(magic) + " (bytes, " + what + ")");
    }
  }

  private static int readSize(DataFile file, long offset, String what) throws IOException {
    int size = file.readInt();
    if (size < 1) {
      throw new DataFileException(file.name(), offset, Integer.toUnsignedString(size) + " " + what, "1 to 2^31 - 1");
    }
    return size;
  }

  private static String hex(int magic) {
    return "magic 0x%08x".formatted(magic);
  }
}
