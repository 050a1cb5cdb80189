package dev.lanewise.tensor.io;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Npy files: one array, as NumPy's {@code save} writes and {@code load} reads them.
 *
 * <p>Written are {@code <f4} and {@code <i4}; read are {@code f4} and {@code f8} (rounded to float) as floats, {@code i4}, {@code i8} (if
 * they fit an int) and {@code u1} as ints, of either byte order, in C's order of elements.
 *
 * <p>Source: NumPy, numpy.lib.format, versions 1.0 to 3.0.
 */
public final class Npy {
  private Npy() {}

  /**
   * Reads floats.
   *
   * @param arena where the tensor lives
   * @throws FormatException if the file is no npy file, is damaged or holds something else
   */
  public static Tensor readFloats(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ElementReader reader = new ElementReader(file.toString(), channel);
      NpyHeader header = header(reader, channel.size());
      if (!header.type().isFloat()) {
        throw reader.damage(0, "elements of type " + header.descr(), "f4 or f8; read it with readInts");
      }
      Tensor tensor = reader.floats(header.type(), header.order(), header.shape(), arena);
      reader.requireEnd();
      return tensor;
    }
  }

  /** Reads ints; otherwise as {@link #readFloats}. */
  public static IntTensor readInts(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ElementReader reader = new ElementReader(file.toString(), channel);
      NpyHeader header = header(reader, channel.size());
      if (header.type().isFloat()) {
        throw reader.damage(0, "elements of type " + header.descr(), "i4, i8 or u1; read it with readFloats");
      }
      IntTensor tensor = reader.ints(header.type(), header.order(), header.shape(), arena);
      reader.requireEnd();
      return tensor;
    }
  }

  /** The header, and before any memory is taken whether the file is as long as it says. */
  private static NpyHeader header(ElementReader reader, long size) throws IOException {
    NpyHeader header = NpyHeader.read(reader);
    long left = size - reader.offset();
    if (header.dataBytes() != left) {
      throw reader.damage(reader.offset(), left + " bytes of elements",
          header.dataBytes() + " for " + header.shape() + " of " + header.descr());
    }
    return header;
  }

  /** Writes floats, whole or not at all. */
  public static void write(Path file, Tensor tensor) throws IOException {
    write(file, ElementType.F32, tensor.shape(), tensor.segment());
  }

  /** Writes ints, whole or not at all. */
  public static void write(Path file, IntTensor tensor) throws IOException {
    write(file, ElementType.I32, tensor.shape(), tensor.segment());
  }

  private static void write(Path file, ElementType type, Shape shape, MemorySegment elements) throws IOException {
    ElementWriter writer = new ElementWriter();
    AtomicFile.write(file, channel -> {
      writer.write(NpyHeader.render(type, shape), channel);
      writer.write(elements, channel);
    });
  }
}
