package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The three passes of a convolution in which each filter sees one channel (groups = channels): products would be one column wide, so
 * vectors run over channels instead.
 *
 * <p>Work is cut into vectors of channels, and into images and bands of rows where results of different rows do not meet; the weights' gradient is
 * a sum over all images, so there only channels are. Kept with the workers, so that a steady call makes no objects.
 *
 * <p>Source: Howard et al., MobileNets, 2017, section 3.1.
 */
public final class Depthwise {
  public static final Workers.Key<Depthwise> KEY = new Workers.Key<>(Depthwise::new);

  private static final int V = Lanes.COUNT;

  private final Map<Conv2dGeometry, DepthwisePlan> plans = new HashMap<>();
  private final Workers.Task forward = this::forwardPiece;
  private final Workers.Task input = this::inputPiece;
  private final Workers.Task weights = this::weightsPiece;

  private Conv2dGeometry g = Patches.NONE;
  private DepthwisePlan plan = new DepthwisePlan(Patches.NONE);
  private int images;

  /** Image or its gradient; weights or their gradient; outputs or their gradient. */
  private MemorySegment x = MemorySegment.NULL;

  private MemorySegment w = MemorySegment.NULL;
  private MemorySegment y = MemorySegment.NULL;
  private boolean accumulate;
  private Epilogue epilogue = Epilogue.NONE;
  private DepthwiseScratch[] scratch = {};

  private Depthwise() {}

  /** Whether a convolution is of this kind. */
  public static boolean suits(Conv2dGeometry geometry) {
    return geometry.groups() > 1 && geometry.groups() == geometry.channels();
  }

  public void forward(
      Conv2dGeometry geometry, int n, MemorySegment image, MemorySegment kernel, MemorySegment out, Epilogue finish, Workers workers) {
    begin(geometry, n, image, kernel, out, workers);
    epilogue = finish;
    run(forward, n * plan.bands * blocks(g.filters()), workers);
  }

  public void backwardInput(
      Conv2dGeometry geometry, int n, MemorySegment dy, MemorySegment kernel, MemorySegment dx, Epilogue finish, Workers workers) {
    begin(geometry, n, dx, kernel, dy, workers);
    epilogue = finish;
    run(input, n * plan.inputBands * blocks(g.channels()), workers);
  }

  public void backwardWeights(
      Conv2dGeometry geometry, int n, MemorySegment image, MemorySegment dy, MemorySegment dw, boolean fromOld, Workers workers) {
    begin(geometry, n, image, dw, dy, workers);
    accumulate = fromOld;
    run(weights, blocks(g.filters()), workers);
  }

  private void begin(Conv2dGeometry geometry, int n, MemorySegment image, MemorySegment kernel, MemorySegment out, Workers workers) {
    DepthwisePlan known = plans.get(geometry);
    if (known == null) {
      known = new DepthwisePlan(geometry);
      plans.put(geometry, known);
    }
    plan = known;
    g = geometry;
    images = n;
    x = image;
    w = kernel;
    y = out;
    if (scratch.length < workers.threads()) {
      scratch = new DepthwiseScratch[workers.threads()];
      Arrays.setAll(scratch, i -> new DepthwiseScratch());
    }
  }

  private void run(Workers.Task task, int pieces, Workers workers) {
    try {
      Sharing.run(task, pieces, Sharing.pays(g, images), workers);
    } finally {
      x = MemorySegment.NULL;
      w = MemorySegment.NULL;
      y = MemorySegment.NULL;
      epilogue = Epilogue.NONE;
    }
  }

  /** Vectors that so many channels fill, the last one perhaps in part. */
  private static int blocks(int channels) {
    return (channels + V - 1) / V;
  }

  private void forwardPiece(int index, int worker) {
    DepthwiseScratch mine = scratch[worker];
    int blocks = blocks(g.filters());
    int filter = index % blocks * V;
    int n = Math.min(V, g.filters() - filter);
    int band = index / blocks % plan.bands;
    int image = index / blocks / plan.bands;
    int oh0 = band * plan.bandRows;
    int rows = Math.min(plan.bandRows, g.outHeight() - oh0);
    fillBand(mine, image, oh0, rows, filter, n);
    mine.weights = Room.atLeast(plan.taps * V, mine.weights);
    DepthwiseScratch.gather(w, filter, g.filters(), plan.taps, n, mine.weights);
    mine.prepare(epilogue, filter, n);
    int width = g.outWidth();
    mine.row = Room.atLeast(width * V, mine.row);
    int step = g.strideW() * V;
    for (int r = 0; r < rows; r++) {
      int at = r * g.strideH() * plan.paddedWidth * V;
      for (int ow = 0; ow < width; ow += DepthwiseKernel.PIXELS) {
        int p1 = Math.min(ow + 1, width - 1);
        int p2 = Math.min(ow + 2, width - 1);
        int p3 = Math.min(ow + 3, width - 1);
        DepthwiseKernel.pixels(
            plan.taps, mine.band, at + ow * step, at + p1 * step, at + p2 * step, at + p3 * step, plan.tapAt, mine.weights, plan.weightAt,
            mine.row, ow * V, p1 * V, p2 * V, p3 * V);
      }
      mine.store(width, y, ((long) image * g.outHeight() + oh0 + r) * width * g.filters() + filter, g.filters(), n);
    }
  }

