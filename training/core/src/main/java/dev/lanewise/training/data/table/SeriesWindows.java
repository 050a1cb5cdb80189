package dev.lanewise.training.data.table;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.ValueDataset;
import java.util.Objects;

/**
 * The examples of a time series: {@code t} values in a row, and the one after them to foretell; or, for a network that
 * answers at each step, the one after each. All in some {@link SeriesForm}, standardised by the training part alone.
 *
 * <p>Input [t, 1], target [1], or [t, 1] where each step answers. The training part and the test part are two data sets of
 * one scale: {@link #train} foretells only values of the training part, {@link #test} only those after it, of which the
 * window before may reach into the training part.
 */
public final class SeriesWindows implements ValueDataset {
  private final Series series;
  private final SeriesForm form;
  private final int t;
  private final boolean eachStep;
  private final int first; // index in the series of the first value that is foretold
  private final int size;
  private final int known; // index in the series of the first value that is held out
  private final float[] seen; // z of value i in the form, i >= 1
  private final Standardization scale;
  private final Shape inputShape;
  private final Shape targetShape;

  private SeriesWindows(Series series, SeriesForm form, int t, boolean eachStep, int first, int size, int known, float[] seen,
      Standardization scale) {
    this.series = series;
    this.form = form;
    this.t = t;
    this.eachStep = eachStep;
    this.first = first;
    this.size = size;
    this.known = known;
    this.seen = seen;
    this.scale = scale;
    this.inputShape = Shape.of(t, 1);
    this.targetShape = eachStep ? inputShape : Shape.of(1);
  }

  /**
   * The training part: the first {@code length - heldOut} values.
   *
   * @param heldOut values at the end to test on
   * @param eachStep whether there is a target at each step instead of after the last
   * @throws IllegalArgumentException when the training part has no window and a value after it, or the form is that of log
   *     ratios and a value is not positive
   */
  public static SeriesWindows train(Series series, SeriesForm form, int t, int heldOut, boolean eachStep) {
    int known = series.length() - heldOut;
    if (t < 1 || heldOut < 0 || known < t + 2) {
      throw new IllegalArgumentException("SeriesWindows: windows of " + t + " values in " + series.name() + ", which has "
          + series.length() + " of which " + heldOut + " are held out; at least " + (t + 2L) + " are needed before these");
    }
    if (form == SeriesForm.LOG_RATIOS && !series.isPositive()) {
      throw new IllegalArgumentException("SeriesWindows: " + series.name() + " has values that are not above 0, which have no "
          + "logarithm; choose " + SeriesForm.VALUES + " or " + SeriesForm.DIFFERENCES);
    }
    double[][] forms = new double[series.length()][1];
    int[] rows = new int[known - 1];
    for (int i = 1; i < forms.length; i++) {
      forms[i][0] = form.see(series.get(i - 1), series.get(i));
      if (i < known) {
        rows[i - 1] = i;
      }
    }
    Standardization scale = Standardization.of(forms, rows);
    float[] seen = new float[forms.length];
    for (int i = 1; i < seen.length; i++) {
      seen[i] = scale.apply(0, forms[i][0]);
    }
    return new SeriesWindows(series, form, t, eachStep, t + 1, known - t - 1, known, seen, scale);
  }

  /**
   * The test part in the same form and scale: one example for each value that {@link #train} held out.
   *
   * @throws IllegalStateException when none was held out
   */
  public SeriesWindows test() {
    if (known == series.length()) {
      throw new IllegalStateException("SeriesWindows: no value of " + series.name() + " is held out; there is nothing to test");
    }
    return new SeriesWindows(series, form, t, eachStep, known, series.length() - known, series.length(), seen, scale);
  }

  /** The first {@code n} examples, in the same scale and with the same test part. A view: nothing is copied. */
  @Override
  public SeriesWindows limit(int n) {
    if (n < 1) {
      throw new IllegalArgumentException("SeriesWindows: limit is " + n + "; at least 1 example is needed");
    }
    return n >= size ? this : new SeriesWindows(series, form, t, eachStep, first, n, known, seen, scale);
  }

  /** Shift and scale, of one column. */
  public Standardization scale() {
    return scale;
  }

  /** The value to foretell, in the series' own unit. */
  public double value(int example) {
    return series.get(first + Objects.checkIndex(example, size));
  }

  /** What an output of the network foretells for an example, in the series' own unit. */
  public double forecast(int example, float output) {
    int at = first + Objects.checkIndex(example, size);
    return form.forecast(series.get(at - 1), scale.invert(0, output));
  }

  /**
   * The root of the mean squared error of all forecasts, in the series' own unit.
   *
   * @param outputs [size, 1], or [size, t, 1] of which the last step counts
   */
  public double rmse(Tensor outputs) {
    long per = outputs.size() / size;
    if (outputs.size() != per * size || (per != 1 && per != t)) {
      throw new ShapeException("SeriesWindows: outputs are " + outputs.shape() + " for " + size + " examples; ["
          + size + ", 1] or [" + size + ", " + t + ", 1] are needed");
    }
    double squares = 0;
    for (int i = 0; i < size; i++) {
      double error = forecast(i, outputs.get(i * per + per - 1)) - value(i);
      squares += error * error;
    }
    return Math.sqrt(squares / size);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Shape inputShape() {
    return inputShape;
  }

  @Override
  public Shape targetShape() {
    return targetShape;
  }

  @Override
  public void batch(int[] order, int from, int count, Tensor x, IntTensor y) {
    requireRoom(order, from, count, x, inputShape);
    for (int i = 0; i < count; i++) {
      int end = first + Objects.checkIndex(order[from + i], size);
      for (int j = 0; j < t; j++) {
        x.set((long) i * t + j, seen[end - t + j]);
      }
      y.set(i, 0);
    }
  }

  @Override
  public void targets(int[] order, int from, int count, Tensor targets) {
    requireRoom(order, from, count, targets, targetShape);
    int steps = eachStep ? t : 1;
    for (int i = 0; i < count; i++) {
      int end = first + Objects.checkIndex(order[from + i], size);
      for (int j = 0; j < steps; j++) {
        targets.set((long) i * steps + j, seen[end - steps + 1 + j]);
      }
    }
  }

  private static void requireRoom(int[] order, int from, int count, Tensor into, Shape row) {
    Objects.checkFromIndexSize(from, count, order.length);
    if (into.size() < count * row.size()) {
      throw new ShapeException("SeriesWindows: " + count + " rows of " + row + " do not fit into " + into.shape());
    }
  }
}
