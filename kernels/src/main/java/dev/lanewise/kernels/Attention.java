package dev.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.lanewise.kernels.attention.AttentionTask;
import dev.lanewise.kernels.attention.Heads;
import dev.lanewise.kernels.reference.AttentionReference;
import java.lang.foreign.MemorySegment;

/**
 * Scaled dot-product attention of several heads, on projections as a product leaves them: nothing is transposed or copied in memory.
 *
 * <pre>
 * S = Q K' / sqrt(d)    P = softmax of S along the keys that a query sees    Y = P V
 * dV = P' dY    dP = dY V'    dS = P (dP - sum of P dP)    dQ = dS K / sqrt(d)    dK = dS' Q / sqrt(d)
 * </pre>
 *
 * <p>Shapes, with w = heads d: self-attention has queries, keys and values side by side in one matrix [n t, 3 w]; cross-attention has queries
 * [n tq, w], and keys and values side by side [n tk, 2 w]. Head h is columns h d to (h + 1) d of each. Outputs are [n tq, w]. A query sees the first
 * {@code lengths[e]} keys of its example e (all where there are no lengths), and if causal only keys up to its own position.
 *
 * <p>Order of operations: a score is one fma chain over the ascending channels of the query times 1 / sqrt(d) and the key; softmax is that of {@link Softmax} over the
 * visible keys alone; an element of Y is one fma chain over the visible keys, ascending; dQ over keys, dK and dV over queries, ascending, dQ and dK then
 * times 1 / sqrt(d). So the bits depend neither on width, threads, nor on how many queries are computed at a time: {@link #step} with a
 * cache gives those of {@link #infer} over the whole sequence, and keys that are masked or absent change nothing.
 *
 * <p>Error: with A the greatest sum of |q||k| / sqrt(d) over the keys of a row, D the spread of its scores and m its keys, {@code |y^ - y| <= (e^(2 gamma_(d + 2) A) - 1 + gamma_(m + 2 D + 10 + r)) sum p
 * |v|} to first order, r the roundings of a sum of m floats (see {@link Reductions}).
 * Backwards, for the P given, M[j] = sum over channels of |dY||v[j]| and W[j] = P[j] (M[j] + sum P M), t queries: dQ is off by at most {@code gamma_(d + r + m
 * + 4) sum W |k| / sqrt(d)}, dK by {@code gamma_(d + r + t + 4) sum W |q| / sqrt(d)}, dV by {@code gamma_t sum P |dY|}.
 *
 * <table>
 *   <caption>IEEE edges</caption>
 *   <tr><th>kernel</th><th>NaN</th><th>infinity</th><th>zeros</th><th>overflow, underflow</th></tr>
 *   <tr><td>forward, infer, step</td><td>in a query: its own outputs of that head; in a key or value: those of the queries that see it</td><td>as NaN: never a finite output of a query that sees it</td><td>queries or keys of zeros: the mean of the values seen</td><td>scores as a product; exponentials never overflow</td></tr>
 *   <tr><td>backward</td><td>in dY: dQ of its query, and dK and dV of the keys it sees; may reach those of all keys</td><td>as NaN</td><td>a dY of zeros: zeros</td><td>as the products</td></tr>
 * </table>
 *
 * <p>What is not seen is not read into an output.
 *
 * <p>Scores of whole sequences are stored only where {@link #forward} is asked to keep them for backward; otherwise 12 rows are alive per thread.
 * Heads and examples are shared by the workers. Operands are native and aligned to 4 bytes; results may not overlap operands. A steady call allocates nothing.
 *
 * <p>Source: Vaswani and others, Attention Is All You Need, 2017, section 3.2; blocks of queries as in Rabe and Staats, Self-attention Does Not Need
 * O(n^2) Memory, 2021.
 */
public final class Attention {
  private final int heads;
  private final int width;
  private final boolean causal;
  private final boolean self;
  private final AttentionReference twin;

