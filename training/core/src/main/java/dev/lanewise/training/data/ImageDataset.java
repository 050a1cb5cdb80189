package dev.lanewise.training.data;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Grey images of one size with their labels, kept as bytes in native memory: 47 MB for MNIST's 60,000 images instead of
 * 188 MB of floats. {@link #batch} turns pixels into floats: pixel / 255, correctly rounded, so 0 is 0 and 255 is 1.
 *
 * <p>The memory belongs to the arena that the segments came from; views made by {@link #limit} and {@link #slice} share
 * it.
 */
public final class ImageDataset implements Dataset {
  /** Each pixel value as a float: to look it up is faster than to divide. */
  private static final float[] UNIT = unit();

  private final MemorySegment pixels; // uint8 [size, height, width]
  private final MemorySegment labels; // uint8 [size]
  private final int size;
  private final int height;
  private final int width;
  private final int classes;
  private final Shape inputShape;

  private ImageDataset(MemorySegment pixels, MemorySegment labels, int size, int height, int width, int classes) {
    this.pixels = pixels;
    this.labels = labels;
    this.size = size;
    this.height = height;
    this.width = width;
    this.classes = classes;
    this.inputShape = Shape.of(height, width, 1);
  }

  /**
   * Wraps images and labels without copying them.
   *
   * @param pixels uint8 [size, height, width], native
   * @param labels uint8 [size], native, each less than {@code classes}
   * @throws IllegalArgumentException when a segment lives on the heap, the sizes disagree or a label is out of range
   */
  public static ImageDataset wrap(MemorySegment pixels, MemorySegment labels, int height, int width, int classes) {
    if (!pixels.isNative() || !labels.isNative()) {
      throw new IllegalArgumentException("ImageDataset: heap segment; copy it to a native segment by ImageDataset.copyOf");
    }
    if (height < 1 || width < 1 || classes < 1 || classes > 256) {
      throw new IllegalArgumentException("ImageDataset: images of " + height + "x" + width + " in " + classes
          + " classes; sides of at least 1 and 1 to 256 classes are needed");
    }
    long size = labels.byteSize();
    if (size < 1 || size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("ImageDataset: " + size + " labels; 1 to 2^31 - 9 are needed");
    }
    if (pixels.byteSize() != Math.multiplyExact(size, Math.multiplyExact(height, width))) {
      throw new IllegalArgumentException("ImageDataset: " + pixels.byteSize() + " pixels but " + size + " labels of "
          + height + "x" + width + " images, which are " + size * height * width + " pixels");
    }
    for (long i = 0; i < size; i++) {
      int label = labels.get(JAVA_BYTE, i) & 0xFF;
      if (label >= classes) {
        throw new IllegalArgumentException(
            "ImageDataset: label " + i + " is " + label + " but there are " + classes + " classes");
      }
    }
    return new ImageDataset(pixels, labels, (int) size, height, width, classes);
  }

  /** Copies images and labels to native memory of {@code arena}; the rules of {@link #wrap} hold. */
  public static ImageDataset copyOf(Arena arena, byte[] pixels, byte[] labels, int height, int width, int classes) {
    MemorySegment nativePixels = arena.allocate(Math.max(1, pixels.length), 64).asSlice(0, pixels.length);
    MemorySegment nativeLabels = arena.allocate(Math.max(1, labels.length), 64).asSlice(0, labels.length);
    MemorySegment.copy(pixels, 0, nativePixels, JAVA_BYTE, 0, pixels.length);
    MemorySegment.copy(labels, 0, nativeLabels, JAVA_BYTE, 0, labels.length);
    return wrap(nativePixels, nativeLabels, height, width, classes);
  }

  @Override
  public int size() {
    return size;
  }

  /** [height, width, 1]. */
  @Override
  public Shape inputShape() {
    return inputShape;
  }

  @Override
  public int classes() {
    return classes;
  }

  public int height() {
    return height;
  }

  public int width() {
    return width;
  }

  /** The label of one image, in [0, classes). */
  public int label(int index) {
    return labels.get(JAVA_BYTE, Objects.checkIndex(index, size)) & 0xFF;
  }

  /** One pixel of one image, 0 (paper) to 255 (ink). */
  public int pixel(int index, int row, int column) {
    Objects.checkIndex(index, size);
    Objects.checkIndex(row, height);
    Objects.checkIndex(column, width);
    return pixels.get(JAVA_BYTE, ((long) index * height + row) * width + column) & 0xFF;
  }

  /** Copies the height * width bytes of one image to the start of {@code target}. Allocates nothing. */
  public void copyPixels(int index, byte[] target) {
    Objects.checkIndex(index, size);
    int area = height * width;
    // A loop: MemorySegment.copy to an array makes an object where C2 does not inline all of it.
    for (int p = 0; p < area; p++) {
      target[p] = pixels.get(JAVA_BYTE, (long) index * area + p);
    }
  }

  private static float[] unit() {
    float[] unit = new float[256];
    for (int pixel = 0; pixel < unit.length; pixel++) {
      unit[pixel] = pixel / 255f;
    }
    return unit;
  }

  @Override
  public void batch(int[] order, int from, int count, Tensor x, IntTensor y) {
    requireRoom(order, from, count, x, y);
    int area = height * width;
    MemorySegment out = x.segment();
    for (int i = 0; i < count; i++) {
      long image = (long) Objects.checkIndex(order[from + i], size) * area;
      long row = (long) i * area;
      for (int p = 0; p < area; p++) {
        out.setAtIndex(JAVA_FLOAT, row + p, UNIT[pixels.get(JAVA_BYTE, image + p) & 0xFF]);
      }
    }
    copyLabels(order, from, count, y);
  }

  /** Copies labels alone; the range has been checked by {@link #requireRoom}. */
  void copyLabels(int[] order, int from, int count, IntTensor y) {
    MemorySegment out = y.segment();
    for (int i = 0; i < count; i++) {
      out.setAtIndex(JAVA_INT, i, labels.get(JAVA_BYTE, Objects.checkIndex(order[from + i], size)) & 0xFF);
    }
  }

  void requireRoom(int[] order, int from, int count, Tensor x, IntTensor y) {
    Objects.checkFromIndexSize(from, count, order.length);
    if (x.rank() != 4 || x.dim(0) < count || x.dim(1) != height || x.dim(2) != width || x.dim(3) != 1) {
      throw new ShapeException("ImageDataset: batch is [" + count + ", " + height + ", " + width + ", 1] but x is "
          + x.shape());
    }
    if (y.rank() != 1 || y.dim(0) < count) {
      throw new ShapeException("ImageDataset: batch has " + count + " labels but y is " + y.shape());
    }
  }

  @Override
  public ImageDataset limit(int n) {
    return n >= size ? this : slice(0, n);
  }

  /**
   * The examples {@code from} (inclusive) to {@code to} (exclusive). A view: nothing is copied.
   *
   * @throws IllegalArgumentException when the range is empty or leaves the data set
   */
  public ImageDataset slice(int from, int to) {
    if (from < 0 || to > size || from >= to) {
      throw new IllegalArgumentException("ImageDataset: [" + from + ", " + to + ") is not a range of examples within [0, "
          + size + ")");
    }
    long area = (long) height * width;
    return new ImageDataset(pixels.asSlice(from * area, (to - from) * area), labels.asSlice(from, to - from),
        to - from, height, width, classes);
  }
}
