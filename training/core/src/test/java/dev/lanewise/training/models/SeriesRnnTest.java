package dev.lanewise.training.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.layers.Sequential;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.table.Series;
import dev.lanewise.training.data.table.SeriesForm;
import dev.lanewise.training.data.table.SeriesWindows;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class SeriesRnnTest {
  @Test
  void foretellsAMadeUpSeriesBetterThanItsLastSeason() {
    Series series = Series.synthetic();
    SeriesRnn recipe = new SeriesRnn(12, 16);
    SeriesWindows train = SeriesWindows.train(series, SeriesForm.LOG_RATIOS, 12, 24, false);
    SeriesWindows test = train.test();
    try (Arena arena = Arena.ofShared()) {
      Sequential model = recipe.build(1, arena);
      try (Trainer trainer = recipe.trainer(model)) {
        trainer.seed(1).fit(train, 40, recipe.batch());
        assertThat(test.rmse(trainer.predict(test, arena))).isPositive().isLessThan(series.seasonalNaiveRmse(12, 24));
      }
    }
  }

  @Test
  void itsOptionsMakeItAgain() {
    SeriesRnn recipe = new SeriesRnn(5, 7);
    assertThat(Recipes.find(SeriesRnn.NAME, recipe.options())).isEqualTo(recipe);
  }
}
