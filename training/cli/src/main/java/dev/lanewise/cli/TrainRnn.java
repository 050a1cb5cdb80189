package dev.lanewise.cli;

import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.table.Series;
import dev.lanewise.training.data.table.SeriesForm;
import dev.lanewise.training.data.table.SeriesWindows;
import dev.lanewise.training.data.text.CharTokenizer;
import dev.lanewise.training.data.text.TokenStreams;
import dev.lanewise.training.data.text.Text;
import dev.lanewise.training.data.text.Tokens;
import dev.lanewise.training.models.CharRnn;
import dev.lanewise.training.models.SeriesRnn;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code train rnn}: the next character of a text, or the next value of a time series. */
@Command(name = "rnn", sortOptions = false, description = {
    "Train a recurrent network to say which character of a text comes next: Tiny Shakespeare, or the text that --data names (a file, or a",
    "folder that has tinyshakespeare/). The first 90%% are learned from, loss on the last 10%% is shown after each epoch, the state carried",
    "through the text. With --series: an LSTM that foretells the next value of a time series from a CSV file; the last --held-out values",
    "are for testing only."})
final class TrainRnn extends TrainCommand {
  @Option(names = "--cell", paramLabel = "NAME", description = "elman, gru or lstm (default: lstm).") private @Nullable String cell;

  @Option(names = "--units", paramLabel = "N", converter = Converters.Count.class, description = "Length of the state (default: 128; of a series: 32).") private @Nullable Integer units;

  @Option(names = "--steps", paramLabel = "N", converter = Converters.Count.class, description = "Characters or values in a sequence (default: 64; of a series: 12).") private @Nullable Integer steps;

  @Option(names = "--series", paramLabel = "FILE", description = "A CSV file with a column of dates or numbers and a column of values, or a name such as airline-passengers.") private @Nullable String series;

  @Option(names = "--season", paramLabel = "N", converter = Converters.Count.class, description = "Values in a season of the series, for the forecast to compare with (default: 12).") private @Nullable Integer season;

  @Option(names = "--held-out", paramLabel = "N", converter = Converters.Count.class, description = "Values at the end of the series to test on (default: 24).") private @Nullable Integer heldOut;

  @Override
  Course course(TrainingOptions options, Arena arena, Terminal terminal) throws IOException {
    return series == null ? text(options, terminal) : series(series, options, terminal);
  }

  private Course text(TrainingOptions options, Terminal terminal) throws IOException {
    Text text = Texts.load(options.data, terminal);
    CharTokenizer tokenizer = CharTokenizer.of(text.content());
    CharRnn usual = CharRnn.of(or(cell, "lstm"), tokenizer);
    int t = or(steps, usual.steps());
    CharRnn recipe = new CharRnn(usual.cell(), or(units, usual.units()), t, tokenizer);
    Tokens.Split split = Texts.split(tokenizer, text, terminal);
    int streams = options.batch(recipe);
    return Course.of(text.name(), recipe, TokenStreams.of(Texts.limit(split.train(), options), streams, t), Course.Unit.tokens(t))
        .withValidation(TokenStreams.consecutive(split.heldOut(), t)).withHeadlines("valLoss");
  }

  private Course series(String name, TrainingOptions options, Terminal terminal) throws IOException {
    if (cell != null && !cell.equals("lstm")) {
      throw new IllegalArgumentException("--cell " + cell + ": a series is learned by an lstm; leave it out");
    }
    Path file = Path.of(name);
    Series values = name.endsWith(".csv") || name.contains("/") ? Series.read(file) : Series.find(name, options.data);
    int tested = or(heldOut, RnnSubject.HELD_OUT);
    SeriesForm form = RnnSubject.form(values);
    SeriesRnn recipe = new SeriesRnn(or(steps, 12), or(units, 32));
    SeriesWindows train = SeriesWindows.train(values, form, recipe.steps(), tested, false);
    SeriesWindows test = train.test();
    // Before the training: a season that does not fit must not be found out after it.
    double naive = values.seasonalNaiveRmse(or(season, 12), tested);
    terminal.line("data        %s: %,d values, the last %d to test on", values.name(), values.length(), tested);
    return Course.of(values.name(), recipe, train.limit(options.limit()), Course.Unit.EXAMPLES).withOutcome((model, workers) -> {
      Map<String, Double> figures = new TreeMap<>();
      try (Arena results = Arena.ofConfined(); Trainer trainer = recipe.trainer(model).workers(workers)) {
        figures.put("testRmse", test.rmse(trainer.predict(test, results)));
      }
      figures.put("seasonalNaiveRmse", naive);
      return figures;
    });
  }
}