  /** Copies what the output rows oh0 .. oh0 + rows see. */
  private void fillBand(DepthwiseScratch mine, int image, int oh0, int rows, int filter, int n) {
    int seen = (rows - 1) * g.strideH() + (g.kernelHeight() - 1) * g.dilationH() + 1;
    mine.fillPadded(g, plan, x, image, oh0 * g.strideH() - g.padTop(), seen, filter, n);
  }

  private void inputPiece(int index, int worker) {
    DepthwiseScratch mine = scratch[worker];
    int blocks = blocks(g.channels());
    int channel = index % blocks * V;
    int n = Math.min(V, g.channels() - channel);
    int band = index / blocks % plan.inputBands;
    int image = index / blocks / plan.inputBands;
    int ih0 = band * plan.inputBandRows;
    int rows = Math.min(plan.inputBandRows, g.height() - ih0);
    int multiplier = plan.multiplier;
    int oh0 = InputBand.firstOutput(g, ih0);
    int ohEnd = InputBand.endOutput(g, ih0 + rows, oh0);
    int pixels = (ohEnd - oh0) * g.outWidth();
    mine.band = Room.atLeast(pixels * multiplier * V, mine.band);
    long first = ((long) image * g.outHeight() + oh0) * g.outWidth() * g.filters() + (long) channel * multiplier;
    DepthwiseScratch.gatherFilters(y, first, g.filters(), pixels, n, multiplier, mine.band);
    mine.weights = Room.atLeast(plan.taps * multiplier * V, mine.weights);
    DepthwiseScratch.gatherFilters(w, (long) channel * multiplier, g.filters(), plan.taps, n, multiplier, mine.weights);
    mine.prepare(epilogue, channel, n);
    mine.row = Room.atLeast(g.width() * V, mine.row);
    for (int r = 0; r < rows; r++) {
      for (int h = 0; h < plan.horizontal.length; h++) {
        inputRow(mine, ih0 + r, oh0, h);
      }
      mine.store(g.width(), x, ((long) image * g.height() + ih0 + r) * g.width() * g.channels() + channel, g.channels(), n);
    }
  }

  /** The pixels of one horizontal class in a row. */
  private void inputRow(DepthwiseScratch mine, int ih, int oh0, int h) {
    int v = plan.rowClass[ih];
    int[] columns = plan.horizontal[h].positions();
    int[] firstOut = plan.horizontal[h].firstOut();
    int[] at = plan.termAt[v][h];
    int pixel = plan.multiplier * V;
    int row = (plan.rowFirst[ih] - oh0) * g.outWidth();
    int last = columns.length - 1;
    for (int i = 0; i <= last; i += DepthwiseKernel.PIXELS) {
      int i1 = Math.min(i + 1, last);
      int i2 = Math.min(i + 2, last);
      int i3 = Math.min(i + 3, last);
      DepthwiseKernel.pixels(
          at.length, mine.band, (row + firstOut[i]) * pixel, (row + firstOut[i1]) * pixel, (row + firstOut[i2]) * pixel,
          (row + firstOut[i3]) * pixel, at, mine.weights, plan.termWeightAt[v][h], mine.row, columns[i] * V, columns[i1] * V,
          columns[i2] * V,
          columns[i3] * V);
    }
  }

  private void weightsPiece(int index, int worker) {
    DepthwiseScratch mine = scratch[worker];
    int filter = index * V;
    int n = Math.min(V, g.filters() - filter);
    mine.weights = Room.atLeast(plan.taps * V, mine.weights);
    if (accumulate) {
      DepthwiseScratch.gather(w, filter, g.filters(), plan.taps, n, mine.weights);
    } else {
      Arrays.fill(mine.weights, 0f);
    }
    for (int image = 0; image < images; image++) {
      for (int oh0 = 0; oh0 < g.outHeight(); oh0 += plan.bandRows) {
        int rows = Math.min(plan.bandRows, g.outHeight() - oh0);
        fillBand(mine, image, oh0, rows, filter, n);
        int pixels = rows * g.outWidth();
        mine.gradients = Room.atLeast(pixels * V, mine.gradients);
        long first = ((long) image * g.outHeight() + oh0) * g.outWidth() * g.filters() + filter;
        DepthwiseScratch.gather(y, first, g.filters(), pixels, n, mine.gradients);
        for (int r = 0; r < rows; r++) {
          weightsRow(mine, r);
        }
      }
    }
    DepthwiseScratch.scatter(mine.weights, plan.taps, w, filter, g.filters(), n);
  }

  /** Adds the terms of an output row to the gradients of all taps. */
  private void weightsRow(DepthwiseScratch mine, int r) {
    int at = r * g.strideH() * plan.paddedWidth * V;
    int[] tapAt = plan.tapAt;
    int last = plan.taps - 1;
    for (int tap = 0; tap <= last; tap += DepthwiseKernel.TAPS) {
      int t1 = Math.min(tap + 1, last);
      int t2 = Math.min(tap + 2, last);
      int t3 = Math.min(tap + 3, last);
      int t4 = Math.min(tap + 4, last);
      DepthwiseKernel.taps(
          g.outWidth(), mine.band, at + tapAt[tap], at + tapAt[t1], at + tapAt[t2], at + tapAt[t3], at + tapAt[t4], g.strideW() * V,
          mine.gradients, r * g.outWidth() * V, mine.weights, tap * V, t1 * V, t2 * V, t3 * V, t4 * V);
    }
  }
}
