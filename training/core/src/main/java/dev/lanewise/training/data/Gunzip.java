package dev.lanewise.training.data;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses exactly one gzip member (RFC 1952) and refuses everything else: a damaged header, a truncated or invalid
 * stream, a wrong CRC or length, bytes after the end. {@link java.util.zip.GZIPInputStream} ignores what follows the
 * member and says of no damage where it is.
 */
final class Gunzip extends InputStream {
  static final int MAGIC_FIRST = 0x1F;
  static final int MAGIC_SECOND = 0x8B;

  /** DEFLATE cannot do better than this many bytes of content for one byte of file (zlib, Technical Details). */
  static final long MAX_RATIO = 1032;

  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xE0;

  private final String file;
  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] buffer = new byte[1 << 16];
  private int next; // of the buffer's bytes that have not been consumed
  private int end;
  private long bufferStart; // offset in the file of the buffer's first byte
  private boolean finished;

  Gunzip(String file, InputStream in) throws IOException {
    this.file = file;
    this.in = in;
    try {
      readHeader();
    } catch (IOException e) {
      inflater.end();
      throw e;
    }
  }

  private void readHeader() throws IOException {
    require(MAGIC_FIRST, nextByte(), "gzip magic");
    require(MAGIC_SECOND, nextByte(), "gzip magic");
    require(8, nextByte(), "compression method");
    int flags = nextByte();
    require(0, flags & RESERVED, "reserved flags");
    for (int i = 0; i < 6; i++) {
      nextByte(); // time, extra flags, operating system: of no use here
    }
    if ((flags & EXTRA) != 0) {
      for (int left = nextByte() | nextByte() << 8; left > 0; left--) {
        nextByte();
      }
    }
    for (int text = flags & (NAME | COMMENT); text != 0; text &= text - 1) {
      while (nextByte() != 0) {
        // The name's and the comment's bytes.
      }
    }
    if ((flags & HEADER_CRC) != 0) {
      int want = (int) crc.getValue() & 0xFFFF;
      require(want, nextByte() | nextByte() << 8, "header CRC");
    }
    crc.reset();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (finished) {
      return -1;
    }
    try {
      while (true) {
        int count = inflater.inflate(target, from, length);
        if (count > 0) {
          crc.update(target, from, count);
          return count;
        }
        if (inflater.finished()) {
          next = end - inflater.getRemaining();
          readTrailer();
          finished = true;
          return -1;
        }
        if (inflater.needsDictionary()) {
          throw damage("a preset dictionary", "a gzip stream without one");
        }
        if (inflater.getRemaining() == 0) {
          if (next == end) {
            fillBuffer("more compressed data");
          }
          inflater.setInput(buffer, next, end - next);
          next = end;
        }
      }
    } catch (DataFormatException e) {
      next = end - inflater.getRemaining();
      throw damage("an invalid compressed stream (" + e.getMessage() + ")", "a valid one");
    }
  }

  private void readTrailer() throws IOException {
    int sum = (int) crc.getValue();
    require(sum, nextInt(), "CRC of the content");
    require((int) inflater.getBytesWritten(), nextInt(), "length of the content");
    if (next < end || in.read() >= 0) {
      throw damage("bytes after the end of the gzip stream", "the end of the file");
    }
  }

  private int nextInt() throws IOException {
    return nextByte() | nextByte() << 8 | nextByte() << 16 | nextByte() << 24;
  }

  private int nextByte() throws IOException {
    if (next == end) {
      fillBuffer("more of a gzip file");
    }
    crc.update(buffer[next]);
    return buffer[next++] & 0xFF;
  }

  private void fillBuffer(String expected) throws IOException {
    bufferStart += end;
    next = 0;
    end = Math.max(0, in.read(buffer));
    if (end == 0) {
      throw damage("the end of the file", expected);
    }
  }

  private void require(int expected, int found, String what) throws DataFileException {
    if (expected != found) {
      throw damage(what + " 0x" + Integer.toHexString(found), "0x" + Integer.toHexString(expected));
    }
  }

  private DataFileException damage(String found, String expected) {
    return new DataFileException(file, bufferStart + next, found, expected);
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
