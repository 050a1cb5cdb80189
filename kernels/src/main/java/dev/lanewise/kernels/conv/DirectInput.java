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
 * The input's gradient of a convolution whose weights stay in the second-level cache: for each class of pixels that the same taps reach, gradients of outputs are spread
 * over vectors of channels from where they lie, as in {@link Direct}. Kept with the workers, so that a steady call makes no objects.
 */
public final class DirectInput {
  public static final Workers.Key<DirectInput> KEY = new Workers.Key<>(DirectInput::new);

  /** Channels that are computed at a time. */
  private static final int CHANNELS = 2 * Lanes.COUNT;

  private final Map<Conv2dGeometry, DirectInputPlan> plans = new HashMap<>();
  private final TurnedWeights weights = new TurnedWeights();
  private final Workers.Task task = this::piece;

  private Conv2dGeometry g = Patches.NONE;
  private DirectInputPlan plan = new DirectInputPlan(Patches.NONE);
  private int images;
  private int pieces;
  private int parts;
  private MemorySegment dy = MemorySegment.NULL;
  private MemorySegment dx = MemorySegment.NULL;
  private final Finish finish = new Finish();

  /** For each worker the outputs' gradients of a piece. */
  private float[][] scratch = {};

  private DirectInput() {}

  /**
   * Whether a convolution is of this kind: whole pairs of vectors of channels, pixels for two tiles and no more than the plan should list, and scratch holds what a row
   * of them sees.
   */
  public static boolean suits(Conv2dGeometry geometry) {
    return geometry.groups() == 1 && geometry.channels() % CHANNELS == 0
        && (long) geometry.patch() * geometry.filters() <= Direct.MOST_WEIGHTS
        && (long) geometry.height() * geometry.width() >= 2 * DirectInputKernel.PIXELS
        && (long) geometry.height() * geometry.width() <= DirectInputPlan.MOST_PIXELS
        && DirectInputPlan.floatsOfARow(geometry) <= DirectInputPlan.SCRATCH;
  }

  public void run(
      Conv2dGeometry geometry, int n, MemorySegment outputGradient, MemorySegment w, MemorySegment image, Epilogue epilogue,
      Workers workers) {
    plan = plans.computeIfAbsent(geometry, DirectInputPlan::new);
    g = geometry;
    images = n;
    dy = outputGradient;
    dx = image;
    finish.set(epilogue, g.channels());
    weights.prepare(g, w, workers);
    if (scratch.length < workers.threads()) {
      scratch = new float[workers.threads()][];
      Arrays.setAll(scratch, i -> new float[0]);
    }
    boolean shared = Sharing.pays(g, n);
    int threads = shared ? workers.threads() : 1;
    pieces = plan.pieces(n, threads);
    parts = plan.parts(n, threads);
    try {
      Sharing.run(task, pieces * parts, shared, workers);
    } finally {
      dy = MemorySegment.NULL;
      dx = MemorySegment.NULL;
    }
  }

  private void piece(int index, int worker) {
    if (plan.bands > 1) {
      band(index / plan.bands, index % plan.bands * plan.bandRows, worker);
    } else {
      int piece = index / parts;
      int image0 = (int) ((long) images * piece / pieces);
      group(image0, (int) ((long) images * (piece + 1) / pieces) - image0, index % parts, worker);
    }
  }

  private void group(int image0, int n, int part, int worker) {
    int outputs = g.outHeight() * g.outWidth();
    copy(image0 * outputs, n * outputs, worker);
    for (PixelClass each : plan.classes) {
      int pixels = n * each.perImage();
      multiply(each, pixels * part / parts, pixels * (part + 1) / parts, 0, image0, worker);
    }
  }

  private void band(int image, int ih0, int worker) {
    int ihEnd = Math.min(g.height(), ih0 + plan.bandRows);
    int oh0 = InputBand.firstOutput(g, ih0);
    int ohEnd = InputBand.endOutput(g, ihEnd, oh0);
    copy((image * g.outHeight() + oh0) * g.outWidth(), (ohEnd - oh0) * g.outWidth(), worker);
    for (int i = 0; i < plan.classes.length; i++) {
      PixelClass each = plan.classes[i];
      int[] rows = plan.rows[i];
      int across = each.perImage() / rows.length;
      multiply(each, InputBand.indexFrom(rows, ih0) * across, InputBand.indexFrom(rows, ihEnd) * across, oh0 * g.outWidth() * g.filters(),
          image, worker);
    }
  }

  private void copy(int firstOutput, int outputs, int worker) {
    scratch[worker] = Room.atLeast(outputs * g.filters(), scratch[worker]);
    Copy.run(dy, 4L * firstOutput * g.filters(), scratch[worker], 0, outputs * g.filters());
  }

  private void multiply(PixelClass each, int from, int end, int base, int image, int worker) {
    long dxAt = 4L * image * g.height() * g.width() * g.channels();
    if (Lanes.MANY_REGISTERS) {
      DirectInputKernel.pixels(
          each, from, end, scratch[worker], base, weights.floats(), g.filters(), g.channels(), finish.bias, finish.least, dx, dxAt);
    } else if (g.filters() % 2 == 0) {
      DirectInputPairsKernel6x2V.pixels(
          Hints.NEVER, each, from, end, scratch[worker], base, weights.floats(), g.filters(), g.channels(), finish.bias,
          finish.least, dx, dxAt);
    } else {
      DirectInputKernel6x2V.pixels(
          Hints.NEVER, each, from, end, scratch[worker], base, weights.floats(), g.filters(), g.channels(), finish.bias,
          finish.least, dx, dxAt);
    }
  }
}