  private Attention(int heads, int width, boolean causal, boolean self) {
    if (heads < 1 || width < 1 || (long) heads * width > 1 << 24) {
      throw new IllegalArgumentException(
          "Attention: " + heads + " heads of " + width + " channels; at least 1 of 1 are needed, at most 2^24 in all");
    }
    this.heads = heads;
    this.width = width;
    this.causal = causal;
    this.self = self;
    int all = heads * width;
    this.twin = new AttentionReference(
        heads, width, causal, self ? 3 * all : all, self ? 3 * all : 2 * all, self ? all : 0, self ? 2 * all : all);
  }

  /**
   * Of a sequence to itself.
   *
   * @param heads how many, at least 1
   * @param width channels of a head, at least 1
   * @param causal whether a position sees only itself and those before it
   */
  public static Attention self(int heads, int width, boolean causal) {
    return new Attention(heads, width, causal, true);
  }

  /** Of a sequence to another one; parameters as for {@link #self}. */
  public static Attention cross(int heads, int width) {
    return new Attention(heads, width, false, false);
  }

  /** How many heads there are. */
  public int heads() {
    return heads;
  }

  /** Channels of a head. */
  public int width() {
    return width;
  }

  /**
   * Y, without keeping probabilities.
   *
   * @param n examples, at least 0
   * @param queryRows tq, positions of an example's queries
   * @param keyRows tk, positions of its keys, at least 1 if there are queries; in self-attention equal to tq
   * @param q queries, in self-attention with keys and values
   * @param kv keys and values; in self-attention q once more
   * @param lengths int32 [n], from 1 to tk each: how many leading keys there are; NULL where there are all
   * @param y written
   * @throws IllegalArgumentException if a size or a length is out of range, a segment too small, on the heap or misaligned, or y overlaps an operand
   */
  public void infer(
      int n, int queryRows, int keyRows, MemorySegment q, MemorySegment kv, MemorySegment lengths, MemorySegment y, Workers workers) {
    run(n, queryRows, keyRows, q, kv, lengths, MemorySegment.NULL, y, workers);
  }

  /**
   * Y, keeping what {@link #backward} needs.
   *
   * @param probabilities P as [n, heads, tq, tk], written, 0 for keys that a query does not see
   * @throws IllegalArgumentException as {@link #infer}
   */
  public void forward(
      int n, int queryRows, int keyRows, MemorySegment q, MemorySegment kv, MemorySegment lengths, MemorySegment probabilities,
      MemorySegment y, Workers workers) {
    long size = (long) n * heads * queryRows * keyRows;
    Segments.require("Attention", "the probabilities", probabilities, size);
    Segments.requireApart("Attention", "the probabilities", probabilities, size, "Y", y, (long) n * queryRows * heads * width);
    Segments.requireApart("Attention", "the probabilities", probabilities, size, "Q", q, (long) n * queryRows * twin.queryStride());
    Segments.requireApart("Attention", "the probabilities", probabilities, size, "K and V", kv, (long) n * keyRows * twin.keyStride());
    run(n, queryRows, keyRows, q, kv, lengths, probabilities, y, workers);
  }

  private void run(
      int n, int queryRows, int keyRows, MemorySegment q, MemorySegment kv, MemorySegment lengths, MemorySegment probabilities,
      MemorySegment y, Workers workers) {
    requireOperands(n, queryRows, keyRows, q, kv, lengths);
    requireResult("Y", y, (long) n * queryRows * heads * width, n, queryRows, keyRows, q, kv);
    if (n == 0 || queryRows == 0) {
      return;
    }
    if (!Family.ATTENTION_FORWARD.vectors()) {
      twin.forward(n, queryRows, keyRows, q, kv, lengths, probabilities, y, workers.state(Row.KEY).of(keyRows));
      return;
    }
    AttentionTask task = workers.state(AttentionTask.KEY);
    fill(task.heads(), n, queryRows, keyRows, q, kv, lengths, probabilities, y);
    task.forward(workers);
  }

