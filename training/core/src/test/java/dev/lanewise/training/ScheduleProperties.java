package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ScheduleProperties {

  @Property(tries = 200)
  void everyFactorLiesBetweenZeroAndOne(
      @ForAll("schedules") Schedule schedule, @ForAll @IntRange(min = 1, max = 40) int perEpoch,
      @ForAll @IntRange(min = 1, max = 6) int epochs) {
    Schedule.Horizon horizon = new Schedule.Horizon(perEpoch, (long) perEpoch * epochs);
    for (long step = 0; step <= horizon.totalSteps() + 2; step++) {
      assertThat(schedule.factor(step, horizon)).isBetween(0.0, 1.0);
    }
  }

  @Property(tries = 200)
  void afterItsWarmUpNoFactorRises(
      @ForAll("schedules") Schedule schedule, @ForAll @IntRange(min = 1, max = 40) int perEpoch,
      @ForAll @IntRange(min = 1, max = 6) int epochs) {
    Schedule.Horizon horizon = new Schedule.Horizon(perEpoch, (long) perEpoch * epochs);
    long warm = schedule instanceof Schedule.Cosine cosine ? cosine.warmUp().of(horizon.totalSteps()) : 0;
    for (long step = 1; step < horizon.totalSteps(); step++) {
      double before = schedule.factor(step - 1, horizon);
      double now = schedule.factor(step, horizon);
      if (step <= warm) {
        assertThat(now).as("step %d of the warm-up", step).isGreaterThan(before);
      } else {
        assertThat(now).as("step %d", step).isLessThanOrEqualTo(before);
      }
    }
  }

  /** The factor at a time is the same however many steps an epoch is cut into. */
  @Property(tries = 100)
  void epochsCountAndNotSteps(
      @ForAll @IntRange(min = 1, max = 50) int perEpoch, @ForAll @IntRange(min = 1, max = 5) int every,
      @ForAll @IntRange(min = 0, max = 20) int epoch) {
    Schedule stairs = new Schedule.Step(every, 0.5);
    double wanted = Math.scalb(1.0, -(epoch / every));
    Schedule.Horizon horizon = new Schedule.Horizon(perEpoch, 21L * perEpoch);
    assertThat(stairs.factor((long) epoch * perEpoch, horizon)).isEqualTo(wanted);
    assertThat(stairs.factor((long) epoch * perEpoch + perEpoch - 1, horizon)).isEqualTo(wanted);
  }

  @Property(tries = 200)
  void textReadsBackAsTheSameSchedule(@ForAll("schedules") Schedule schedule) {
    assertThat(Schedule.parse(schedule.text())).isEqualTo(schedule);
  }

  @Provide
  Arbitrary<Schedule> schedules() {
    Arbitrary<Double> share = Arbitraries.integers().between(1, 64).map(i -> i / 64.0);
    Arbitrary<Double> length = Arbitraries.integers().between(1, 40).map(i -> i / 8.0);
    return Arbitraries.oneOf(
        Arbitraries.just(Schedule.constant()),
        Combinators.combine(length, share).as(Schedule.Step::new),
        Combinators.combine(share, length).as(Schedule.Exponential::new),
        Combinators.combine(Arbitraries.integers().between(0, 60), share)
            .as((warm, end) -> new Schedule.Cosine(Schedule.WarmUp.steps(warm), end)),
        Combinators.combine(length, share)
            .as((epoch, factor) -> new Schedule.Piecewise(List.of(epoch, epoch + 1), List.of(factor, factor / 2))));
  }
}
