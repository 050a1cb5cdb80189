package dev.lanewise.kernels.conv;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.gemm.Copy;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The weights' gradient of a convolution of few channels, the first layer of a network: elements of the image are spread over vectors of filters from where they lie, as in
 * {@link Direct}. It is a sum over all images, so filters and elements of a patch are shared out. Kept with the workers, so that a steady call makes no objects.
 */
public final class ShallowWeights {
  public static final Workers.Key<ShallowWeights> KEY = new Workers.Key<>(ShallowWeights::new);

  private static final int FILTERS = Direct.FILTERS;

  /** Channels of the image and elements of a patch up to which gathering and packing patches gains nothing (measured, see reports/decisions/0011). */
  private static final int MOST_CHANNELS = 8;

  private static final int MOST_ELEMENTS = 150;

  /** What one worker needs for itself. */
  private static final class Scratch {
    final PaddedPiece piece = new PaddedPiece();
    float[] sums = {};
  }

  private final Map<Conv2dGeometry, DirectPlan> plans = new HashMap<>();
  private final Workers.Task task = this::piece;

  private Conv2dGeometry g = Patches.NONE;
  private DirectPlan plan = new DirectPlan(Patches.NONE);
  private int images;
  private int parts;
  private MemorySegment x = MemorySegment.NULL;
  private MemorySegment dy = MemorySegment.NULL;
  private MemorySegment dw = MemorySegment.NULL;
  private boolean accumulate;
  private Scratch[] scratch = {};

  private ShallowWeights() {}

  /** Whether a convolution is of this kind: whole pairs of vectors of filters, pixels for two tiles, and scratch holds what the fewest rows of them see. */
  public static boolean suits(Conv2dGeometry geometry) {
    return geometry.groups() == 1 && geometry.channels() <= MOST_CHANNELS && geometry.patch() <= MOST_ELEMENTS
        && geometry.filters() % FILTERS == 0
        && (long) geometry.outHeight() * geometry.outWidth() >= 2 * DirectKernel.PIXELS
        && DirectPlan.leastFloats(geometry) <= DirectPlan.SCRATCH;
  }

  public void run(
      Conv2dGeometry geometry, int n, MemorySegment image, MemorySegment outputGradient, MemorySegment weightGradient, boolean fromOld,
      Workers workers) {
    plan = plans.computeIfAbsent(geometry, DirectPlan::new);
    g = geometry;
    images = n;
    x = image;
    dy = outputGradient;
    dw = weightGradient;
    accumulate = fromOld;
    if (scratch.length < workers.threads()) {
      scratch = new Scratch[workers.threads()];
      Arrays.setAll(scratch, i -> new Scratch());
    }
    boolean shared = Sharing.pays(g, n);
    parts = shared ? Math.min(calls(), workers.threads()) : 1;
    try {
      Sharing.run(task, g.filters() / FILTERS * parts, shared, workers);
    } finally {
      x = MemorySegment.NULL;
      dy = MemorySegment.NULL;
      dw = MemorySegment.NULL;
    }
  }

  /** Calls of {@link ShallowWeightsKernel#elements} for a patch. */
  private int calls() {
    return Math.ceilDiv(g.patch(), ShallowWeightsKernel.ELEMENTS);
  }

  private void piece(int index, int worker) {
    Scratch mine = scratch[worker];
    int filter = index / parts * FILTERS;
    int part = index % parts;
    int from = calls() * part / parts * ShallowWeightsKernel.ELEMENTS;
    int end = Math.min(g.patch(), calls() * (part + 1) / parts * ShallowWeightsKernel.ELEMENTS);
    mine.sums = Room.atLeast(g.patch() * FILTERS, mine.sums);
    if (accumulate) {
      for (int element = from; element < end; element++) {
        Copy.run(dw, weightAt(element, filter), mine.sums, element * FILTERS, FILTERS);
      }
    } else {
      Arrays.fill(mine.sums, 0f);
    }
    int pieces = plan.pieces(images, 1);
    for (int piece = 0; piece < pieces; piece++) {
      mine.piece.fill(g, plan, x, images, piece, pieces);
      add(mine, filter, from, end);
    }
    for (int element = from; element < end; element++) {
      for (int i = 0; i < FILTERS; i++) {
        dw.set(JAVA_FLOAT_UNALIGNED, weightAt(element, filter) + 4 * i, mine.sums[element * FILTERS + i]);
      }
    }
  }

  /** The byte at which the weight of an element and a filter lies. */
  private long weightAt(int element, int filter) {
    return 4 * ((long) element * g.filters() + filter);
  }

  /** Adds the terms of a piece to the sums of some elements. */
  private void add(Scratch mine, int filter, int from, int end) {
    PaddedPiece piece = mine.piece;
    long row = 4L * g.filters();
    long at = piece.firstPixel * row + 4L * filter;
    int[] patchAt = plan.patchAt;
    for (int element = from; element < end; element += ShallowWeightsKernel.ELEMENTS) {
      int e1 = Math.min(element + 1, end - 1);
      int e2 = Math.min(element + 2, end - 1);
      int e3 = Math.min(element + 3, end - 1);
      int e4 = Math.min(element + 4, end - 1);
      ShallowWeightsKernel.elements(
          piece.pixels, piece.floats, plan.pixelAt, patchAt[element], patchAt[e1], patchAt[e2], patchAt[e3], patchAt[e4], dy, at, row,
          mine.sums, element * FILTERS, e1 * FILTERS, e2 * FILTERS, e3 * FILTERS, e4 * FILTERS);
    }
  }
}