  /**
   * The gradients for queries, keys and values; those of keys that no query sees are 0.
   *
   * @param probabilities what {@link #forward} kept for the same operands
   * @param dy gradient for Y
   * @param dq as q, written; in self-attention with the gradients for keys and values
   * @param dkv as kv, written; in self-attention dq once more
   * @throws IllegalArgumentException as {@link #infer}
   */
  public void backward(
      int n, int queryRows, int keyRows, MemorySegment q, MemorySegment kv, MemorySegment lengths, MemorySegment probabilities,
      MemorySegment dy, MemorySegment dq, MemorySegment dkv, Workers workers) {
    requireOperands(n, queryRows, keyRows, q, kv, lengths);
    Segments.require("Attention", "the probabilities", probabilities, (long) n * heads * queryRows * keyRows);
    Segments.require("Attention", "dY", dy, (long) n * queryRows * heads * width);
    requireBackward("dQ", dq, (long) n * queryRows * twin.queryStride(), n, queryRows, keyRows, q, kv, probabilities, dy);
    requireBackward("dK and dV", dkv, (long) n * keyRows * twin.keyStride(), n, queryRows, keyRows, q, kv, probabilities, dy);
    if (self && dq.address() != dkv.address()) {
      throw new IllegalArgumentException("Attention: in self-attention dQ, dK and dV lie in one matrix; hand it over as dq and as dkv");
    }
    if (!self) {
      Segments.requireApart("Attention", "dQ", dq, (long) n * queryRows * twin.queryStride(), "dK and dV", dkv,
          (long) n * keyRows * twin.keyStride());
    }
    if (n == 0 || keyRows == 0) {
      return;
    }
    if (!Family.ATTENTION_BACKWARD.vectors()) {
      twin.backward(n, queryRows, keyRows, q, kv, lengths, probabilities, dy, dq, dkv, workers.state(Row.KEY).of(keyRows));
      return;
    }
    AttentionTask task = workers.state(AttentionTask.KEY);
    Heads operands = task.heads();
    fill(operands, n, queryRows, keyRows, q, kv, lengths, probabilities, dy);
    operands.queryGradient = dq;
    operands.keyGradient = dkv;
    task.backward(workers);
  }

  /**
   * The output of one more position of one sequence, from a cache of the keys and values before it: the bits of {@link #infer} over the whole sequence.
   *
   * @param position of the query, from 0; the cache holds those before
   * @param capacity positions that the cache has room for, a multiple of 16
   * @param qkv this position's row [3 w]
   * @param keys the cache's keys, turned: [w, capacity]; this position's is added
   * @param values the cache's values [capacity, w]; this position's is added
   * @param y [w], written
   * @throws IllegalArgumentException as {@link #infer}, or if the position lies outside of the cache
   * @throws IllegalStateException if this is no causal self-attention
   */
  public void step(
      int position, int capacity, MemorySegment qkv, MemorySegment keys, MemorySegment values, MemorySegment y, Workers workers) {
    if (!self || !causal) {
      throw new IllegalStateException("Attention: a step with a cache needs causal self-attention; elsewhere later positions are seen too");
    }
    if (position < 0 || position >= capacity || capacity % 16 != 0) {
      throw new IllegalArgumentException(
          "Attention: position " + position + " of a cache of " + capacity + "; it counts from 0, and the capacity is a multiple of 16");
    }
    long all = (long) heads * width;
    Segments.require("Attention", "Q, K and V", qkv, 3 * all);
    Segments.require("Attention", "the cached keys", keys, all * capacity);
    Segments.require("Attention", "the cached values", values, all * capacity);
    Segments.require("Attention", "Y", y, all);
    Segments.requireApart("Attention", "Y", y, all, "Q, K and V", qkv, 3 * all);
    Segments.requireApart("Attention", "Y", y, all, "the cached keys", keys, all * capacity);
    Segments.requireApart("Attention", "Y", y, all, "the cached values", values, all * capacity);
    if (!Family.ATTENTION_STEP.vectors()) {
      twin.step(position, capacity, qkv, keys, values, y, workers.state(Row.KEY).of(capacity));
      return;
    }
    AttentionTask task = workers.state(AttentionTask.KEY);
    fill(task.heads(), 1, 1, 1, qkv, qkv, MemorySegment.NULL, MemorySegment.NULL, y);
    task.step(position, capacity, keys, values);
  }

