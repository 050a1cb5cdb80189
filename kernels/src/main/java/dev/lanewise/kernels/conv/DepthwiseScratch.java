package dev.lanewise.kernels.conv;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.gemm.Copy;
import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** What one worker needs for a depthwise convolution, and the copies between it and memory. No sums are made here. */
final class DepthwiseScratch {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int V = Lanes.COUNT;

  /** A band of the image or of the outputs' gradient, a vector for each pixel and, of the gradient, for each filter of a channel. */
  float[] band = {};

  /** The outputs' gradient of a band, for the weights'. */
  float[] gradients = {};

  /** The weights of a vector of channels, or their gradient. */
  float[] weights = {};

  /** Results of a row of pixels. */
  float[] row = {};

  private final float[] bias = new float[V];
  private final float[] floor = new float[V];

  /**
   * Copies rows of input pixels, padding and all, for the filters filter .. filter + n: each with the pixel that it looks at.
   *
   * @param ih the first row, which may lie in the padding
   */
  void fillPadded(Conv2dGeometry g, DepthwisePlan plan, MemorySegment x, int image, int ih, int rows, int filter, int n) {
    int width = plan.paddedWidth;
    band = Room.atLeast(rows * width * V, band);
    int from = Math.min(width, g.padLeft());
    int end = Math.clamp(g.padLeft() + (long) g.width(), from, width);
    for (int r = 0; r < rows; r++) {
      int at = r * width * V;
      if (ih + r < 0 || ih + r >= g.height()) {
        Arrays.fill(band, at, at + width * V, 0f);
        continue;
      }
      long pixel = ((long) image * g.height() + ih + r) * g.width() - g.padLeft();
      Arrays.fill(band, at, at + from * V, 0f);
      for (int j = from; j < end; j++) {
        fillPixel(x, (pixel + j) * g.channels(), plan.multiplier, filter, n, at + j * V);
      }
      Arrays.fill(band, at + end * V, at + width * V, 0f);
    }
  }

  private void fillPixel(MemorySegment x, long pixel, int multiplier, int filter, int n, int at) {
    if (multiplier == 1) {
      Copy.overrun(x, 4 * (pixel + filter), band, at, n);
      return;
    }
    for (int l = 0; l < n; l++) {
      band[at + l] = x.get(JAVA_FLOAT_UNALIGNED, 4 * (pixel + (filter + l) / multiplier));
    }
  }

  /** Copies n floats of each of some rows, {@code stride} floats apart, a vector each. */
  static void gather(MemorySegment from, long first, long stride, int rows, int n, float[] to) {
    for (int i = 0; i < rows; i++) {
      Copy.overrun(from, 4 * (first + i * stride), to, i * V, n);
    }
  }

  /** The same where each of n channels has several filters, which go to vectors of their own. */
  static void gatherFilters(MemorySegment from, long first, long stride, int rows, int n, int multiplier, float[] to) {
    if (multiplier == 1) {
      gather(from, first, stride, rows, n, to);
      return;
    }
    for (int i = 0; i < rows; i++) {
      for (int l = 0; l < n * multiplier; l++) {
        to[(i * multiplier + l % multiplier) * V + l / multiplier] = from.get(JAVA_FLOAT_UNALIGNED, 4 * (first + i * stride + l));
      }
    }
  }

  /** Writes n floats of each vector to rows {@code stride} floats apart. */
  static void scatter(float[] from, int rows, MemorySegment to, long first, long stride, int n) {
    for (int i = 0; i < rows; i++) {
      for (int l = 0; l < n; l++) {
        to.set(JAVA_FLOAT_UNALIGNED, 4 * (first + i * stride + l), from[i * V + l]);
      }
    }
  }

  /** Prepares {@link #store} for the channels channel .. channel + n: without a bias -0 is added, without ReLU the maximum with minus infinity taken. */
  void prepare(Epilogue epilogue, int channel, int n) {
    Arrays.fill(bias, -0f);
    if (epilogue.hasBias()) {
      Copy.run(epilogue.bias(), 4L * channel, bias, 0, n);
    }
    Arrays.fill(floor, epilogue.relu() ? 0f : Float.NEGATIVE_INFINITY);
  }

  /** Adds the bias to a row of results, cuts negatives as asked and writes n channels of each pixel, {@code stride} floats apart. */
  void store(int pixels, MemorySegment y, long first, long stride, int n) {
    y = exact(y);
    FloatVector b = FloatVector.fromArray(F, bias, 0);
    FloatVector least = FloatVector.fromArray(F, floor, 0);
    if (n == V) {
      for (int p = 0; p < pixels; p++) {
        FloatVector.fromArray(F, row, p * V).add(b).max(least).intoMemorySegment(y, 4 * (first + p * stride), ORDER);
      }
      return;
    }
    for (int p = 0; p < pixels; p++) {
      FloatVector.fromArray(F, row, p * V).add(b).max(least).intoArray(row, p * V);
    }
    scatter(row, pixels, y, first, stride, n);
  }
}
