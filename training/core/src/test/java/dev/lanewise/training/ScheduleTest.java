package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Allocation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  private static final Schedule.Horizon RUN = new Schedule.Horizon(100, 500);

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      constant                          |   0 | 1
      constant                          | 499 | 1
      step:every=2,factor=0.5           | 199 | 1
      step:every=2,factor=0.5           | 200 | 0.5
      step:every=2,factor=0.5           | 399 | 0.5
      step:every=2,factor=0.5           | 400 | 0.25
      step:every=0.5,factor=0.1         |  50 | 0.1
      exponential:rate=0.25,every=1     |   0 | 1
      exponential:rate=0.25,every=1     |  50 | 0.5
      exponential:rate=0.25,every=1     | 200 | 0.0625
      cosine:warmup=0                   |   0 | 1
      cosine:warmup=0                   | 250 | 0.5
      cosine:warmup=4                   |   0 | 0.2
      cosine:warmup=4                   |   3 | 0.8
      cosine:warmup=4                   |   4 | 1
      cosine:warmup=100                 | 300 | 0.5
      cosine:warmup=20%                 | 300 | 0.5
      cosine:warmup=0,end=0.1           | 250 | 0.55
      cosine:warmup=0,end=0.1           | 500 | 0.1
      piecewise:1=0.5,3.5=0.1           |  99 | 1
      piecewise:1=0.5,3.5=0.1           | 100 | 0.5
      piecewise:1=0.5,3.5=0.1           | 349 | 0.5
      piecewise:1=0.5,3.5=0.1           | 350 | 0.1
      """)
  void factorsAtKnownSteps(String text, long step, double factor) {
    // Shares such as 0.55 are not exact in binary.
    assertThat(Math.abs(Schedule.parse(text).factor(step, RUN) - factor)).isLessThanOrEqualTo(Math.ulp(1.0));
  }

  @Test
  void theUsualCosineWarmsUpShortlyAndEndsNearZero() {
    Schedule.Horizon mnist = new Schedule.Horizon(1875, 5 * 1875);
    Schedule cosine = Schedule.cosine();
    assertThat(cosine.factor(0, mnist)).isLessThan(0.01);
    assertThat(cosine.factor(468, mnist)).isEqualTo(1);
    assertThat(cosine.factor(467, mnist)).isLessThan(1);
    assertThat(cosine.factor(5 * 1875 - 1, mnist)).isBetween(1e-9, 1e-6);
    assertThat(cosine).isEqualTo(Schedule.parse("cosine"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"constant", "step:every=2.0,factor=0.5", "exponential:rate=0.9,every=1.0",
      "cosine:warmup=5.0%/500,end=0.0", "cosine:warmup=500,end=0.1", "cosine:warmup=5.0%,end=0.0",
      "piecewise:3.0=0.1,4.5=0.01"})
  void textIsReadBack(String text) {
    assertThat(Schedule.parse(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"constant", "step", "exponential", "cosine", "piecewise:1=0.5,3.5=0.1"})
  void aFactorAllocatesNothing(String text) {
    Schedule schedule = Schedule.parse(text);
    double[] sum = new double[1];
    assertThat(Allocation.steady(() -> {
      for (long step = 0; step < RUN.totalSteps(); step++) {
        sum[0] += schedule.factor(step, RUN);
      }
    })).isZero();
    assertThat(sum[0]).isPositive();
  }

  @Test
  void optionsThatAreLeftOutHaveTheirUsualValues() {
    assertThat(Schedule.parse("step")).isEqualTo(new Schedule.Step(1, 0.5));
    assertThat(Schedule.parse("exponential")).isEqualTo(new Schedule.Exponential(0.9, 1));
    assertThat(Schedule.parse(" cosine : end=0.5 , warmup = 7 "))
        .isEqualTo(new Schedule.Cosine(Schedule.WarmUp.steps(7), 0.5));
    assertThat(Schedule.parse("piecewise:2=0")).isEqualTo(new Schedule.Piecewise(List.of(2.0), List.of(0.0)));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      cosin                   | Schedule: 'cosin' is unknown; choices are constant, step, exponential, cosine, piecewise
      cosine:warmpu=3         | Schedule cosine: option 'warmpu' is unknown; options are warmup, end
      constant:rate=1         | Schedule constant: option 'rate' is unknown; it has none
      step:every=2,every=3    | Schedule step: option 'every' is given twice
      step:every              | Schedule step: 'every' is no option; write name=value, separated by commas
      step:every=two          | Schedule step: every is 'two'; a number is needed
      step:every=0            | Schedule step: every is 0.0; a finite number above 0 is needed
      step:factor=1.5         | Schedule step: factor is 1.5; a number above 0 and at most 1 is needed
      exponential:rate=NaN    | Schedule exponential: rate is NaN; a number above 0 and at most 1 is needed
      cosine:end=-1           | Schedule cosine: end is -1.0; a number from 0 to 1 is needed
      cosine:warmup=-1        | at most -1 steps
      cosine:warmup=5.5       | write steps (500), a share of the run (5%) or a share and the most steps (5%/500)
      piecewise               | Schedule piecewise: 0 epochs but 0 factors
      piecewise:3=0.1,2=0.01  | Schedule piecewise: epoch 2.0 follows 3.0; epochs must ascend from above 0
      piecewise:1=-0.1        | Schedule piecewise: factor -0.1 at epoch 1.0; a finite number from 0 is needed
      """)
  void badTextIsAnErrorThatNamesTheChoices(String text, String message) {
    assertThatThrownBy(() -> Schedule.parse(text)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
