package dev.lanewise.training.data;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The content of a file, or of bytes just downloaded, read from front to back; decompressed when its first two bytes
 * say gzip, whatever its name says.
 */
final class DataFile implements Closeable {
  private final String name;
  private final InputStream in;
  private final boolean gzip;
  private final long size; // of the file
  private final long declared; // content's length: the file's, or what the gzip trailer says modulo 2^32
  private long position; // in the content

  private DataFile(String name, InputStream in, boolean gzip, long size, long declared) throws IOException {
    this.name = name;
    this.in = gzip ? new Gunzip(name, in) : in;
    this.gzip = gzip;
    this.size = size;
    this.declared = declared;
  }

  static DataFile open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path);
    try {
      long size = channel.size();
      ByteBuffer head = ByteBuffer.allocate(2);
      ByteBuffer tail = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
      channel.read(head, 0);
      channel.read(tail, Math.max(0, size - 4));
      boolean gzip = isGzip(head.array());
      long declared = gzip ? tail.getInt(0) & 0xFFFF_FFFFL : size;
      return new DataFile(path.toString(), Channels.newInputStream(channel), gzip, size, declared);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  static DataFile of(String name, byte[] bytes) throws IOException {
    boolean gzip = bytes.length >= 4 && isGzip(bytes);
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long declared = gzip ? all.getInt(bytes.length - 4) & 0xFFFF_FFFFL : bytes.length;
    return new DataFile(name, new ByteArrayInputStream(bytes), gzip, bytes.length, declared);
  }

  private static boolean isGzip(byte[] head) {
    return (head[0] & 0xFF) == Gunzip.MAGIC_FIRST && (head[1] & 0xFF) == Gunzip.MAGIC_SECOND;
  }

  String name() {
    return name;
  }

  /** The next big-endian int of the content. */
  int readInt() throws IOException {
    byte[] bytes = new byte[4];
    read(bytes, 4);
    return ByteBuffer.wrap(bytes).getInt();
  }

  /** Fills the first {@code count} bytes of {@code target}. */
  void read(byte[] target, int count) throws IOException {
    int got = in.readNBytes(target, 0, count);
    position += got;
    if (got < count) {
      throw new DataFileException(name, position, "the end of the content", count - got + " more bytes");
    }
  }

  /** All of the content that is left; for gzip its CRC is checked. */
  byte[] readAll() throws IOException {
    byte[] rest = in.readAllBytes();
    position += rest.length;
    return rest;
  }

  /**
   * Proves, before anything is allocated for it, that the content can have {@code length} bytes: a plain file must have
   * exactly that many, a gzip file must say so in its trailer and be long enough for it.
   */
  void requireLength(long length, String what) throws DataFileException {
    if (gzip ? declared != (length & 0xFFFF_FFFFL) : declared != length) {
      throw new DataFileException(name, gzip ? size - 4 : Math.min(size, length),
          (gzip ? "a gzip trailer for " : "a file of ") + declared + " bytes", length + " bytes: " + what);
    }
    if (gzip && length / Gunzip.MAX_RATIO > size) {
      throw new DataFileException(name, position, "a gzip file of " + size + " bytes, too short for its content",
          length + " bytes: " + what);
    }
  }

  /** Proves that the content ends here; for gzip this is where its CRC is checked. */
  void requireEnd() throws IOException {
    if (in.read() >= 0) {
      throw new DataFileException(name, position, "more bytes", "the end of the content");
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
