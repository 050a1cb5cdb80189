package dev.lanewise.tensor.io;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.zip.CRC32C;

/** Reads a file from front to back, through one block of memory, and knows at each moment where it is. */
final class ElementReader {
  private static final int BLOCK = 1 << 16;

  private final String file;
  private final ReadableByteChannel channel;
  private final CRC32C sum = new CRC32C();
  private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
  private long offset;

  ElementReader(String file, ReadableByteChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  String file() {
    return file;
  }

  long offset() {
    return offset;
  }

  /** Over what {@link #floats} and {@link #ints} have read. */
  CRC32C sum() {
    return sum;
  }

  FormatException damage(long at, String found, String expected) {
    return new FormatException(file, at, found, expected);
  }

  byte[] bytes(int count, String what) throws IOException {
    byte[] bytes = new byte[count];
    fill(ByteBuffer.wrap(bytes), what);
    return bytes;
  }

  Tensor floats(ElementType type, ByteOrder order, Shape shape, Arena arena) throws IOException {
    Tensor tensor = Tensor.allocate(arena, shape);
    read(type, order, tensor.segment(), shape.size());
    return tensor;
  }

  IntTensor ints(ElementType type, ByteOrder order, Shape shape, Arena arena) throws IOException {
    IntTensor tensor = IntTensor.allocate(arena, shape);
    read(type, order, tensor.segment(), shape.size());
    return tensor;
  }

  private void read(ElementType type, ByteOrder order, MemorySegment to, long count) throws IOException {
    int most = BLOCK / type.bytes;
    for (long at = 0; at < count; at += most) {
      int some = (int) Math.min(most, count - at);
      long start = offset;
      fill(block.clear().limit(some * type.bytes), "elements");
      sum.update(block.flip());
      long bad = type.copy(MemorySegment.ofBuffer(block.rewind()), order, to, at, some);
      if (bad >= 0) {
        throw damage(start + bad * type.bytes, "a whole number of more than 32 bits", "one that fits an int");
      }
    }
  }

  private void fill(ByteBuffer buffer, String what) throws IOException {
    while (buffer.hasRemaining()) {
      int got = channel.read(buffer);
      if (got < 0) {
        throw damage(offset, "the end of the file", buffer.remaining() + " more bytes of " + what);
      }
      offset += got;
    }
  }

  /** Requires that nothing follows. */
  void requireEnd() throws IOException {
    if (channel.read(block.clear().limit(1)) > 0) {
      throw damage(offset, "more bytes", "the end of the file");
    }
  }
}
