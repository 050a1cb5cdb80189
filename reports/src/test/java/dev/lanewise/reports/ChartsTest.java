package dev.lanewise.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChartsTest {
  @ParameterizedTest
  @CsvSource({"7, 1", "8, 2", "14, 2", "15, 5", "118, 20", "0.05, 0.01", "1e6, 200000"})
  void stepsAreRoundAndMarksFew(double top, double step) {
    assertThat(Axis.step(top)).isEqualTo(step, within(step * 1e-9));
  }

  @Test
  void marksHaveTheDigitsOfTheirStep() {
    assertThat(Axis.label(40, 20)).isEqualTo("40");
    assertThat(Axis.label(0.02, 0.01)).isEqualTo("0.02");
    assertThat(Axis.label(0.5, 0.5)).isEqualTo("0.5");
  }

  /** 600 pixels stand for 0 to 100, so 50 is 300 wide and the limit of 80 is at 210 + 480. */
  @Test
  void barsAreAsLongAsTheirValues() {
    String svg = BarChart.svg("t", "GFLOP/s", List.of("lanewise", "mkl", "ejml"),
        List.of(new BarChart.Group("a<b", Map.of("lanewise", 50.0, "mkl", 100.0, "ejml", Double.NaN), 80)));
    assertThat(svg).contains("width=\"300.0\" height", "width=\"600.0\" height", "x1=\"690.0\"", "a&lt;b")
        .doesNotContain("ejml", "NaN");
  }

  @Test
  void nothingToDrawIsNoChart() {
    assertThat(BarChart.svg("t", "u", List.of("lanewise"), List.of())).isEmpty();
    assertThat(LineChart.svg("t", Double.NaN)).isEmpty();
  }

  @Test
  void curvesLeaveOutWhatIsNotANumber() {
    assertThat(LineChart.svg("t", 1, Double.NaN, 3)).containsPattern("points=\"[0-9.]+,[0-9.]+ [0-9.]+,[0-9.]+\"").doesNotContain("NaN");
    assertThat(LineChart.svg("t", 2.5)).contains("<circle").doesNotContain("NaN", "Infinity");
    assertThat(LineChart.svg("t", 0, 0)).contains("<circle").doesNotContain("NaN", "Infinity");
  }
}
