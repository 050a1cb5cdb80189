package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Data;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MetricProperties {

  /** Against a stable sort of the columns by falling score; few distinct scores, so that many are equal. */
  @Property(tries = 200)
  void topKAgreesWithAStableSort(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int rows, @ForAll @IntRange(min = 2, max = 12) int cols,
      @ForAll @IntRange(min = 1, max = 12) int k) {
    float[] scores = Data.seeded(seed).integers(rows * cols, 3);
    int[] labels = Data.seeded(seed + 1).below(rows, cols);
    long wanted = 0;
    for (int row = 0; row < rows; row++) {
      int from = row * cols;
      Integer[] ranking = IntStream.range(0, cols).boxed().toArray(Integer[]::new);
      Arrays.sort(ranking, Comparator.comparingDouble(c -> -scores[from + c]));
      wanted += Arrays.asList(ranking).indexOf(labels[row]) < k ? 1 : 0;
    }
    HitMeter meter = Metric.topK(k).start(Loss.SPARSE_CATEGORICAL_CROSSENTROPY);
    meter.add(rows, cols, Data.segment(scores), ints(labels));
    assertThat(meter.hits()).isEqualTo(wanted);
    assertThat(meter.answers()).isEqualTo(rows);
  }

  @Property(tries = 100)
  void accuracyIsTopOneAndTheSameForLabelsAndForOneHotRows(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int rows, @ForAll @IntRange(min = 2, max = 12) int cols) {
    MemorySegment scores = Data.segment(Data.seeded(seed).integers(rows * cols, 4));
    int[] labels = Data.seeded(seed + 1).below(rows, cols);
    float[] oneHot = new float[rows * cols];
    for (int row = 0; row < rows; row++) {
      oneHot[row * cols + labels[row]] = 1;
    }
    HitMeter sparse = Metric.accuracy().start(Loss.SPARSE_CATEGORICAL_CROSSENTROPY);
    HitMeter dense = Metric.accuracy().start(Loss.CATEGORICAL_CROSSENTROPY);
    HitMeter first = Metric.topK(1).start(Loss.SPARSE_CATEGORICAL_CROSSENTROPY);
    sparse.add(rows, cols, scores, ints(labels));
    first.add(rows, cols, scores, ints(labels));
    dense.add(rows, cols, scores, Data.segment(oneHot));
    assertThat(sparse.hits()).isEqualTo(first.hits()).isEqualTo(dense.hits());
  }

  @Property(tries = 100)
  void countingInPartsIsCountingAtOnce(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 20) int rows, @ForAll @IntRange(min = 1, max = 19) int cut) {
    int first = Math.min(cut, rows - 1);
    float[] scores = Data.seeded(seed).uniform(rows * 3, -1, 1);
    int[] labels = Data.seeded(seed).below(rows, 3);
    HitMeter whole = Metric.accuracy().start(Loss.SPARSE_CATEGORICAL_CROSSENTROPY);
    HitMeter parts = Metric.accuracy().start(Loss.SPARSE_CATEGORICAL_CROSSENTROPY);
    whole.add(rows, 3, Data.segment(scores), ints(labels));
    parts.add(first, 3, Data.segment(Arrays.copyOf(scores, first * 3)), ints(Arrays.copyOf(labels, first)));
    HitMeter continued = Metric.accuracy().start(Loss.SPARSE_CATEGORICAL_CROSSENTROPY);
    Snapshot kept = new Snapshot();
    parts.save(kept);
    continued.restore(kept);
    continued.add(rows - first, 3, Data.segment(Arrays.copyOfRange(scores, first * 3, rows * 3)),
        ints(Arrays.copyOfRange(labels, first, rows)));
    assertThat(continued.value()).isEqualTo(whole.value());
  }

  @Example
  void binaryAnswersCountOneByOneOnTheirSideOfOneHalf() {
    HitMeter logits = Metric.accuracy().start(Loss.BINARY_CROSSENTROPY);
    logits.add(2, 3, Data.segment(1f, -1f, 0f, 0.1f, -0f, Float.NaN), Data.segment(1f, 0f, 0f, 0f, 1f, 1f));
    assertThat(logits.hits()).isEqualTo(3);
    assertThat(logits.answers()).isEqualTo(6);
    HitMeter probabilities = Metric.accuracy().start(Loss.MSE);
    probabilities.add(3, 1, Data.segment(0.6f, 0.5f, 0.4f), Data.segment(1f, 1f, 0f));
    assertThat(probabilities.hits()).isEqualTo(2);
  }

  @Example
  void aRowWithANanIsWrongAndAnEmptyMeterIsNan() {
    HitMeter meter = Metric.topK(3).start(Loss.SPARSE_CATEGORICAL_CROSSENTROPY);
    assertThat(meter.value()).isNaN();
    meter.add(2, 3, Data.segment(1f, Float.NaN, 0f, 1f, 2f, 3f), ints(0, 2));
    assertThat(meter.hits()).isEqualTo(1);
    meter.reset();
    assertThat(meter.answers()).isZero();
  }

  @Example
  void topKRefusesWhatItCannotRank() {
    assertThatThrownBy(() -> Metric.topK(0)).hasMessageContaining("k is 0; at least 1");
    assertThatThrownBy(() -> Metric.topK(2).start(Loss.BINARY_CROSSENTROPY)).hasMessageContaining("use accuracy");
  }

  private static MemorySegment ints(int... values) {
    return Arena.ofAuto().allocateFrom(ValueLayout.JAVA_INT, values);
  }
}
