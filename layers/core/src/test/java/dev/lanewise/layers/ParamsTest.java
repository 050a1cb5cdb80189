package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Rng;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParamsTest {
  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  private float[] values(Initializer initializer, Shape shape, long seed, long stream) {
    Tensor value = Tensor.allocate(arena, shape);
    initializer.fill(value, seed, stream);
    return value.toArray();
  }

  private static Initializer named(String name) {
    return switch (name) {
      case "GLOROT_UNIFORM" -> Initializer.GLOROT_UNIFORM;
      case "GLOROT_NORMAL" -> Initializer.GLOROT_NORMAL;
      case "HE_UNIFORM" -> Initializer.HE_UNIFORM;
      default -> Initializer.HE_NORMAL;
    };
  }

  @ParameterizedTest
  @CsvSource({"GLOROT_UNIFORM, 0.006666667, 0.1414214", "GLOROT_NORMAL, 0.006666667, 0.1856373", "HE_UNIFORM, 0.02, 0.2449490",
      "HE_NORMAL, 0.02, 0.3215334"})
  void aMatrixHasItsVarianceAndItsLimit(String name, double variance, double limit) {
    // in = 100, out = 200: 2 / 300 and 2 / 100; the limits are sqrt(3 v), and 2 sqrt(v) / 0.8796 where the normal is cut off.
    float[] values = values(named(name), Shape.of(100, 200), 3, 5);
    double sum = 0;
    double squares = 0;
    double largest = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
      largest = Math.max(largest, Math.abs(value));
    }
    int n = values.length;
    assertThat(Math.abs(sum / n)).isLessThan(6 * Math.sqrt(variance / n));
    // The fourth moment of all these distributions is below 3 v^2, so the mean square has a deviation below sqrt(2 / n) v.
    assertThat(Math.abs(squares / n - variance)).isLessThan(6 * Math.sqrt(2.0 / n) * variance);
    assertThat(largest).isBetween(0.99 * limit, 1.000001 * limit);
  }

  @Test
  void theFansOfAConvolutionKernelCountItsPixels() {
    // [3, 3, 4, 8]: in 36, out 72, so a = sqrt(6 / 108); [36, 72] has the same fans.
    float[] kernel = values(Initializer.GLOROT_UNIFORM, Shape.of(3, 3, 4, 8), 1, 1);
    assertThat(kernel).isEqualTo(Arrays.copyOf(values(Initializer.GLOROT_UNIFORM, Shape.of(36, 72), 1, 1), 288));
    assertThat(values(Initializer.HE_NORMAL, Shape.of(3, 3, 4, 8), 1, 1))
        .isEqualTo(Arrays.copyOf(values(Initializer.HE_NORMAL, Shape.of(36, 9), 1, 1), 288));
    assertThat(values(Initializer.HE_NORMAL, Shape.of(7), 1, 1)).isEqualTo(values(Initializer.HE_NORMAL, Shape.of(7, 1), 1, 1));
  }

  @Test
  void constantsAreConstant() {
    assertThat(values(Initializer.ZEROS, Shape.of(5), 1, 1)).containsOnly(0);
    assertThat(values(Initializer.ONES, Shape.of(5), 1, 1)).containsOnly(1);
  }

  @Test
  void eachParameterHasAStreamOfItsOwn() {
    var built = Params.build(1, arena, params -> {
      params.param("a", Shape.of(40), Initializer.GLOROT_UNIFORM);
      return params.param("b", Shape.of(40), Initializer.GLOROT_UNIFORM);
    });
    Param a = built.params().list().get(0);
    assertThat(a.shape()).isEqualTo(Shape.of(40));
    assertThat(built.model()).isSameAs(built.params().list().get(1));
    assertThat(a.value().toArray()).isNotEqualTo(built.model().value().toArray());
    assertThat(built.params().values().size()).isEqualTo(96);
    assertThat(built.params().count()).isEqualTo(80);
  }

  @Test
  void theBuilderCountsParametersAndGivesEachAndEachRandomLayerTheNextStream() {
    List<Long> streams = new ArrayList<>();
    Initializer noting = (value, seed, stream) -> streams.add(stream);
    var built = Params.build(1, arena, params -> {
      streams.clear();
      params.param("a", Shape.of(2), noting);
      params.param("b", Shape.of(2), noting);
      params.state("c", Shape.of(2), noting);
      streams.add(params.stream());
      streams.add(params.stream());
      return params.count();
    });
    assertThat(built.model()).isEqualTo(3);
    assertThat(streams).containsExactly(Streams.PARAMETER, Streams.PARAMETER + 1L, Streams.PARAMETER + 2L, Streams.LAYER,
        Streams.LAYER + 1L);
  }

  @Test
  void valuesWithoutFansHaveTheBoundOrDeviationThatIsGiven() {
    double largest = 0;
    for (float value : values(Initializer.uniform(0.25f), Shape.of(100, 200), 3, 5)) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(largest).isBetween(0.99 * 0.25, 0.25);
    double squares = 0;
    largest = 0;
    for (float value : values(Initializer.normal(0.5f), Shape.of(100, 200), 3, 5)) {
      squares += (double) value * value;
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(Math.abs(squares / 20_000 - 0.25)).isLessThan(6 * Math.sqrt(2.0 / 20_000) * 0.25);
    // Of 20,000 draws that are not cut off some lie beyond three deviations.
    assertThat(largest).isGreaterThan(3 * 0.5);
  }

  /**
   * The vectors are the draws, number i of their length after number i - 1, each without its share of those before and scaled to length 1: so each draw is put
   * together again from its own and those before, its own with a positive share. Rows in a square, too.
   */
  @Property(tries = 200)
  void anOrthogonalMatrixIsMadeOfItsDraws(
      @ForAll @IntRange(min = 1, max = 6) int rows, @ForAll @IntRange(min = 1, max = 6) int cols, @ForAll long seed) {
    try (Arena own = Arena.ofConfined()) {
      Tensor value = Tensor.allocate(own, Shape.of(rows, cols));
      Initializer.ORTHOGONAL.fill(value, seed, 4);
      int length = Math.max(rows, cols);
      for (int i = 0; i < Math.min(rows, cols); i++) {
        double[] draw = new double[length];
        for (int j = 0; j < length; j++) {
          draw[j] = Rng.normal(seed, 4, (long) i * length + j);
        }
        double size = Math.sqrt(dot(draw, draw));
        double[] rest = draw.clone();
        for (int k = 0; k <= i; k++) {
          double[] vector = new double[length];
          for (int j = 0; j < length; j++) {
            vector[j] = value.get(rows <= cols ? (long) k * cols + j : (long) j * cols + k);
          }
          double share = dot(draw, vector);
          assertThat(k < i || share > 0).isTrue();
          for (int j = 0; j < length; j++) {
            rest[j] -= share * vector[j];
          }
        }
        // Elements of the vectors are rounded to fp32, and there are at most 6 of them.
        assertThat(Math.sqrt(dot(rest, rest))).isLessThanOrEqualTo(6 * 0x1p-22 * size);
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Test
  void namesAreUnique() {
    assertThatThrownBy(() -> Params.build(1, arena, params -> {
      params.param("a", Shape.of(1), Initializer.ZEROS);
      return params.param("a", Shape.of(1), Initializer.ZEROS);
    })).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("two parameters are called a");
    var built = Params.build(1, arena, params -> params.name("x") + params.name("x") + params.name("y") + params.name("x"));
    assertThat(built.model()).isEqualTo("xx_1yx_2");
    assertThat(built.params().count()).isZero();
  }

  @Test
  void aRecipeThatAsksForMoreTheSecondTimeIsRefused() {
    int[] runs = {0};
    assertThatThrownBy(() -> Params.build(1, arena, params -> params.param("a", Shape.of(16 * ++runs[0]), Initializer.ZEROS)))
        .isInstanceOf(IllegalStateException.class).hasMessageContaining("a [32] was not there when the model was measured");
  }
}
