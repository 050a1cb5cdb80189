package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.gemm.Copy;
import dev.lanewise.kernels.lane.Hints;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The forward pass of a convolution whose weights stay in the second-level cache: elements of the image are spread over vectors of filters from where they lie, so no
 * patch is gathered or packed, which costs a product of few columns or few steps as much as its arithmetic. Kept with the workers, so that a steady call makes
 * no objects.
 *
 * <p>Source: Zhang, Franchetti and Low, High Performance Zero-Memory Overhead Direct Convolutions, 2018.
 */
public final class Direct {
  public static final Workers.Key<Direct> KEY = new Workers.Key<>(Direct::new);

  /** Filters that are computed at a time. */
  static final int FILTERS = 2 * Lanes.COUNT;

  /** Floats of the weights, 384 KB: what is left of a cache of half a megabyte and more beside what streams through. */
  static final int MOST_WEIGHTS = 3 << 15;

  private final Map<Conv2dGeometry, DirectPlan> plans = new HashMap<>();
  private final Workers.Task packing = this::pack;
  private final Workers.Task multiplying = this::multiply;

  private Conv2dGeometry g = Patches.NONE;
  private DirectPlan plan = new DirectPlan(Patches.NONE);
  private int images;
  private int pieces;
  private int parts;
  private MemorySegment x = MemorySegment.NULL;
  private MemorySegment w = MemorySegment.NULL;
  private MemorySegment y = MemorySegment.NULL;
  private float[] weights = {};
  private final Finish finish = new Finish();
  private PaddedPiece[] scratch = {};

  private Direct() {}

  /** Whether a convolution is of this kind: whole pairs of vectors of filters, pixels for two tiles, and scratch holds what the fewest rows of them see. */
  public static boolean suits(Conv2dGeometry geometry) {
    return geometry.groups() == 1 && geometry.filters() % FILTERS == 0 && (long) geometry.patch() * geometry.filters() <= MOST_WEIGHTS
        && (long) geometry.outHeight() * geometry.outWidth() >= 2 * DirectKernel.PIXELS
        && DirectPlan.leastFloats(geometry) <= DirectPlan.SCRATCH;
  }

  public void forward(
      Conv2dGeometry geometry, int n, MemorySegment image, MemorySegment kernel, MemorySegment out, Epilogue epilogue, Workers workers) {
    plan = plans.computeIfAbsent(geometry, DirectPlan::new);
    g = geometry;
    images = n;
    x = image;
    w = kernel;
    y = out;
    weights = Room.atLeast(g.patch() * g.filters(), weights);
    finish.set(epilogue, g.filters());
    if (scratch.length < workers.threads()) {
      scratch = new PaddedPiece[workers.threads()];
      Arrays.setAll(scratch, i -> new PaddedPiece());
    }
    boolean shared = Sharing.pays(g, n);
    int threads = shared ? workers.threads() : 1;
    pieces = plan.pieces(n, threads);
    parts = plan.parts(n, threads);
    try {
      Sharing.run(packing, g.filters() / FILTERS, shared, workers);
      Sharing.run(multiplying, pieces * parts, shared, workers);
    } finally {
      x = MemorySegment.NULL;
      w = MemorySegment.NULL;
      y = MemorySegment.NULL;
    }
  }

  /** Copies the weights of {@link #FILTERS} filters element after element. */
  private void pack(int block, int worker) {
    for (int element = 0; element < g.patch(); element++) {
      Copy.run(w, 4 * ((long) element * g.filters() + block * FILTERS), weights, (block * g.patch() + element) * FILTERS, FILTERS);
    }
  }

  private void multiply(int index, int worker) {
    PaddedPiece piece = scratch[worker];
    piece.fill(g, plan, x, images, index / parts, pieces);
    int part = index % parts;
    int from = piece.pixels * part / parts;
    int end = piece.pixels * (part + 1) / parts;
    long yAt = 4L * piece.firstPixel * g.filters();
    long yRow = 4L * g.filters();
    if (Lanes.MANY_REGISTERS) {
      DirectKernel.pixels(
          from, end, g.filters(), g.patch(), piece.floats, plan.pixelAt, plan.patchAt, weights, finish.bias, finish.least, y, yAt, yRow);
    } else {
      multiplyRuns(from, end, piece, yAt, yRow);
    }
  }

  private void multiplyRuns(int from, int end, PaddedPiece piece, long yAt, long yRow) {
    int run = g.dilationW() == 1 ? g.kernelWidth() * g.channels() : g.channels();
    if (run < DirectKernel6x2V.LEAST_RUN) {
      DirectKernel6x2V.apart(
          from, end, g.filters(), g.patch(), piece.floats, plan.pixelAt, plan.patchAt, weights, finish.bias, finish.least, y, yAt, yRow);
    } else if (run % 2 == 0) {
      DirectPairsKernel6x2V.runs(
          Hints.NEVER, from, end, g.filters(), g.patch(), run, piece.floats, plan.pixelAt, plan.patchAt, weights, finish.bias,
          finish.least, y, yAt, yRow);
    } else {
      DirectKernel6x2V.runs(
          Hints.NEVER, from, end, g.filters(), g.patch(), run, piece.floats, plan.pixelAt, plan.patchAt, weights, finish.bias,
          finish.least, y, yAt, yRow);
    }
  }
}
