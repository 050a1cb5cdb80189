package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.kernels.testkit.Data;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MetersProperties {

  @Property(tries = 100)
  void macroF1AgreesWithCountingPairs(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int rows,
      @ForAll @IntRange(min = 2, max = 5) int cols) {
    float[] scores = Data.seeded(seed).integers(rows * cols, 3);
    int[] labels = Data.seeded(seed + 1).below(rows, cols);
    double sum = 0;
    int present = 0;
    for (int c = 0; c < cols; c++) {
      int hits = 0;
      int named = 0;
      for (int row = 0; row < rows; row++) {
        boolean answered = first(scores, row * cols, cols) == c;
        hits += answered && labels[row] == c ? 1 : 0;
        named += (answered ? 1 : 0) + (labels[row] == c ? 1 : 0);
      }
      sum += named == 0 ? 0 : 2.0 * hits / named;
      present += named == 0 ? 0 : 1;
    }
    Meter meter = Metric.macroF1().start(Loss.SPARSE_CATEGORICAL_CROSSENTROPY);
    meter.add(rows, cols, Data.segment(scores), ints(labels));
    assertThat(meter.value()).isCloseTo(sum / present, within(cols * 0x1p-52));
  }

  /** The exponential's bound is 2 ulp of a float, and so is that of the sum; the logarithm does not enlarge it. */
  @Property(tries = 100)
  void perplexityIsTheExponentialOfTheMeanLoss(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int rows,
      @ForAll @IntRange(min = 1, max = 70) int cols) {
    float[] logits = Data.seeded(seed).uniform(rows * cols, -8, 8);
    int[] labels = Data.seeded(seed + 1).below(rows, cols);
    labels[0] = rows > 1 ? -1 : labels[0];
    double nats = 0;
    int counted = 0;
    for (int row = 0; row < rows; row++) {
      if (labels[row] >= 0) {
        double sum = 0;
        for (int c = 0; c < cols; c++) {
          sum += Math.exp(logits[row * cols + c]);
        }
        nats += Math.log(sum) - logits[row * cols + labels[row]];
        counted++;
      }
    }
    Meter meter = Metric.perplexity().start(Loss.SPARSE_CATEGORICAL_CROSSENTROPY);
    meter.add(rows, cols, Data.segment(logits), ints(labels));
    // z - highest is rounded to a float once: an error of at most 16 * 2^-24 in the exponent.
    assertThat(Math.log(meter.value())).isCloseTo(nats / counted, within((16 + 4) * 0x1p-23));
  }

  @Property(tries = 100)
  void rmseAndR2AgreeWithTheirFormulas(@ForAll long seed, @ForAll @IntRange(min = 2, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 3) int cols) {
    float[] outputs = Data.seeded(seed).uniform(rows * cols, -8, 8);
    float[] targets = Data.seeded(seed + 1).uniform(rows * cols, 90, 110);
    double mean = 0;
    for (float t : targets) {
      mean += (double) t / targets.length;
    }
    double errors = 0;
    double spread = 0;
    for (int i = 0; i < targets.length; i++) {
      errors += ((double) outputs[i] - targets[i]) * ((double) outputs[i] - targets[i]);
      spread += (targets[i] - mean) * (targets[i] - mean);
    }
    Meter rmse = Metric.rmse(2.5).start(Loss.MSE);
    Meter r2 = Metric.r2().start(Loss.HALF_MSE);
    for (Meter meter : List.of(rmse, r2)) {
      meter.add(rows, cols, Data.segment(outputs), Data.segment(targets));
    }
    int n = targets.length;
    assertThat(rmse.value()).isCloseTo(2.5 * Math.sqrt(errors / n), within(2.5 * 120 * n * 0x1p-52));
    // Squares of at most 20 about the first target, n of them, against a spread that they cancel down to.
    assertThat(r2.value()).isCloseTo(1 - errors / spread, within(errors / spread * 4 * n * (400.0 * n / spread) * 0x1p-52));
  }

  @Property(tries = 60)
  void countingInPartsAndAfterARestoreIsCountingAtOnce(@ForAll long seed, @ForAll @IntRange(min = 2, max = 20) int rows,
      @ForAll @IntRange(min = 1, max = 19) int cut) {
    int cols = 4;
    int first = Math.min(cut, rows - 1);
    MemorySegment outputs = Data.segment(Data.seeded(seed).uniform(rows * cols, -3, 3));
    MemorySegment numbers = Data.segment(Data.seeded(seed + 1).uniform(rows * cols, -3, 3));
    MemorySegment labels = ints(Data.seeded(seed + 2).below(rows, cols));
    for (Metric metric : List.of(Metric.macroF1(), Metric.perplexity(), Metric.rmse(), Metric.r2())) {
      boolean onLabels = metric instanceof MacroF1 || metric instanceof Perplexity;
      Loss loss = onLabels ? Loss.SPARSE_CATEGORICAL_CROSSENTROPY : Loss.MSE;
      MemorySegment targets = onLabels ? labels : numbers;
      long width = onLabels ? 1 : cols;
      Meter whole = metric.start(loss);
      whole.add(rows, cols, outputs, targets);
      Meter parts = metric.start(loss);
      parts.add(first, cols, outputs, targets);
      Snapshot snapshot = new Snapshot();
      parts.save(snapshot);
      Meter resumed = metric.start(loss);
      resumed.restore(snapshot);
      resumed.add(rows - first, cols, outputs.asSlice(4L * first * cols), targets.asSlice(4L * first * width));
      assertThat(resumed.value()).as(metric.name()).isEqualTo(whole.value());
      resumed.reset();
      assertThat(resumed.value()).isNaN();
      assertThat(resumed.name()).isEqualTo(metric.name());
    }
  }

  @Example
  void aConfusionMatrixCountsByClassAndAnswer() {
    MacroF1.Counter meter = Metric.macroF1().start(Loss.SPARSE_CATEGORICAL_CROSSENTROPY);
    assertThat(meter.value()).isNaN();
    assertThatThrownBy(meter::matrix).isInstanceOf(IllegalStateException.class);
    float[] scores = {1, 0, 0, 0, 2, 1, 5, 5, 0, 1, Float.NaN, 0, 0, 9, 0};
    meter.add(5, 3, Data.segment(scores), ints(0, 1, 1, 2, -1));
    ConfusionMatrix matrix = meter.matrix();
    assertThat(matrix.toString()).isEqualTo(String.format("right \\ answer       0       1       2%n"
        + "             0       1       0       0%n             1       1       1       0%n             2       0       0       0"));
    assertThat(matrix.count(2, ConfusionMatrix.NONE)).isEqualTo(1);
    assertThat(matrix.accuracy()).isEqualTo(0.5);
    assertThat(matrix.precision(0)).isEqualTo(0.5);
    assertThat(matrix.recall(1)).isEqualTo(0.5);
    assertThat(matrix.precision(2)).isNaN();
    assertThat(matrix.f1(0)).isEqualTo(2 / 3.0);
    assertThat(matrix.macroF1()).isEqualTo((2 / 3.0 + 2 / 3.0 + 0) / 3);
    assertThatThrownBy(() -> matrix.add(3, 0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Example
  void binaryAnswersHaveTwoClasses() {
    MacroF1.Counter meter = Metric.macroF1().start(Loss.BINARY_CROSSENTROPY);
    meter.add(4, 1, Data.segment(new float[] {0.1f, -2, 3, Float.NaN}), Data.segment(new float[] {1, 0, 0, 1}));
    assertThat(meter.matrix().count(1, 1)).isEqualTo(1);
    assertThat(meter.matrix().count(0, 0)).isEqualTo(1);
    assertThat(meter.matrix().count(0, 1)).isEqualTo(1);
    assertThat(meter.matrix().count(1, ConfusionMatrix.NONE)).isEqualTo(1);
  }

  @Example
  void metricsRefuseLossesThatTheyDoNotFit() {
    assertThatThrownBy(() -> Metric.macroF1().start(Loss.MSE)).hasMessageContaining("use rmse or r2");
    assertThatThrownBy(() -> Metric.perplexity().start(Loss.CATEGORICAL_CROSSENTROPY)).hasMessageContaining("use sparse");
    assertThatThrownBy(() -> Metric.rmse().start(Loss.BINARY_CROSSENTROPY)).hasMessageContaining("use accuracy or macro_f1");
    assertThatThrownBy(() -> Metric.r2().start(Loss.SPARSE_CATEGORICAL_CROSSENTROPY)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Metric.rmse(0)).hasMessageContaining("the unit is 0.0");
    assertThat(Metric.rmse().start(Loss.MSE).value()).isNaN();
  }

  private static int first(float[] scores, int from, int cols) {
    int best = 0;
    for (int c = 1; c < cols; c++) {
      best = scores[from + c] > scores[from + best] ? c : best;
    }
    return best;
  }

  private static MemorySegment ints(int... values) {
    return Arena.ofAuto().allocateFrom(ValueLayout.JAVA_INT, values);
  }
}
