package dev.lanewise.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class PartitionProperties {

  @Property(tries = 200)
  void eachExampleIsInOnePartAndTheSeedDecides(@ForAll @IntRange(min = 2, max = 300) int size,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double share, @ForAll long seed) {
    Partition parts = Partition.shuffled(size, share, seed);
    assertPartition(parts, size);
    assertThat(parts.test()).hasSize(Math.clamp(Math.round(size * share), 1, size - 1));
    assertThat(Partition.shuffled(size, share, seed).test()).isEqualTo(parts.test());
    if (size >= 50 && share > 0.2 && share < 0.8) {
      assertThat(Partition.shuffled(size, share, seed + 1).test()).isNotEqualTo(parts.test());
    }
  }

  @Property(tries = 200)
  void eachClassHasItsShare(@ForAll @IntRange(min = 2, max = 5) int classes, @ForAll @IntRange(min = 4, max = 60) int each,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double share, @ForAll long seed) {
    int[] labels = IntStream.range(0, classes * each).map(i -> i * 7 % 3 == 0 ? 0 : i % classes).toArray();
    int[] counts = Partition.requireClasses(labels, classes);
    Partition parts = Partition.stratified(labels, classes, share, seed);
    assertPartition(parts, labels.length);
    for (int c = 0; c < classes; c++) {
      int own = c;
      assertThat(Arrays.stream(parts.test()).filter(i -> labels[i] == own).count())
          .isEqualTo(Math.clamp(Math.round(counts[c] * share), 1, counts[c] - 1));
    }
  }

  @Example
  void oneClassAloneIsAnError() {
    assertThatThrownBy(() -> Partition.stratified(new int[] {1, 1, 1}, 2, 0.5, 1)).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Partition: all of 3 examples are of one class, 1; at least 2 classes are needed, there is nothing to tell "
            + "apart");
    assertThatThrownBy(() -> Partition.stratified(new int[] {1, 1, 0}, 2, 0.5, 1)).hasMessageContaining("class 0 has 1 examples");
    assertThatThrownBy(() -> Partition.stratified(new int[] {1, 2, 0}, 2, 0.5, 1)).hasMessageContaining("label 1 is 2");
    assertThatThrownBy(() -> Partition.stratified(new int[0], 2, 0.5, 1)).hasMessageContaining("all of 0 examples");
    assertThatThrownBy(() -> Partition.shuffled(1, 0.5, 1)).hasMessageContaining("1 examples");
    assertThatThrownBy(() -> Partition.shuffled(5, 1, 1)).hasMessageContaining("a share of 1.0");
    assertThatThrownBy(() -> Partition.shuffled(5, Double.NaN, 1)).hasMessageContaining("a share of NaN");
  }

  private static void assertPartition(Partition parts, int size) {
    assertThat(IntStream.concat(Arrays.stream(parts.train()), Arrays.stream(parts.test())).sorted().toArray())
        .isEqualTo(IntStream.range(0, size).toArray());
    assertThat(parts.train()).isSorted().isNotEmpty();
    assertThat(parts.test()).isSorted().isNotEmpty();
  }
}
