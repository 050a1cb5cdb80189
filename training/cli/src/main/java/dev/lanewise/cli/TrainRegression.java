package dev.lanewise.cli;

import dev.lanewise.layers.Model;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.DeadRelu;
import dev.lanewise.training.Loss;
import dev.lanewise.training.PassTrace;
import dev.lanewise.training.data.table.RegressionData;
import dev.lanewise.training.models.Regression;
import dev.lanewise.training.models.TableRegression;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code train regression}: the article's worked example, or a column of a table. */
@Command(name = "regression", sortOptions = false, description = {
    "Without --data: the worked example, a network 1-2-2-1 with ReLU that learns y = 2x from five examples; it may start with a",
    "dead layer, which is said and explained.",
    "With --data: a table. A folder that holds tabular/ (airfoil noise), or a file, comma or blank separated. A fifth of the rows",
    "is held out to test on; rows that lack a value and columns of text are left out, and that is said."})
final class TrainRegression extends TrainCommand {
  /** Of the worked example; the trace shows this step. */
  private static final float RATE = 0.01f;

  @Option(names = "--trace", description = "Worked example: print the first forward and backward pass with all numbers.") private @Nullable Boolean trace;

  @Option(names = "--redraw", description = "Worked example: draw first weights again until no layer is dead.") private @Nullable Boolean redraw;

  @Option(names = "--target", paramLabel = "COLUMN", description = "Table: the column to foretell (default: the last one of numbers).") private @Nullable String target;

  @Override
  Course course(TrainingOptions options, Arena arena, Terminal terminal) throws IOException {
    return options.data == null ? workedExample(options, arena, terminal) : table(options, arena, terminal);
  }

  private Course workedExample(TrainingOptions options, Arena arena, Terminal terminal) {
    if (options.limit != null) {
      throw new IllegalArgumentException("--limit: the worked example needs all of its five examples; leave it out");
    }
    terminal.line("data        worked example: x = 1, 2, 3, 4, 5 and y = 2x; an epoch goes through them 100 times");
    Regression recipe = new Regression(or(redraw, false));
    Sequential first = recipe.build(options.seed(), arena);
    List<DeadRelu> dead = Regression.dead(first);
    if (!dead.isEmpty()) {
      explain("starts with", dead, terminal);
    }
    if (or(trace, false)) {
      Tensor x = Regression.inputs(arena);
      terminal.line("%n%s", PassTrace.of(first, x, Regression.targets(arena), Loss.HALF_MSE, RATE).stripTrailing());
      terminal.line("");
    }
    return Course.of("worked-example", recipe, Regression.examples(arena), Course.Unit.EXAMPLES)
        .withOutcome((model, workers) -> outcome(model, dead.isEmpty(), terminal));
  }

  private static Map<String, Double> outcome(Model model, boolean alive, Terminal terminal) {
    Sequential learned = (Sequential) model;
    List<DeadRelu> dead = Regression.dead(learned);
    if (alive && !dead.isEmpty()) {
      explain("ends with", dead, terminal);
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("finalLoss", Regression.loss(learned));
    figures.put("f6", (double) Regression.answer(learned, 6));
    figures.put("deadLayers", (double) dead.size());
    return figures;
  }

  private static void explain(String when, List<DeadRelu> dead, Terminal terminal) {
    String layers = dead.stream()
        .map(layer -> String.format(Locale.ROOT, "%s (%d units)", layer.layer(), layer.units())).collect(Collectors.joining(", "));
    terminal.line("dead        the network %s a dead layer: %s. Its weighted sums are below 0 for all five", when, layers);
    terminal.line("            examples, so ReLU puts out 0 and has derivative 0: no gradient passes it, and nothing below will");
    terminal.line("            ever change. Only the last bias learns, and the best constant is the mean of y, 6, with a loss");
    terminal.line("            of 4. --redraw draws first weights until no layer is dead; another --seed may be lucky.");
  }

  private Course table(TrainingOptions options, Arena arena, Terminal terminal) throws IOException {
    if (trace != null || redraw != null) {
      throw new IllegalArgumentException("--trace and --redraw belong to the worked example; leave them or --data out");
    }
    RegressionData data = Tables.load(options.data, or(target, ""), options.seed(), arena, terminal);
    return Course.of(data.name(), TableRegression.of(data, options.seed()), data.train().limit(options.limit()),
        Course.Unit.EXAMPLES).withTest(data.test()).withHeadlines("testLoss", "testRmse", "testR2");
  }
}
