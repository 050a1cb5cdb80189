package dev.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.kernels.embedding.EmbeddingTask;
import dev.lanewise.kernels.reference.EmbeddingReference;
import java.lang.foreign.MemorySegment;

/**
 * Rows of a table picked by number, and their gradients.
 *
 * <pre>
 * gather: y[i, j] = table[ids[i], j]    scatterAdd: dtable[r, j] = (dtable[r, j] +) sum over i with ids[i] = r of dy[i, j]
 * </pre>
 *
 * <p>A gather copies bits. A scatter's element is one chain of adds over ascending i that starts from +0, or from what was there when
 * accumulating: {@code |error| <= gamma_k sum |dy|} for k equal ids, gamma_k = k u / (1 - k u), u = 2^-24. The bits depend neither on width nor threads.
 *
 * <table>
 *   <caption>IEEE edges</caption>
 *   <tr><th>kernel</th><th>NaN</th><th>infinity</th><th>zeros</th><th>overflow, underflow</th></tr>
 *   <tr><td>gather</td><td>copied with its payload</td><td>copied</td><td>copied with their sign</td><td>never: nothing is computed</td></tr>
 *   <tr><td>scatterAdd</td><td>its own element of its row NaN</td><td>its own element; of both signs NaN</td><td>-0 alone: +0</td><td>as the sum</td></tr>
 *   <tr><td>ids</td><td>refused: an id is whole</td><td>refused</td><td>-0 is 0</td><td>never: numbers that are no id are refused</td></tr>
 * </table>
 *
 * <p>Ids are int32 from 0 up to the number of rows, and checked at each call before anything is written. Operands are native segments, aligned
 * to 4 bytes, row-major. A result may not overlap an operand. A call allocates nothing.
 */
public final class Embedding {
  private Embedding() {}

  /**
   * Whole numbers that travel as floats (exact up to 2^24), as int32.
   *
   * @param n how many, at least 0
   * @param x n floats, each a whole number from 0 to 2^24
   * @param ids receives n ints; may be x
   * @throws IllegalArgumentException naming position and value if one is no such number, then ids is undefined; if a segment is on the heap, too short
   *     or misaligned, or ids overlaps x without being it
   */
  public static void ids(long n, MemorySegment x, MemorySegment ids) {
    Segments.require("ids", "x", x, n);
    Segments.require("ids", "the ids", ids, n);
    Segments.requireSameOrApart("ids", "the ids", ids, "x", x, n);
    for (long i = 0; i < n; i++) {
      float value = x.getAtIndex(JAVA_FLOAT, i);
      int id = (int) value;
      if (id != value || id < 0 || id > 1 << 24) {
        throw new IllegalArgumentException(
            "ids: " + value + " at position " + i + " is no whole number from 0 to 16777216; ids count from 0");
      }
      ids.setAtIndex(JAVA_INT, i, id);
    }
  }

  /**
   * y[i] = table[ids[i]].
   *
   * @param rows rows of the table
   * @param width floats of a row
   * @param table rows by width
   * @param n how many rows to pick, at least 0
   * @param ids n ints
   * @param y receives n by width
   * @param workers share the rows of y
   * @throws IllegalArgumentException if an id is outside the table, naming its position and value; if a size is negative, a segment is on the heap,
   *     too short or misaligned, or y overlaps an operand
   */
  public static void gather(
      int rows, int width, MemorySegment table, int n, MemorySegment ids, MemorySegment y, Workers workers) {
    require("gather", rows, width, "table", table, n, ids, "y", y);
    Segments.requireApart("gather", "y", y, (long) n * width, "the table", table, (long) rows * width);
    Segments.requireApart("gather", "y", y, (long) n * width, "the ids", ids, n);
    if (Family.EMBEDDING_GATHER.vectors()) {
      workers.state(EmbeddingTask.KEY).gather(width, table, n, ids, y, workers);
    } else {
      EmbeddingReference.gather(width, table, n, ids, y);
    }
  }

  /**
   * dtable[ids[i]] += dy[i], for ascending i.
   *
   * @param rows rows of the table
   * @param width floats of a row
   * @param n how many gradients, at least 0
   * @param ids n ints
   * @param dy n by width
   * @param dtable rows by width; rows that no id names keep what they hold, or become 0
   * @param accumulate false: dtable starts as zeros, what it held is not read
   * @param workers share the columns
   * @throws IllegalArgumentException as {@link #gather}
   */
  public static void scatterAdd(
      int rows, int width, int n, MemorySegment ids, MemorySegment dy, MemorySegment dtable, boolean accumulate,
      Workers workers) {
    require("scatterAdd", rows, width, "dtable", dtable, n, ids, "dy", dy);
    Segments.requireApart("scatterAdd", "dtable", dtable, (long) rows * width, "dy", dy, (long) n * width);
    Segments.requireApart("scatterAdd", "dtable", dtable, (long) rows * width, "the ids", ids, n);
    if (!accumulate) {
      Elementwise.fill((long) rows * width, 0f, dtable);
    }
    if (Family.EMBEDDING_SCATTER_ADD.vectors()) {
      workers.state(EmbeddingTask.KEY).scatterAdd(width, n, ids, dy, dtable, workers);
    } else {
      EmbeddingReference.scatterAdd(width, n, ids, dy, dtable);
    }
  }

  private static void require(
      String door, int rows, int width, String tableName, MemorySegment table, int n, MemorySegment ids, String name,
      MemorySegment matrix) {
    Segments.require(door, tableName, table, Shapes.elements(door, rows, width));
    Segments.require(door, "the ids", ids, n);
    Segments.require(door, name, matrix, Shapes.elements(door, n, width));
    for (long i = 0; i < n; i++) {
      int id = ids.getAtIndex(JAVA_INT, i);
      if (id < 0 || id >= rows) {
        throw new IllegalArgumentException(
            door + ": id " + id + " at position " + i + " is outside the table of " + rows + " rows");
      }
    }
  }
}
