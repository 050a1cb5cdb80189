package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.conv.AxisClasses.AxisClass;
import dev.lanewise.kernels.lane.Lanes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The numbers of the input's gradient of a convolution of few channels, made once for its sizes: data, no code. Offsets are floats in scratch, where the outputs'
 * gradients of a band lie filter by filter.
 *
 * <p>Pixels of a row that a stride lies between are neighbours to the outputs: such a run is cut into vectors of pixels, whose terms come from vectors of outputs. At
 * the borders a tap has no output for some of them, and these lanes leave its terms out.
 */
final class ShallowInputPlan {
  private static final int V = Lanes.COUNT;

  /** Floats of a band in scratch, about: 128 KB. */
  private static final int BAND = 1 << 15;

  /** A tap that counts for all pixels of a vector. */
  static final long ALL = -1;

  /**
   * A vector of pixels of a row.
   *
   * @param first pixel in its row, the others a stride apart each
   * @param pixels in the row, as many as there are lanes or fewer
   * @param at for each tap, where its outputs lie from the row's
   * @param weightAt where its weights for the first channel lie
   * @param lanes which pixels it counts for, a bit each
   */
  record Run(int first, int pixels, int[] at, int[] weightAt, long[] lanes) {}

  /** Rows that the same taps reach, and for each of these classes the runs of a row. */
  final AxisClass[] vertical;

  final Run[][] runs;

  /** Input rows of a band, and how many bands there are. */
  final int bandRows;

  final int bands;

  /** What the fewest rows see that a band may have. */
  static long leastFloats(Conv2dGeometry g) {
    return floats(g, leastRows(g));
  }

  /** Rows in which each class has as many as are computed together. */
  private static int leastRows(Conv2dGeometry g) {
    return (int) Math.min(g.height(), (long) ShallowInputKernel.ROWS * g.strideH());
  }

  private static long floats(Conv2dGeometry g, int rows) {
    return (long) outputRows(g, rows) * g.outWidth() * g.filters();
  }

  /** Output rows at most that some input rows see. */
  private static int outputRows(Conv2dGeometry g, int rows) {
    return (int) Math.min(g.outHeight(), (rows - 1 + (g.kernelHeight() - 1L) * g.dilationH()) / g.strideH() + 1);
  }

  ShallowInputPlan(Conv2dGeometry g) {
    vertical = AxisClasses.of(g.height(), g.outHeight(), g.kernelHeight(), g.strideH(), g.padTop(), g.dilationH());
    runs = new Run[vertical.length][];
    for (int v = 0; v < runs.length; v++) {
      runs[v] = runs(g, vertical[v]);
    }
    int rows = leastRows(g);
    while (rows < g.height() && floats(g, rows + 1) <= BAND) {
      rows++;
    }
    bandRows = rows;
    bands = Math.ceilDiv(g.height(), bandRows);
  }

  private static Run[] runs(Conv2dGeometry g, AxisClass rows) {
    List<Run> runs = new ArrayList<>();
    for (int phase = 0; phase < Math.min(g.strideW(), g.width()); phase++) {
      int pixels = Math.ceilDiv(g.width() - phase, g.strideW());
      for (int j = 0; j < pixels; j += V) {
        runs.add(run(g, rows, phase, j, Math.min(V, pixels - j)));
      }
    }
    return runs.toArray(new Run[0]);
  }

  /** The pixels j .. j + pixels of those that begin at {@code phase}. */
  private static Run run(Conv2dGeometry g, AxisClass rows, int phase, int j, int pixels) {
    int most = rows.taps().length * g.kernelWidth();
    int[] at = new int[most];
    int[] weightAt = new int[most];
    long[] lanes = new long[most];
    int n = 0;
    for (int down = 0; down < rows.taps().length; down++) {
      for (int kw = 0; kw < g.kernelWidth(); kw++) {
        int scaled = phase + g.padLeft() - kw * g.dilationW();
        int ow = Math.floorDiv(scaled, g.strideW()) + j;
        int from = Math.max(0, -ow);
        int end = Math.min(pixels, g.outWidth() - ow);
        if (Math.floorMod(scaled, g.strideW()) == 0 && from < end) {
          at[n] = rows.shift()[down] * g.outWidth() + ow;
          weightAt[n] = (rows.taps()[down] * g.kernelWidth() + kw) * g.channels() * g.filters();
          lanes[n++] = from == 0 && end == pixels ? ALL : (1L << end) - (1L << from);
        }
      }
    }
    return new Run(phase + j * g.strideW(), pixels, Arrays.copyOf(at, n), Arrays.copyOf(weightAt, n), Arrays.copyOf(lanes, n));
  }
}
