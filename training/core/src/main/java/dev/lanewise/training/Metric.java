package dev.lanewise.training;

/** What is counted beside the loss, by a {@link Meter} over the rows of the model's output. */
public interface Metric {

  /** The name in a {@link History}: "accuracy", "top_3_accuracy". */
  String name();

  /**
   * A counter that begins at nothing, for targets and outputs in the form of a loss.
   *
   * @throws IllegalArgumentException if the metric means nothing for targets of that form
   */
  Meter start(Loss loss);

  /**
   * Keras's "accuracy", by the form of the targets: of integer labels, or of rows of more than one column, the share of
   * rows whose highest output is the target's class; of rows of a binary cross-entropy, or of one column, the share of
   * elements on the right side of one half. Among equal outputs the first is taken for the highest; a row that holds a
   * NaN is wrong.
   */
  static Accuracy accuracy() {
    return new Accuracy();
  }

  /**
   * The share of rows whose class is among the {@code k} highest outputs; among equal ones the first count as higher.
   *
   * @param k at least 1
   */
  static TopK topK(int k) {
    return new TopK(k);
  }

  /**
   * The mean over the classes of F1 = 2 TP / (answers + examples), each class counting the same; of a binary cross-entropy the classes are
   * yes and no. Its counter keeps a {@link ConfusionMatrix}.
   */
  static MacroF1 macroF1() {
    return new MacroF1();
  }

  /** e^(mean over the rows of -log softmax(z)[label]): how many equally likely classes would be as hard to tell apart. */
  static Perplexity perplexity() {
    return new Perplexity();
  }

  /** The root of the mean of (y - t)^2 over all elements. */
  static Metric rmse() {
    return rmse(1);
  }

  /**
   * The root of the mean squared error in the unit of targets that were standardised.
   *
   * @param unit what 1 of the standardised targets is worth: their standard deviation
   */
  static Metric rmse(double unit) {
    return new Rmse(unit);
  }

  /**
   * The share of the targets' variance that is explained: 1 - sum (y - t)^2 / sum (t - mean t)^2 over all elements. 0 is what the mean
   * would reach, and worse than that is below; NaN where the targets do not vary.
   */
  static Metric r2() {
    return new R2();
  }

  /** See {@link Metric#rmse(double)}. */
  record Rmse(double unit) implements Metric {
    public Rmse {
      if (!(unit > 0 && unit < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("Metric rmse: the unit is " + unit + "; it must be above 0 and finite");
      }
    }

    @Override
    public String name() {
      return "rmse";
    }

    /** @throws IllegalArgumentException for losses on classes */
    @Override
    public Meter start(Loss loss) {
      return new SquaredErrors(name(), loss, false, unit);
    }
  }

  /** See {@link Metric#r2()}. */
  record R2() implements Metric {
    @Override
    public String name() {
      return "r2";
    }

    /** @throws IllegalArgumentException for losses on classes */
    @Override
    public Meter start(Loss loss) {
      return new SquaredErrors(name(), loss, true, 1);
    }
  }

  /** See {@link Metric#accuracy()}. */
  record Accuracy() implements Metric {
    @Override
    public String name() {
      return "accuracy";
    }

    @Override
    public HitMeter start(Loss loss) {
      return new HitMeter(this, loss, 1);
    }
  }

  /** See {@link Metric#topK(int)}. */
  record TopK(int k) implements Metric {
    public TopK {
      if (k < 1) {
        throw new IllegalArgumentException("Metric topK: k is " + k + "; at least 1 is needed");
      }
    }

    @Override
    public String name() {
      return "top_" + k + "_accuracy";
    }

    /** @throws IllegalArgumentException for binary cross-entropy, whose columns are answers of their own */
    @Override
    public HitMeter start(Loss loss) {
      if (loss == Loss.BINARY_CROSSENTROPY) {
        throw new IllegalArgumentException("Metric " + name() + " ranks classes but the loss " + loss.id()
            + " takes each column as an answer of its own; use accuracy");
      }
      return new HitMeter(this, loss, k);
    }
  }
}
