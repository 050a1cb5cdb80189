package dev.lanewise.tensor.io;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32C;

/** Writes 4-byte elements in little-endian order, whatever the machine's is, through one block of memory. */
final class ElementWriter {
  private static final int BLOCK = 1 << 16;
  private static final ValueLayout.OfInt LITTLE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);

  void write(byte[] bytes, WritableByteChannel channel) throws IOException {
    drain(ByteBuffer.wrap(bytes), channel);
  }

  void write(MemorySegment elements, WritableByteChannel channel) throws IOException {
    for (long at = 0; at < elements.byteSize(); at += BLOCK) {
      drain(load(elements, at), channel);
    }
  }

  void sum(MemorySegment elements, CRC32C sum) {
    for (long at = 0; at < elements.byteSize(); at += BLOCK) {
      sum.update(load(elements, at));
    }
  }

  private ByteBuffer load(MemorySegment elements, long at) {
    int bytes = (int) Math.min(BLOCK, elements.byteSize() - at);
    block.clear().limit(bytes);
    MemorySegment.copy(elements, JAVA_INT, at, MemorySegment.ofBuffer(block), LITTLE, 0, bytes / 4);
    return block;
  }

  private static void drain(ByteBuffer bytes, WritableByteChannel channel) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
