package dev.lanewise.training.data.table;

import java.io.IOException;

/** A table was found but a cell or a line of it is not what it should be. */
@SuppressWarnings("serial") // never serialised
public final class TableException extends IOException {
  private final String file;
  private final int line;
  private final String column;

  /**
   * @param file the path
   * @param line counts from 1
   * @param column the column's name, or empty when the line as a whole is wrong
   */
  public TableException(String file, int line, String column, String found, String expected) {
    super(file + ", line " + line + (column.isEmpty() ? "" : ", column " + column) + ": found " + found + ", expected "
        + expected);
    this.file = file;
    this.line = line;
    this.column = column;
  }

  public String file() {
    return file;
  }

  public int line() {
    return line;
  }

  public String column() {
    return column;
  }
}