  private void fill(
      Heads operands, int n, int queryRows, int keyRows, MemorySegment q, MemorySegment kv, MemorySegment lengths,
      MemorySegment probabilities, MemorySegment output) {
    operands.count = heads;
    operands.width = width;
    operands.causal = causal;
    operands.queryStride = twin.queryStride();
    operands.keyStride = twin.keyStride();
    operands.keyColumn = twin.keyColumn();
    operands.valueColumn = twin.valueColumn();
    operands.examples = n;
    operands.queryRows = queryRows;
    operands.keyRows = keyRows;
    operands.queries = q;
    operands.keys = kv;
    operands.lengths = lengths;
    operands.probabilities = probabilities;
    operands.output = output;
  }

  private void requireOperands(int n, int queryRows, int keyRows, MemorySegment q, MemorySegment kv, MemorySegment lengths) {
    if (n < 0 || queryRows < 0 || keyRows < 0 || (queryRows > 0 && keyRows == 0)) {
      throw new IllegalArgumentException("Attention: " + n + " examples of " + queryRows + " queries and " + keyRows
          + " keys; none may be negative, and a query needs a key");
    }
    if (self && (queryRows != keyRows || q.address() != kv.address())) {
      throw new IllegalArgumentException("Attention: self-attention of " + queryRows + " queries to " + keyRows
          + " keys; both are the same positions of one matrix, for others use cross");
    }
    Segments.require("Attention", "Q", q, (long) n * queryRows * twin.queryStride());
    Segments.require("Attention", "K and V", kv, (long) n * keyRows * twin.keyStride());
    if (lengths.address() != 0) {
      Segments.require("Attention", "the lengths", lengths, n);
      for (int i = 0; i < n; i++) {
        int length = lengths.get(JAVA_INT_UNALIGNED, 4L * i);
        if (length < 1 || length > keyRows) {
          throw new IllegalArgumentException(
              "Attention: example " + i + " has a length of " + length + "; from 1 to its " + keyRows + " keys are possible");
        }
      }
    }
  }

  private void requireResult(
      String name, MemorySegment result, long size, int n, int queryRows, int keyRows, MemorySegment q, MemorySegment kv) {
    Segments.require("Attention", name, result, size);
    Segments.requireApart("Attention", name, result, size, "Q", q, (long) n * queryRows * twin.queryStride());
    Segments.requireApart("Attention", name, result, size, "K and V", kv, (long) n * keyRows * twin.keyStride());
  }

  private void requireBackward(
      String name, MemorySegment result, long size, int n, int queryRows, int keyRows, MemorySegment q, MemorySegment kv,
      MemorySegment probabilities, MemorySegment dy) {
    requireResult(name, result, size, n, queryRows, keyRows, q, kv);
    Segments.requireApart(
        "Attention", name, result, size, "the probabilities", probabilities, (long) n * heads * queryRows * keyRows);
    Segments.requireApart("Attention", name, result, size, "dY", dy, (long) n * queryRows * heads * width);
  }

  /** Scratch of the scalar twins. */
  private static final class Row {
    static final Workers.Key<Row> KEY = new Workers.Key<>(Row::new);

    private float[] floats = {};

    float[] of(int n) {
      if (floats.length < n) {
        floats = new float[n];
      }
      return floats;
    }
  }
}
