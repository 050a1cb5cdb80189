package dev.lanewise.kernels.conv;

import static dev.lanewise.kernels.lane.Lanes.exact;
import static dev.lanewise.kernels.lane.Lanes.F;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.conv.ShallowInputPlan.Run;
import dev.lanewise.kernels.gemm.Copy;
import dev.lanewise.kernels.gemm.Turn;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import jdk.incubator.vector.FloatVector;

/**
 * The input's gradient of a convolution of few channels, which is the transposed convolution that draws an image: as a product it would have as few columns, so
 * vectors run over pixels instead. Work is cut into images and bands of rows. Kept with the workers, so that a steady call makes no objects.
 */
public final class ShallowInput {
  public static final Workers.Key<ShallowInput> KEY = new Workers.Key<>(ShallowInput::new);

  private static final int V = Lanes.COUNT;

  /** Channels up to which pixels fill vectors better (measured, see reports/decisions/0011). */
  private static final int MOST_CHANNELS = 8;

  /** Floats that scratch should hold at most. */
  private static final int MOST_FLOATS = 1 << 17;

  /** What one worker needs for itself. */
  private static final class Scratch {
    float[] pixels = {};
    float[] turned = {};
    float[] rows = {};
    final float[] t = new float[ShallowInputKernel.ROWS * V];
  }

  private final Map<Conv2dGeometry, ShallowInputPlan> plans = new HashMap<>();
  private final Workers.Task task = this::piece;

  private Conv2dGeometry g = Patches.NONE;
  private ShallowInputPlan plan = new ShallowInputPlan(Patches.NONE);
  private MemorySegment dy = MemorySegment.NULL;
  private MemorySegment dx = MemorySegment.NULL;
  private float[] weights = {};
  private final Finish finish = new Finish();
  private Scratch[] scratch = {};

  private ShallowInput() {}

  /** Whether a convolution is of this kind: few channels, whole vectors of filters, and scratch holds the weights and what the fewest rows of pixels see. */
  public static boolean suits(Conv2dGeometry geometry) {
    return geometry.groups() == 1 && geometry.channels() <= MOST_CHANNELS && geometry.filters() % V == 0
        && (long) geometry.patch() * geometry.filters() <= Direct.MOST_WEIGHTS && ShallowInputPlan.leastFloats(geometry) <= MOST_FLOATS;
  }

  public void run(
      Conv2dGeometry geometry, int n, MemorySegment outputGradient, MemorySegment w, MemorySegment image, Epilogue epilogue,
      Workers workers) {
    plan = plans.computeIfAbsent(geometry, ShallowInputPlan::new);
    g = geometry;
    dy = outputGradient;
    dx = image;
    int size = g.patch() * g.filters();
    weights = Room.atLeast(size, weights);
    Copy.run(w, 0, weights, 0, size);
    finish.set(epilogue, g.channels());
    if (scratch.length < workers.threads()) {
      scratch = new Scratch[workers.threads()];
      Arrays.setAll(scratch, i -> new Scratch());
    }
    try {
      Sharing.run(task, n * plan.bands, Sharing.pays(g, n), workers);
    } finally {
      dy = MemorySegment.NULL;
      dx = MemorySegment.NULL;
    }
  }

  private void piece(int index, int worker) {
    Scratch mine = scratch[worker];
    int image = index / plan.bands;
    int ih0 = index % plan.bands * plan.bandRows;
    int ihEnd = Math.min(g.height(), ih0 + plan.bandRows);
    int oh0 = InputBand.firstOutput(g, ih0);
    int ohEnd = InputBand.endOutput(g, ihEnd, oh0);
    int plane = plane((ohEnd - oh0) * g.outWidth());
    turn(mine, ((long) image * g.outHeight() + oh0) * g.outWidth(), (ohEnd - oh0) * g.outWidth(), plane);
    mine.rows = Room.atLeast(ShallowInputKernel.ROWS * g.width() * g.channels(), mine.rows);
    for (int v = 0; v < plan.vertical.length; v++) {
      int[] positions = plan.vertical[v].positions();
      int from = InputBand.indexFrom(positions, ih0);
      int end = InputBand.indexFrom(positions, ihEnd);
      for (int i = from; i < end; i += ShallowInputKernel.ROWS) {
        rows(mine, v, i, Math.min(end, i + ShallowInputKernel.ROWS), oh0, plane);
        for (int r = 0; r < Math.min(ShallowInputKernel.ROWS, end - i); r++) {
          store(mine.rows, r * g.width() * g.channels(), ((long) image * g.height() + positions[i + r]) * g.width() * g.channels());
        }
      }
    }
  }

  /** Whole vectors of pixels and one more, since planes a power of two apart would meet in a few lines of the cache. */
  private static int plane(int pixels) {
    return (pixels + V - 1) / V * V + V;
  }

  /** Copies the gradients of some outputs filter by filter; before the first filter there is room for what the first pixels' lanes read. */
  private void turn(Scratch mine, long first, int pixels, int plane) {
    int filters = g.filters();
    mine.pixels = Room.atLeast(V * filters, mine.pixels);
    mine.turned = Room.atLeast(V + filters * plane, mine.turned);
    for (int p = 0; p < pixels; p += V) {
      Copy.run(dy, 4 * (first + p) * filters, mine.pixels, 0, Math.min(V, pixels - p) * filters);
      for (int f = 0; f < filters; f += V) {
        Turn.square(mine.pixels, f, filters, mine.turned, V + f * plane + p, plane);
      }
    }
  }

  /** Some rows of a class, all runs and channels. */
  private void rows(Scratch mine, int v, int from, int end, int oh0, int plane) {
    int[] firstOut = plan.vertical[v].firstOut();
    int width = g.outWidth();
    int r0 = V + (firstOut[from] - oh0) * width;
    int r1 = V + (firstOut[Math.min(from + 1, end - 1)] - oh0) * width;
    int r2 = V + (firstOut[Math.min(from + 2, end - 1)] - oh0) * width;
    int r3 = V + (firstOut[Math.min(from + 3, end - 1)] - oh0) * width;
    for (Run run : plan.runs[v]) {
      for (int channel = 0; channel < g.channels(); channel++) {
        ShallowInputKernel.rows(
            run.at(), run.weightAt(), run.lanes(), g.filters(), mine.turned, plane, r0, r1, r2, r3, weights, channel * g.filters(),
            finish.bias[channel], finish.least, mine.t);
        for (int r = 0; r < end - from; r++) {
          scatter(mine, r, run, channel);
        }
      }
    }
  }

  private void scatter(Scratch mine, int r, Run run, int channel) {
    int step = g.strideW() * g.channels();
    int at = (r * g.width() + run.first()) * g.channels() + channel;
    for (int lane = 0; lane < run.pixels(); lane++) {
      mine.rows[at + lane * step] = mine.t[r * V + lane];
    }
  }

  /** Writes a row of the image. */
  private void store(float[] from, int at, long element) {
    MemorySegment to = exact(dx);
    int n = g.width() * g.channels();
    int i = 0;
    for (; i <= n - V; i += V) {
      FloatVector.fromArray(F, from, at + i).intoMemorySegment(to, 4 * (element + i), ByteOrder.nativeOrder());
    }
    for (; i < n; i++) {
      to.set(JAVA_FLOAT_UNALIGNED, 4 * (element + i), from[at + i]);
    }
  }
}
