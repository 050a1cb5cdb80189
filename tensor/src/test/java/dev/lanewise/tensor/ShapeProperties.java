package dev.lanewise.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ShapeProperties {
  @Property
  void theSizeIsTheProductOfTheAxes(@ForAll("anyAxes") int[] dims) {
    Shape shape = Shape.of(dims);
    assertThat(shape.size()).isEqualTo(Arrays.stream(dims).asLongStream().reduce(1, (a, b) -> a * b));
    assertThat(shape.rank()).isEqualTo(dims.length);
    assertThat(shape.toArray()).isEqualTo(dims);
    assertThat(shape).hasToString(Arrays.toString(dims));
  }

  @Property
  void aBatchIsABatchOfItsExampleAndOfNothingElse(
      @ForAll("anyAxes") int[] dims,
      @ForAll("anyAxes") int[] others,
      @ForAll @IntRange(min = 0, max = 5) int n) {
    Shape example = Shape.of(dims);
    Shape batch = example.batch(n);
    assertThat(batch.isBatchOf(n, example)).isTrue();
    assertThat(batch.isBatchOf(n + 1, example)).isFalse();
    assertThat(batch.isBatchOf(Shape.of(others))).isEqualTo(Arrays.equals(dims, others));
    assertThat(batch.size()).isEqualTo(n * example.size());
  }

  @Property
  void theShortFormsEqualTheGeneralOne(
      @ForAll @IntRange(min = 0, max = 9) int a, @ForAll @IntRange(min = 0, max = 9) int b,
      @ForAll @IntRange(min = 0, max = 9) int c, @ForAll @IntRange(min = 0, max = 9) int d) {
    assertThat(Shape.of(a)).isEqualTo(Shape.of(new int[] {a}));
    assertThat(Shape.of(a, b)).isEqualTo(Shape.of(new int[] {a, b}));
    assertThat(Shape.of(a, b, c)).isEqualTo(Shape.of(new int[] {a, b, c}));
    assertThat(Shape.of(a, b, c, d)).isEqualTo(Shape.of(new int[] {a, b, c, d}))
        .hasSameHashCodeAs(Shape.of(new int[] {a, b, c, d}));
  }

  @Property
  void aShapeKeepsNoHoldOfTheArrayItWasMadeFrom(@ForAll("axes") int[] dims) {
    int first = dims[0];
    Shape shape = Shape.of(dims);
    dims[0] = first + 1;
    shape.toArray()[0] = first + 1;
    assertThat(shape.dim(0)).isEqualTo(first);
  }

  @Property
  void anAxisOfNegativeSizeIsRefused(@ForAll @IntRange(min = Integer.MIN_VALUE, max = -1) int d) {
    assertThatThrownBy(() -> Shape.of(3, d)).isInstanceOf(ShapeException.class).hasMessageContaining("[3, " + d + "]");
  }

  @Property
  void sizesThatOverflowAreRefused(@ForAll @IntRange(min = 1 << 20, max = Integer.MAX_VALUE) int d) {
    assertThatThrownBy(() -> Shape.of(d, d, d)).isInstanceOf(ShapeException.class).hasMessageContaining("2^48");
    assertThat(Shape.of(d, d, d, 0).size()).isZero();
  }

  @Property
  void shapesAreEqualIfAndOnlyIfTheirAxesAre(@ForAll("anyAxes") int[] dims, @ForAll("anyAxes") int[] others) {
    assertThat(Shape.of(dims).equals(Shape.of(others))).isEqualTo(Arrays.equals(dims, others));
    assertThat(Shape.of(dims)).isEqualTo(Shape.of(dims.clone())).hasSameHashCodeAs(Shape.of(dims.clone()));
  }

  @Property(tries = 48)
  void asManyElementsAsTwoToThe48AreAllowedAndNotOneMore(@ForAll @IntRange(min = 18, max = 30) int power) {
    Shape most = Shape.of(1 << power, 1 << (48 - power));
    assertThat(most.size()).isEqualTo(1L << 48);
    assertThatThrownBy(() -> Shape.of(1 << power, (1 << (48 - power)) + 1)).isInstanceOf(ShapeException.class);
  }

  @Provide
  Arbitrary<int[]> anyAxes() {
    return Arbitraries.integers().between(0, 9).array(int[].class).ofMaxSize(5);
  }

  @Provide
  Arbitrary<int[]> axes() {
    return Arbitraries.integers().between(0, 9).array(int[].class).ofMinSize(1).ofMaxSize(5);
  }
}
