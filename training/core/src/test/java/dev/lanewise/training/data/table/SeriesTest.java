package dev.lanewise.training.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SeriesTest {
  @TempDir Path folder;

  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void theLastColumnIsRead() throws IOException {
    Path file = Files.writeString(folder.resolve("rain.csv"), "\"Month\",\"mm\"\n\"1\",1.5\n\"2\",2\n");
    Series series = Series.read(file);
    assertThat(series.name()).isEqualTo("rain");
    assertThat(series.toArray()).containsExactly(1.5, 2);
    Path gap = Files.writeString(folder.resolve("gap.csv"), "month,mm\n1,1.5\n2,\n");
    assertThatThrownBy(() -> Series.read(gap)).isInstanceOf(TableException.class)
        .hasMessageContaining("gap.csv, line 3, column 'mm': found a missing value");
    assertThatThrownBy(() -> Series.of("x", 1, Double.NaN)).hasMessageContaining("value 1 is NaN");
    assertThatThrownBy(() -> Series.of("x")).hasMessageContaining("there is no value");
  }

  @Test
  void aSeriesMayBeMadeUp() {
    Series series = Series.synthetic();
    assertThat(series.name()).isEqualTo("synthetic");
    assertThat(series.length()).isEqualTo(144);
    assertThat(series.isPositive()).isTrue();
    assertThat(series.toArray()).isEqualTo(Series.synthetic().toArray());
    assertThat(series.seasonalNaiveRmse(12, 24)).isBetween(20.0, 50.0); // 12 times 2.5 of growth, and the ripple
  }

  @Test
  void theSeasonalNaiveForecastIsTheValueOneSeasonBefore() {
    Series series = Series.of("x", 1, 2, 3, 5, 2, 7);
    assertThat(series.seasonalNaiveRmse(2, 2)).isEqualTo(Math.sqrt((1 + 4) / 2.0));
    assertThat(series.seasonalNaiveRmse(1, 5)).isEqualTo(Math.sqrt((1 + 1 + 4 + 9 + 25) / 5.0));
    assertThatThrownBy(() -> series.seasonalNaiveRmse(4, 3)).hasMessageContaining("the last 3 of 6 values");
  }

  @Test
  void windowsForetellTheNextValueAndTheTestPartReachesBack() {
    Series series = Series.of("x", 0, 1, 2, 3, 4, 5, 6, 17);
    SeriesWindows train = SeriesWindows.train(series, SeriesForm.VALUES, 3, 2, false);
    assertThat(train.size()).isEqualTo(2); // foretells 4 and 5; value 0 has no value before, so it is never seen
    assertThat(train.scale().mean(0)).isCloseTo(3, within(1e-15)); // of 1 to 5: nothing of the test part
    assertThat(values(train, 0)).containsExactly(1, 2, 3, 4);
    SeriesWindows test = train.test();
    assertThat(test.size()).isEqualTo(2);
    assertThat(test.value(1)).isEqualTo(17);
    assertThat(values(test, 0)).containsExactly(3, 4, 5, 6);
    assertThat(values(test, 1)).containsExactly(4, 5, 6, 17);
    SeriesWindows first = train.limit(1);
    assertThat(first.size()).isEqualTo(1);
    assertThat(values(first, 0)).containsExactly(1, 2, 3, 4);
    assertThat(values(first.test(), 0)).containsExactly(3, 4, 5, 6);
    assertThat(train.limit(9)).isSameAs(train);
    assertThatThrownBy(() -> train.limit(0)).hasMessageContaining("at least 1 example");
    SeriesWindows each = SeriesWindows.train(series, SeriesForm.VALUES, 3, 2, true);
    assertThat(values(each, 1)).containsExactly(2, 3, 4, 3, 4, 5);
    assertThat(each.targetShape()).isEqualTo(Shape.of(3, 1));
  }

  @ParameterizedTest
  @EnumSource
  void theTrueTargetForetellsTheTrueValue(SeriesForm form) {
    SeriesWindows test = SeriesWindows.train(Series.synthetic(), form, 12, 24, false).test();
    Tensor targets = Tensor.allocate(arena, Shape.of(24, 1));
    int[] order = IntStream.range(0, 24).toArray();
    test.targets(order, 0, 24, targets);
    // Values up to 600 whose standardised form is rounded to a float: 600 times a form of at most 10 times 2^-24.
    assertThat(test.rmse(targets)).isLessThan(600 * 10 * 0x1p-24);
    targets.fill(0);
    assertThat(test.rmse(targets)).isGreaterThan(1);
    assertThatThrownBy(() -> test.rmse(Tensor.allocate(arena, Shape.of(23, 1)))).isInstanceOf(ShapeException.class);
  }

  @Test
  void badRequestsAreNamed() {
    Series series = Series.of("x", 0, 1, 2, 3, 4, 5);
    assertThatThrownBy(() -> SeriesWindows.train(series, SeriesForm.LOG_RATIOS, 2, 1, false)).hasMessageContaining("have no logarithm");
    assertThatThrownBy(() -> SeriesWindows.train(series, SeriesForm.VALUES, 4, 1, false)).hasMessageContaining("at least 6 are needed");
    assertThatThrownBy(() -> SeriesWindows.train(series, SeriesForm.VALUES, 2, 0, false).test()).hasMessageContaining("nothing to test");
    assertThatThrownBy(() -> SeriesWindows.train(series, SeriesForm.VALUES, 2, 0, false).batch(new int[] {3}, 0, 1,
        Tensor.allocate(arena, Shape.of(1, 2, 1)), IntTensor.allocate(arena, Shape.of(1)))).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "LANEWISE_DATA", matches = ".+")
  void theRealSeriesAreRead() throws IOException {
    assertThat(Series.find("airline-passengers", null).length()).isEqualTo(144);
    assertThat(Series.find("daily-min-temperatures", null).length()).isEqualTo(3650);
    assertThat(Series.find("monthly-sunspots", null).length()).isEqualTo(2820);
    System.out.println("airline-passengers, last 24 months: seasonal-naive RMSE "
        + Series.find("airline-passengers", null).seasonalNaiveRmse(12, 24));
  }

  /** Inputs, then targets, in the series' own unit. */
  private int[] values(SeriesWindows windows, int example) {
    Tensor x = Tensor.allocate(arena, windows.inputShape().batch(1));
    Tensor y = Tensor.allocate(arena, windows.targetShape().batch(1));
    windows.batch(new int[] {example}, 0, 1, x, IntTensor.allocate(arena, Shape.of(1)));
    windows.targets(new int[] {example}, 0, 1, y);
    int[] values = new int[(int) (x.size() + y.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (int) Math.round(windows.scale().invert(0, i < x.size() ? x.get(i) : y.get(i - x.size())));
    }
    return values;
  }
}
