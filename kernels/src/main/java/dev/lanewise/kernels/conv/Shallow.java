package dev.lanewise.kernels.conv;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.gemm.Copy;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A convolution of images of few channels, forward and for its weights: the first layer of a network. As a product it has few steps of k, and to gather
 * and pack patches takes as long as to multiply them; so elements of the image are spread from where they lie, and nothing is gathered.
 *
 * <p>Forwards work is cut into images and bands of rows. The weights' gradient is a sum over all images, so there filters and elements of a patch are
 * shared out. Kept with the workers, so that a steady call makes no objects.
 */
public final class Shallow {
  public static final Workers.Key<Shallow> KEY = new Workers.Key<>(Shallow::new);

  private static final int V = Lanes.COUNT;

  /** Filters that are computed at a time. */
  private static final int FILTERS = 2 * V;

  /** Channels of the image and elements of a patch up to which gathering and packing patches gains nothing (measured, see reports/decisions/0011). */
  private static final int MOST_CHANNELS = 8;

  private static final int MOST_ELEMENTS = 150;

  /** Multiplications below which threads cost more than they bring. */
  private static final long SHARED_FROM = 1 << 17;

  /** What one worker needs for itself. */
  private static final class Scratch {
    float[] band = {};
    float[] weights = {};
  }

  private final Map<Conv2dGeometry, ShallowPlan> plans = new HashMap<>();
  private final Workers.Task forward = this::forwardPiece;
  private final Workers.Task weights = this::weightsPiece;

  private Conv2dGeometry g = Patches.NONE;
  private ShallowPlan plan = new ShallowPlan(Patches.NONE);
  private int images;
  private int parts;

  /** Image; weights or their gradient; outputs or their gradient. */
  private MemorySegment x = MemorySegment.NULL;

  private MemorySegment w = MemorySegment.NULL;
  private MemorySegment y = MemorySegment.NULL;
  private boolean accumulate;
  private final Finish finish = new Finish();
  private Scratch[] scratch = {};

  private Shallow() {}

  /** Whether a convolution is of this kind: whole vectors of filters, pixels for two tiles, and what a row of them sees fits scratch. */
  public static boolean suits(Conv2dGeometry geometry) {
    return geometry.groups() == 1 && geometry.channels() <= MOST_CHANNELS && geometry.patch() <= MOST_ELEMENTS
        && geometry.filters() % FILTERS == 0
        && (long) geometry.outHeight() * geometry.outWidth() >= 2 * ShallowKernel.PIXELS
        && ShallowPlan.floatsOfARow(geometry) <= ShallowPlan.BAND;
  }

  public void forward(
      Conv2dGeometry geometry, int n, MemorySegment image, MemorySegment kernel, MemorySegment out, Epilogue epilogue, Workers workers) {
    begin(geometry, n, image, kernel, out, workers);
    finish.set(epilogue, g.filters());
    run(forward, n * plan.bands, workers);
  }

  public void backwardWeights(
      Conv2dGeometry geometry, int n, MemorySegment image, MemorySegment dy, MemorySegment dw, boolean fromOld, Workers workers) {
    begin(geometry, n, image, dw, dy, workers);
    accumulate = fromOld;
    parts = Math.min(calls(g), workers.threads());
    run(weights, g.filters() / FILTERS * parts, workers);
  }

  private void begin(Conv2dGeometry geometry, int n, MemorySegment image, MemorySegment kernel, MemorySegment out, Workers workers) {
    plan = plans.computeIfAbsent(geometry, ShallowPlan::new);
    g = geometry;
    images = n;
    x = image;
    w = kernel;
    y = out;
    if (scratch.length < workers.threads()) {
      scratch = new Scratch[workers.threads()];
      Arrays.setAll(scratch, i -> new Scratch());
    }
  }

  private void run(Workers.Task task, int pieces, Workers workers) {
    try {
      if ((long) images * g.outHeight() * g.outWidth() * g.filters() * g.patch() < SHARED_FROM) {
        for (int i = 0; i < pieces; i++) {
          task.run(i, 0);
        }
      } else {
        workers.run(task, pieces);
      }
    } finally {
      x = MemorySegment.NULL;
      w = MemorySegment.NULL;
      y = MemorySegment.NULL;
    }
  }

