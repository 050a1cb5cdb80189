package dev.lanewise.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.Locale;

/**
 * What the elements of a tensor are like.
 *
 * @param shape of the tensor
 * @param nans elements that are NaN
 * @param infinities elements that are +infinity or -infinity
 * @param firstBad row-major index of the first element that is not finite, or -1
 * @param min least finite element; NaN if there is none
 * @param max greatest finite element; NaN if there is none
 * @param meanMagnitude mean of the magnitudes of the finite elements; NaN if there is none
 */
public record TensorStatistics(
    Shape shape, long nans, long infinities, long firstBad, float min, float max, double meanMagnitude) {

  public static TensorStatistics of(Tensor tensor) {
    long nans = 0;
    long infinities = 0;
    long firstBad = -1;
    float min = Float.POSITIVE_INFINITY;
    float max = Float.NEGATIVE_INFINITY;
    double sum = 0;
    long size = tensor.size();
    for (long i = 0; i < size; i++) {
      float value = tensor.segment().getAtIndex(JAVA_FLOAT, i);
      if (Float.isFinite(value)) {
        min = Math.min(min, value);
        max = Math.max(max, value);
        sum += Math.abs(value);
        continue;
      }
      firstBad = firstBad < 0 ? i : firstBad;
      if (Float.isNaN(value)) {
        nans++;
      } else {
        infinities++;
      }
    }
    long finite = size - nans - infinities;
    return finite == 0
        ? new TensorStatistics(tensor.shape(), nans, infinities, firstBad, Float.NaN, Float.NaN, Double.NaN)
        : new TensorStatistics(tensor.shape(), nans, infinities, firstBad, min, max, sum / finite);
  }

  public boolean allFinite() {
    return firstBad < 0;
  }

  /** The greatest magnitude of a finite element; NaN if there is none. */
  public float largest() {
    return Math.max(Math.abs(min), Math.abs(max));
  }

  /** {@link #firstBad} as one index per dimension, "[0, 3, 7]". */
  public String firstBadPosition() {
    StringBuilder text = new StringBuilder("]");
    long rest = firstBad;
    for (int d = shape.rank() - 1; d >= 0; d--) {
      text.insert(0, rest % shape.dim(d)).insert(0, d == 0 ? "[" : ", ");
      rest /= shape.dim(d);
    }
    return text.toString();
  }

  /** "[32, 10]: 3 NaN and 1 infinite of 320, first at [0, 3]; finite ones from -1 to 2.5, mean magnitude 0.8". */
  @Override
  public String toString() {
    String bad = allFinite()
        ? "all " + shape.size() + " finite"
        : nans + " NaN and " + infinities + " infinite of " + shape.size() + ", first at " + firstBadPosition();
    return shape + ": " + bad
        + (Float.isNaN(min)
            ? ""
            : String.format(Locale.ROOT, "; finite ones from %.4g to %.4g, mean magnitude %.4g", min, max, meanMagnitude));
  }
}
