package dev.lanewise.cli;

import dev.lanewise.training.data.table.Series;
import dev.lanewise.training.data.table.SeriesForm;
import dev.lanewise.training.data.table.SeriesWindows;
import dev.lanewise.training.models.Recipe;
import dev.lanewise.training.models.SeriesRnn;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Says what comes next in a time series. */
final class RnnSubject implements Subject {
  /** Values at the end of a series that are tested on. */
  static final int HELD_OUT = 24;

  @Override
  public Exam exam(Recipe recipe, @Nullable Path data, Arena arena, Terminal terminal) throws IOException {
    if (data == null) {
      throw new IllegalArgumentException("a model of " + SeriesRnn.NAME + " is evaluated on a file: name it by --data FILE.csv");
    }
    Series series = Series.read(data);
    return new Exam(series.name() + ", the last " + HELD_OUT + " values",
        SeriesWindows.train(series, form(series), ((SeriesRnn) recipe).steps(), HELD_OUT, false).test(), "values");
  }

  /** Growth is a matter of shares where values are positive. */
  static SeriesForm form(Series series) {
    return series.isPositive() ? SeriesForm.LOG_RATIOS : SeriesForm.DIFFERENCES;
  }
}