  private void forwardPiece(int index, int worker) {
    Scratch mine = scratch[worker];
    int image = index / plan.bands;
    int band = index % plan.bands;
    int oh0 = firstRow(band);
    int pixels = (firstRow(band + 1) - oh0) * g.outWidth();
    fillBand(mine, image, oh0, firstRow(band + 1) - oh0);
    int block = g.patch() * FILTERS;
    mine.weights = Room.atLeast(g.filters() / FILTERS * block, mine.weights);
    for (int filter = 0; filter < g.filters(); filter += FILTERS) {
      gather(filter, 0, g.patch(), mine.weights, filter / FILTERS * block);
    }
    long row = 4L * g.filters();
    long at = ((long) image * g.outHeight() + oh0) * g.outWidth() * row;
    for (int next = 0; next < pixels; next += ShallowKernel.PIXELS) {
      // The last tile begins before its pixels and computes some again, to the same bits.
      int pixel = Math.min(next, pixels - ShallowKernel.PIXELS);
      for (int filter = 0; filter < g.filters(); filter += FILTERS) {
        ShallowKernel.pixels(
            g.patch(), mine.band, plan.pixelAt, pixel, plan.patchAt, mine.weights, filter / FILTERS * block, finish.bias, filter,
            finish.least, y,
            at + pixel * row + 4L * filter, row);
      }
    }
  }

  /** The first output row of a band. */
  private int firstRow(int band) {
    return (int) ((long) band * g.outHeight() / plan.bands);
  }

  /** Copies what some output rows see, padding and all. */
  private void fillBand(Scratch mine, int image, int oh0, int rows) {
    int seen = (rows - 1) * g.strideH() + (g.kernelHeight() - 1) * g.dilationH() + 1;
    int width = plan.paddedRow;
    mine.band = Room.atLeast(seen * width, mine.band);
    int from = Math.min(width, g.padLeft() * g.channels());
    int end = Math.clamp((g.padLeft() + (long) g.width()) * g.channels(), from, width);
    int ih0 = oh0 * g.strideH() - g.padTop();
    for (int r = 0; r < seen; r++) {
      int at = r * width;
      if (ih0 + r < 0 || ih0 + r >= g.height()) {
        Arrays.fill(mine.band, at, at + width, 0f);
      } else {
        long row = ((long) image * g.height() + ih0 + r) * g.width() * g.channels();
        Arrays.fill(mine.band, at, at + from, 0f);
        Copy.overrun(x, 4 * row, mine.band, at + from, end - from);
        Arrays.fill(mine.band, at + end, at + width, 0f);
      }
    }
  }

  /** Copies the weights of {@link #FILTERS} filters and of some elements of a patch. */
  private void gather(int filter, int element0, int element1, float[] to, int at) {
    for (int element = element0; element < element1; element++) {
      Copy.run(w, 4 * ((long) element * g.filters() + filter), to, at + element * FILTERS, FILTERS);
    }
  }

  /** Calls of {@link ShallowKernel#elements} for a patch. */
  private static int calls(Conv2dGeometry g) {
    return Math.ceilDiv(g.patch(), ShallowKernel.ELEMENTS);
  }

  private void weightsPiece(int index, int worker) {
    Scratch mine = scratch[worker];
    int filter = index / parts * FILTERS;
    int part = index % parts;
    int element0 = calls(g) * part / parts * ShallowKernel.ELEMENTS;
    int element1 = Math.min(g.patch(), calls(g) * (part + 1) / parts * ShallowKernel.ELEMENTS);
    mine.weights = Room.atLeast(g.patch() * FILTERS, mine.weights);
    if (accumulate) {
      gather(filter, element0, element1, mine.weights, 0);
    } else {
      Arrays.fill(mine.weights, 0f);
    }
    for (int image = 0; image < images; image++) {
      for (int band = 0; band < plan.bands; band++) {
        weightsBand(mine, image, band, filter, element0, element1);
      }
    }
    for (int element = element0; element < element1; element++) {
      for (int i = 0; i < FILTERS; i++) {
        w.set(JAVA_FLOAT_UNALIGNED, 4 * ((long) element * g.filters() + filter + i), mine.weights[element * FILTERS + i]);
      }
    }
  }

  /** Adds the terms of a band to the gradients of some elements' weights. */
  private void weightsBand(Scratch mine, int image, int band, int filter, int element0, int element1) {
    int oh0 = firstRow(band);
    int rows = firstRow(band + 1) - oh0;
    fillBand(mine, image, oh0, rows);
    long row = 4L * g.filters();
    long at = ((long) image * g.outHeight() + oh0) * g.outWidth() * row + 4L * filter;
    int[] patchAt = plan.patchAt;
    int last = element1 - 1;
    for (int element = element0; element <= last; element += ShallowKernel.ELEMENTS) {
      int e1 = Math.min(element + 1, last);
      int e2 = Math.min(element + 2, last);
      int e3 = Math.min(element + 3, last);
      int e4 = Math.min(element + 4, last);
      ShallowKernel.elements(
          rows * g.outWidth(), mine.band, plan.pixelAt, patchAt[element], patchAt[e1], patchAt[e2], patchAt[e3], patchAt[e4], y, at, row,
          mine.weights, element * FILTERS, e1 * FILTERS, e2 * FILTERS, e3 * FILTERS, e4 * FILTERS);
    }
  }
}
