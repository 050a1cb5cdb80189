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
 * {@link Direct}. It is a sum over all images, so filters and elements of a patch are shared out; a thread takes as few images at a time as lets all its filters and
 * elements find the outputs' gradients in the second-level cache (measured, see reports/decisions/0016). Kept with the workers, so that a steady call makes no objects.
 */
public final class ShallowWeights {
  public static final Workers.Key<ShallowWeights> KEY = new Workers.Key<>(ShallowWeights::new);

  private static final int FILTERS = Direct.FILTERS;

  /** Channels of the image and elements of a patch up to which gathering and packing patches gains nothing (measured, see reports/decisions/0011). */
  private static final int MOST_CHANNELS = 8;

  private static final int MOST_ELEMENTS = 150;

  /** Floats of the outputs' gradient that a piece of several images has, about: 128 KB. */
  private static final int PIECE = 1 << 15;

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
  private int pieces;
  private int shares;
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
    int threads = shared ? workers.threads() : 1;
    shares = groups() % threads == 0 ? threads : groups();
    parts = shares % threads == 0 ? 1 : Math.min(calls(), threads);
    long gradients = (long) n * g.outHeight() * g.outWidth() * g.filters();
    pieces = (int) Math.max(plan.pieces(n, 1), Math.min(n, gradients / PIECE));
    try {
      Sharing.run(task, shares * parts, shared, workers);
    } finally {
      x = MemorySegment.NULL;
      dy = MemorySegment.NULL;
      dw = MemorySegment.NULL;
    }
  }

  /** Pairs of vectors of filters. */
  private int groups() {
    return g.filters() / FILTERS;
  }

  /** Calls of {@link ShallowWeightsKernel#elements} for a patch. */
  private int calls() {
    return Math.ceilDiv(g.patch(), ShallowWeightsKernel.ELEMENTS);
  }

  private void piece(int index, int worker) {
    Scratch mine = scratch[worker];
    int share = index / parts;
    int group0 = groups() * share / shares;
    int groups = groups() * (share + 1) / shares - group0;
    int part = index % parts;
    int from = calls() * part / parts * ShallowWeightsKernel.ELEMENTS;
    int end = Math.min(g.patch(), calls() * (part + 1) / parts * ShallowWeightsKernel.ELEMENTS);
    mine.sums = Room.atLeast(groups * g.patch() * FILTERS, mine.sums);
    for (int group = 0; group < groups; group++) {
      begin(mine.sums, group * g.patch(), (group0 + group) * FILTERS, from, end);
    }
    for (int piece = 0; piece < pieces; piece++) {
      mine.piece.fill(g, plan, x, images, piece, pieces);
      for (int group = 0; group < groups; group++) {
        add(mine, group * g.patch(), (group0 + group) * FILTERS, from, end);
      }
    }
    for (int group = 0; group < groups; group++) {
      store(mine.sums, group * g.patch(), (group0 + group) * FILTERS, from, end);
    }
  }

  /** Chains of some elements by a group of filters, in scratch from element {@code first} on, start from the old weights' gradient or from zero. */
  private void begin(float[] sums, int first, int filter, int from, int end) {
    for (int element = from; element < end; element++) {
      int at = (first + element) * FILTERS;
      if (accumulate) {
        Copy.run(dw, weightAt(element, filter), sums, at, FILTERS);
      } else {
        Arrays.fill(sums, at, at + FILTERS, 0f);
      }
    }
  }

  private void store(float[] sums, int first, int filter, int from, int end) {
    for (int element = from; element < end; element++) {
      for (int i = 0; i < FILTERS; i++) {
        dw.set(JAVA_FLOAT_UNALIGNED, weightAt(element, filter) + 4 * i, sums[(first + element) * FILTERS + i]);
      }
    }
  }

  /** The byte at which the weight of an element and a filter lies. */
  private long weightAt(int element, int filter) {
    return 4 * ((long) element * g.filters() + filter);
  }

  /** Adds the terms of a piece to the sums of some elements by a group of filters. */
  private void add(Scratch mine, int first, int filter, int from, int end) {
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
          mine.sums, (first + element) * FILTERS, (first + e1) * FILTERS, (first + e2) * FILTERS, (first + e3) * FILTERS,
          (first + e4) * FILTERS);
    }
  }
}
