package dev.lanewise.tensor.io;

import java.io.IOException;
import java.io.Serial;

/** A file that is damaged or of another kind than expected: where, what was found, what was expected. */
public final class FormatException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final long offset;

  FormatException(String file, long offset, String found, String expected) {
    super(file + ", byte " + offset + ": found " + found + ", expected " + expected);
    this.offset = offset;
  }

  /** The byte of the file, counted from 0. */
  public long offset() {
    return offset;
  }
}
