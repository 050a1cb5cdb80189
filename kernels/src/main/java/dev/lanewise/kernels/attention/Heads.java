package dev.lanewise.kernels.attention;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * What a call of attention works on: memory, and where in it a head lies. Mutable, so that a call makes no objects.
 *
 * <p>Queries, keys and values are columns of wider matrices: row i of head h of the keys of example e begins at float
 * {@code (e * keyRows + i) * keyStride + keyColumn + h * width}.
 */
public final class Heads {
  public int count;
  public int width;
  public boolean causal;
  public int queryStride;
  public int keyStride;
  public int keyColumn;
  public int valueColumn;

  public int examples;
  public int queryRows;
  public int keyRows;
  public MemorySegment queries = MemorySegment.NULL;
  public MemorySegment keys = MemorySegment.NULL;

  /** int32, one per example, or NULL: how many leading keys there are. */
  public MemorySegment lengths = MemorySegment.NULL;

  /** [examples, heads, queryRows, keyRows], or NULL where nobody wants them. */
  public MemorySegment probabilities = MemorySegment.NULL;

  /** [examples, queryRows, heads * width]: the output of forward, the gradient for it in backward. */
  public MemorySegment output = MemorySegment.NULL;

  public MemorySegment queryGradient = MemorySegment.NULL;
  public MemorySegment keyGradient = MemorySegment.NULL;

  /** What queries are multiplied by. */
  public float scale() {
    return (float) (1 / Math.sqrt(width));
  }

  /** How many keys of an example there are. */
  int keysOf(int example) {
    return lengths.address() == 0 ? keyRows : lengths.get(JAVA_INT_UNALIGNED, 4L * example);
  }

  /** How many leading keys a query sees, of those there are. */
  int visible(int keysOfExample, int query) {
    return causal ? Math.min(keysOfExample, query + 1) : keysOfExample;
  }

  long queryAt(int example, int head) {
    return 4 * ((long) example * queryRows * queryStride + (long) head * width);
  }

  long keyAt(int example, int head) {
    return 4 * ((long) example * keyRows * keyStride + keyColumn + (long) head * width);
  }

  long valueAt(int example, int head) {
    return 4 * ((long) example * keyRows * keyStride + valueColumn + (long) head * width);
  }

  long outputAt(int example, int head) {
    return 4 * ((long) example * queryRows * outputStride() + (long) head * width);
  }

  int outputStride() {
    return count * width;
  }

  long probabilityAt(int example, int head, int query) {
    return 4 * (((long) example * count + head) * queryRows + query) * keyRows;
  }

  /** Lets go of the caller's memory. */
  public void clear() {
    queries = MemorySegment.NULL;
    keys = MemorySegment.NULL;
    lengths = MemorySegment.NULL;
    probabilities = MemorySegment.NULL;
    output = MemorySegment.NULL;
    queryGradient = MemorySegment.NULL;
    keyGradient = MemorySegment.NULL;
  }
}
