package dev.lanewise.training.data;

import java.io.IOException;

/**
 * A data file was found but is not what it should be: truncated, damaged, of another format, or at odds with its
 * partner. Nothing of it has been used.
 */
@SuppressWarnings("serial") // never serialised
public final class DataFileException extends IOException {
  private final String file;
  private final long offset;
  private final String found;
  private final String expected;

  /**
   * @param file the path, or the address it was read from
   * @param offset the byte at which it was noticed; within the uncompressed content unless the damage is in the
   *     compression itself
   */
  public DataFileException(String file, long offset, String found, String expected) {
    super(file + ", byte " + offset + ": found " + found + ", expected " + expected);
    this.file = file;
    this.offset = offset;
    this.found = found;
    this.expected = expected;
  }

  public String file() {
    return file;
  }

  public long offset() {
    return offset;
  }

  public String found() {
    return found;
  }

  public String expected() {
    return expected;
  }
}
