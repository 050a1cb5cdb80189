package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * Scalar twins of {@code Attention}, same bits. A score is one fma chain over the ascending channels of a head, of the query times the scale; a row's
 * softmax runs over the keys that it sees and no others; an element of the output is one fma chain over those keys, ascending. Gradients are fma chains
 * over ascending keys or queries, times the scale at the end. The truth in double is {@link AttentionInDouble}.
 *
 * @param heads how many there are
 * @param width channels of one head
 * @param causal whether query i sees keys 0 to i only
 * @param queryStride floats from one query to the next, head h from column h width
 * @param keyStride floats from one key, and from one value, to the next
 * @param keyColumn where the first head's keys begin
 * @param valueColumn where the first head's values begin
 */
public record AttentionReference(
    int heads, int width, boolean causal, int queryStride, int keyStride, int keyColumn, int valueColumn) {

  /**
   * The output, and the probabilities unless that is NULL.
   *
   * @param lengths int32 [n], or NULL where each example has all keys
   * @param row scratch of keyRows floats
   */
  public void forward(
      int n, int queryRows, int keyRows, MemorySegment queries, MemorySegment keys, MemorySegment lengths,
      MemorySegment probabilities, MemorySegment y, float[] row) {
    for (int example = 0; example < n; example++) {
      int length = length(lengths, example, keyRows);
      long keyAt = (long) example * keyRows * keyStride;
      for (int query = 0; query < queryRows; query++) {
        long queryAt = ((long) example * queryRows + query) * queryStride;
        long outputAt = ((long) example * queryRows + query) * heads * width;
        int visible = causal ? Math.min(length, query + 1) : length;
        for (int head = 0; head < heads; head++) {
          int h = head * width;
          for (int j = 0; j < visible; j++) {
            row[j] = score(queries, queryAt + h, keys, keyAt + (long) j * keyStride + keyColumn + h, 1);
          }
          softmax(row, visible);
          if (probabilities.address() != 0) {
            long at = (((long) example * heads + head) * queryRows + query) * keyRows;
            for (int j = 0; j < keyRows; j++) {
              set(probabilities, at + j, j < visible ? row[j] : 0f);
            }
          }
          weigh(row, visible, keys, keyAt + valueColumn + h, keyStride, y, outputAt + h);
        }
      }
    }
  }

  /** One query against a cache of turned keys and of values, after its own key and value have been filed at its position. */
  public void step(
      int position, int capacity, MemorySegment qkv, MemorySegment cachedKeys, MemorySegment cachedValues, MemorySegment y, float[] row) {
    int all = heads * width;
    for (int c = 0; c < all; c++) {
      set(cachedKeys, (long) c * capacity + position, get(qkv, keyColumn + c));
      set(cachedValues, (long) position * all + c, get(qkv, valueColumn + c));
    }
    for (int h = 0; h < all; h += width) {
      for (int j = 0; j <= position; j++) {
        row[j] = score(qkv, h, cachedKeys, (long) h * capacity + j, capacity);
      }
      softmax(row, position + 1);
      weigh(row, position + 1, cachedValues, h, all, y, h);
    }
  }

  /** The gradients for queries, keys and values; those for keys and values that no query sees are 0. */
  public void backward(
      int n, int queryRows, int keyRows, MemorySegment queries, MemorySegment keys, MemorySegment lengths, MemorySegment probabilities,
      MemorySegment dy, MemorySegment queryGradient, MemorySegment keyGradient, float[] row) {
    float scale = scale();
    for (int piece = 0; piece < n * heads; piece++) {
      int example = piece / heads;
      int h = piece % heads * width;
      int length = length(lengths, example, keyRows);
      long keyAt = (long) example * keyRows * keyStride + keyColumn + h;
      long valueAt = (long) example * keyRows * keyStride + valueColumn + h;
      clear(keyGradient, keyAt, keyRows);
      clear(keyGradient, valueAt, keyRows);
      for (int query = 0; query < queryRows; query++) {
        long queryAt = ((long) example * queryRows + query) * queryStride + h;
        long outputAt = ((long) example * queryRows + query) * heads * width + h;
        long at = ((long) piece * queryRows + query) * keyRows;
        int visible = causal ? Math.min(length, query + 1) : length;
        scoreGradients(visible, probabilities, at, dy, outputAt, keys, valueAt, row);
        for (int j = 0; j < visible; j++) {
          float p = get(probabilities, at + j);
          for (int c = 0; c < width; c++) {
            add(keyGradient, valueAt + (long) j * keyStride + c, p, get(dy, outputAt + c));
            add(keyGradient, keyAt + (long) j * keyStride + c, row[j], get(queries, queryAt + c));
          }
        }
        weigh(row, visible, keys, keyAt, keyStride, queryGradient, queryAt);
        scaleRow(queryGradient, queryAt, scale);
      }
      for (int j = 0; j < length; j++) {
        scaleRow(keyGradient, keyAt + (long) j * keyStride, scale);
      }
    }
  }

  /** row[j] = p[j] (dp[j] - sum p dp), dp[j] = dy v[j]. */
  private void scoreGradients(
      int visible, MemorySegment p, long at, MemorySegment dy, long outputAt, MemorySegment values, long valueAt, float[] row) {
    for (int j = 0; j < visible; j++) {
      float sum = 0f;
      for (int c = 0; c < width; c++) {
        sum = Math.fma(get(dy, outputAt + c), get(values, valueAt + (long) j * keyStride + c), sum);
      }
      row[j] = sum;
    }
    int whole = visible - visible % VirtualLaneSums.LANES;
    float dot = whole == 0 ? 0f : dotOfLane(whole, p, at, row, 0, 1);
    for (int j = whole; j < visible; j++) {
      dot = Math.fma(get(p, at + j), row[j], dot);
    }
    for (int j = 0; j < visible; j++) {
      row[j] = get(p, at + j) * (row[j] - dot);
    }
  }

  private float score(MemorySegment queries, long queryAt, MemorySegment keys, long keyAt, int keyStep) {
    float scale = scale();
    float sum = 0f;
    for (int c = 0; c < width; c++) {
      sum = Math.fma(get(queries, queryAt + c) * scale, get(keys, keyAt + (long) c * keyStep), sum);
    }
    return sum;
  }

  private void weigh(float[] row, int visible, MemorySegment values, long at, int stride, MemorySegment y, long yAt) {
    for (int c = 0; c < width; c++) {
      float sum = 0f;
      for (int j = 0; j < visible; j++) {
        sum = Math.fma(row[j], get(values, at + (long) j * stride + c), sum);
      }
      set(y, yAt + c, sum);
    }
  }

  private static void softmax(float[] row, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int j = 0; j < n; j++) {
      max = Math.max(max, row[j]);
    }
    for (int j = 0; j < n; j++) {
      row[j] = MathReference.exp(row[j] - max);
    }
    int whole = n - n % VirtualLaneSums.LANES;
    float sum = whole == 0 ? 0f : sumOfLane(whole, row, 0, 1);
    for (int j = whole; j < n; j++) {
      sum += row[j];
    }
    float inverse = 1f / sum;
    for (int j = 0; j < n; j++) {
      row[j] *= inverse;
    }
  }

  private static float sumOfLane(int n, float[] row, int lane, int lanes) {
    if (lanes < VirtualLaneSums.LANES) {
      return sumOfLane(n, row, lane, 2 * lanes) + sumOfLane(n, row, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (int j = lane; j < n; j += VirtualLaneSums.LANES) {
      sum += row[j];
    }
    return sum;
  }

  private static float dotOfLane(int n, MemorySegment p, long at, float[] row, int lane, int lanes) {
    if (lanes < VirtualLaneSums.LANES) {
      return dotOfLane(n, p, at, row, lane, 2 * lanes) + dotOfLane(n, p, at, row, lane + lanes, 2 * lanes);
    }
    float sum = 0f;
    for (int j = lane; j < n; j += VirtualLaneSums.LANES) {
      sum = Math.fma(get(p, at + j), row[j], sum);
    }
    return sum;
  }

  private void clear(MemorySegment gradient, long at, int rows) {
    for (int j = 0; j < rows; j++) {
      for (int c = 0; c < width; c++) {
        set(gradient, at + (long) j * keyStride + c, 0f);
      }
    }
  }

  private void scaleRow(MemorySegment gradient, long at, float scale) {
    for (int c = 0; c < width; c++) {
      set(gradient, at + c, get(gradient, at + c) * scale);
    }
  }

  private float scale() {
    return (float) (1 / Math.sqrt(width));
  }

  private static int length(MemorySegment lengths, int example, int keyRows) {
    return lengths.address() == 0 ? keyRows : lengths.get(JAVA_INT_UNALIGNED, 4L * example);
  }

  private static void add(MemorySegment s, long index, float a, float b) {
    set(s, index, Math.fma(a, b, get(s, index)));
  }

  private static float get(MemorySegment s, long index) {
    return s.get(JAVA_FLOAT_UNALIGNED, 4 * index);
  }

  private static void set(MemorySegment s, long index, float value) {
    s.set(JAVA_FLOAT_UNALIGNED, 4 * index, value);
  }
}
