package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.conv.AxisClasses.AxisClass;
import dev.lanewise.kernels.gemm.Copy;
import dev.lanewise.kernels.gemm.GemmPlan;
import dev.lanewise.kernels.gemm.LeftOperand;
import dev.lanewise.kernels.gemm.OutputRows;
import dev.lanewise.kernels.gemm.RightOperand;
import java.lang.foreign.MemorySegment;

/**
 * One class of input pixels, and one group of their channels, all reached by the same taps, as the three operands of its gradient's product:
 *
 * <pre>dX[pixel, c] = sum over taps (kh, kw) and filters f of dY[(pixel - tap) / stride, f] * W[kh, kw, c, f]</pre>
 *
 * <p>Left: row (n, ih, iw), column (kh, kw, f), gathered from dY in runs of all filters of the group. Right: {@link TurnedWeights}. Output: the pixels of the class, scattered over dX.
 */
final class ReachedPixels implements LeftOperand, RightOperand, OutputRows {
  private final Conv2dGeometry g;
  private final int group;
  private final int filters;
  private final int channels;
  private final AxisClass vertical;
  private final AxisClass horizontal;
  private final long[] tapInOutput;
  private final int[] taps;
  private MemorySegment dy = MemorySegment.NULL;
  private final TurnedWeights weights;

  ReachedPixels(Conv2dGeometry g, int group, TurnedWeights weights, AxisClass vertical, AxisClass horizontal) {
    this.g = g;
    this.group = group;
    this.filters = g.groupFilters();
    this.channels = g.groupChannels();
    this.weights = weights;
    this.vertical = vertical;
    this.horizontal = horizontal;
    int across = horizontal.taps().length;
    this.tapInOutput = new long[vertical.taps().length * across];
    this.taps = new int[tapInOutput.length];
    for (int tap = 0; tap < tapInOutput.length; tap++) {
      int v = tap / across;
      int h = tap % across;
      tapInOutput[tap] = 4L * ((long) vertical.shift()[v] * g.outWidth() + horizontal.shift()[h]) * g.filters();
      taps[tap] = vertical.taps()[v] * g.kernelWidth() + horizontal.taps()[h];
    }
  }

  /** Rows of the product for n images. */
  int rows(int n) {
    return n * vertical.positions().length * horizontal.positions().length;
  }

  /** The inner size of the product. */
  int depth() {
    return tapInOutput.length * filters;
  }

  /** The first channel of the group. */
  int firstChannel() {
    return group * channels;
  }

  void set(MemorySegment outputGradient) {
    this.dy = outputGradient;
  }

  @Override
  public boolean columns() {
    return false;
  }

  @Override
  public void pack(int row0, int rows, int k0, int kc, float[] block) {
    int across = horizontal.positions().length;
    int down = vertical.positions().length;
    int w = row0 % across;
    int h = row0 / across % down;
    int n = row0 / across / down;
    for (int i = 0; i < rows; i++) {
      long origin =
          4L * (((n * (long) g.outHeight() + vertical.firstOut()[h]) * g.outWidth() + horizontal.firstOut()[w]) * g.filters()
              + group * filters);
      int at = i * GemmPlan.ROW_STRIDE;
      int end = at + kc;
      int tap = k0 / filters;
      for (int f = k0 % filters; at < end; f = 0, tap++) {
        int run = Math.min(end - at, filters - f);
        Copy.overrun(dy, origin + tapInOutput[tap] + 4L * f, block, at, run);
        at += run;
      }
      if (++w == across) {
        w = 0;
        if (++h == down) {
          h = 0;
          n++;
        }
      }
    }
  }

  @Override
  public void pack(int column, int columns, float[] panel, int at, float[] scratch) {
    for (int tap = 0; tap < taps.length; tap++) {
      weights.copy(taps[tap], group, column, panel, at + tap * filters * GemmPlan.NR);
    }
  }

  @Override
  public void locate(int row0, int rows, long[] offsets) {
    int across = horizontal.positions().length;
    int down = vertical.positions().length;
    for (int i = 0; i < rows; i++) {
      int row = row0 + i;
      int iw = horizontal.positions()[row % across];
      int ih = vertical.positions()[row / across % down];
      long n = row / across / down;
      offsets[i] = 4L * (((n * g.height() + ih) * g.width() + iw) * g.channels() + firstChannel());
    }
  }
}
