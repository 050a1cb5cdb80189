package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Products of one shape, their operands constant strides apart. Many or small entries are dealt out to the threads, each entry computed by one;
 * a few large ones follow each other, each shared by all threads. Either way an entry takes the path of a single product, to the same bits.
 */
public final class BatchedProduct implements Workers.Task {
  /** Kept with the workers: the job's fields and what each thread keeps for its entries live from call to call. */
  public static final Workers.Key<BatchedProduct> KEY = new Workers.Key<>(BatchedProduct::new);

  /** Fused multiply-adds below which threads cost more than they bring. */
  private static final long SHARED_FROM = 1 << 18;

  /** Pieces for each thread, so that an unlucky one is helped out by the others; below that many entries an entry may have to be shared. */
  private static final int PIECES_PER_THREAD = 4;

  private boolean transposeA;
  private boolean transposeB;
  private int m;
  private int n;
  private int k;
  private MemorySegment a = MemorySegment.NULL;
  private int lda;
  private long aStep;
  private MemorySegment b = MemorySegment.NULL;
  private int ldb;
  private long bStep;
  private MemorySegment c = MemorySegment.NULL;
  private int ldc;
  private long cStep;
  private boolean accumulate;
  private Epilogue epilogue = Epilogue.NONE;
  private GemmPath path = GemmPath.PACKED;

  private int entries;
  private int entriesPerPiece;

  /** For each thread one of its own, without helpers, so that the paths of a single product have their scratch. */
  private Workers[] alone = {};

  private BatchedProduct() {}

  /** Which path the entries take, or the one tall product that they are together; arguments as for the door, m, n and the batch at least 1. */
  public static GemmPath path(
      int batch, boolean turnA, boolean turnB, int rows, int columns, int depth, int leftLd, long leftStride, int rightLd, long rightStride,
      int outLd, long outStride, boolean fromC, Epilogue finish) {
    int m = isTall(batch, turnA, rows, leftLd, leftStride, rightStride, outLd, outStride) ? batch * rows : rows;
    return StoredProduct.path(turnA, turnB, m, columns, depth, leftLd, rightLd, outLd, fromC, finish);
  }

  /** Whether the entries lie below each other, multiplied by one B. */
  private static boolean isTall(
      int batch, boolean turnA, int rows, int leftLd, long leftStride, long rightStride, int outLd, long outStride) {
    return rightStride == 0 && !turnA && leftStride == (long) rows * leftLd && outStride == (long) rows * outLd
        && (long) batch * rows <= Integer.MAX_VALUE;
  }

  /**
   * Computes all entries; arguments as for the door, m, n and the batch at least 1.
   *
   * @param chosen what {@link #path} says
   */
  public void run(
      GemmPath chosen, int batch, boolean turnA, boolean turnB, int rows, int columns, int depth, MemorySegment left, int leftLd,
      long leftStride,
      MemorySegment right, int rightLd, long rightStride, MemorySegment out, int outLd, long outStride, boolean fromC, Epilogue finish,
      Workers workers) {
    if (isTall(batch, turnA, rows, leftLd, leftStride, rightStride, outLd, outStride)) {
      workers.state(StoredProduct.KEY)
          .run(chosen, false, turnB, batch * rows, columns, depth, left, 0, leftLd, right, 0, rightLd, out, 0, outLd, fromC, finish,
              workers);
      return;
    }
    path = chosen;
    transposeA = turnA;
    transposeB = turnB;
    m = rows;
    n = columns;
    k = depth;
    a = left;
    lda = leftLd;
    aStep = 4 * leftStride;
    b = right;
    ldb = rightLd;
    bStep = 4 * rightStride;
    c = out;
    ldc = outLd;
    cStep = 4 * outStride;
    accumulate = fromC;
    epilogue = finish;
    entries = batch;
    try {
      share(workers);
    } finally {
      a = MemorySegment.NULL;
      b = MemorySegment.NULL;
      c = MemorySegment.NULL;
      epilogue = Epilogue.NONE;
    }
  }

  private void share(Workers workers) {
    int threads = workers.threads();
    long work = (long) m * n * Math.max(1, k);
    boolean manyEntries = entries >= PIECES_PER_THREAD * threads || work < SHARED_FROM;
    if (threads == 1 || entries == 1 || !manyEntries || work < SHARED_FROM / entries) {
      for (int entry = 0; entry < entries; entry++) {
        multiply(entry, workers);
      }
      return;
    }
    if (alone.length < threads) {
      alone = new Workers[threads];
      Arrays.setAll(alone, i -> Workers.single());
    }
    entriesPerPiece = Math.max(1, entries / (PIECES_PER_THREAD * threads));
    workers.run(this, (entries + entriesPerPiece - 1) / entriesPerPiece);
  }

  @Override
  public void run(int index, int worker) {
    int first = index * entriesPerPiece;
    int end = Math.min(entries, first + entriesPerPiece);
    for (int entry = first; entry < end; entry++) {
      multiply(entry, alone[worker]);
    }
  }

  private void multiply(int entry, Workers workers) {
    workers.state(StoredProduct.KEY)
        .run(
            path, transposeA, transposeB, m, n, k, a, entry * aStep, lda, b, entry * bStep, ldb, c, entry * cStep, ldc, accumulate,
            epilogue,
            workers);
  }
}
