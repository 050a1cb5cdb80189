package dev.lanewise.cli;

import dev.lanewise.training.data.text.CharTokenizer;
import dev.lanewise.training.data.text.Text;
import dev.lanewise.training.data.text.TokenStreams;
import dev.lanewise.training.data.text.TokenWindows;
import dev.lanewise.training.data.text.Tokens;
import dev.lanewise.training.models.Gpt;
import java.io.IOException;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code train gpt}: the next character, by a transformer. */
@Command(name = "gpt", sortOptions = false, description = {
    "Train a small GPT on the characters of Tiny Shakespeare, or of any text: --data names the file, or a folder that has it.",
    "Shows progress, then the loss in nats per character over the last tenth of the text, which is used for nothing else."})
final class TrainGpt extends TrainCommand {
  @Option(names = "--layers", paramLabel = "N", converter = Converters.Count.class, description = "Transformer blocks (default: 4).") private @Nullable Integer layers;

  @Option(names = "--heads", paramLabel = "N", converter = Converters.Count.class, description = "Heads of attention in each block (default: 4).") private @Nullable Integer heads;

  @Option(names = "--width", paramLabel = "N", converter = Converters.Count.class, description = "Channels, a multiple of the heads (default: 128).") private @Nullable Integer width;

  @Option(names = "--context", paramLabel = "N", converter = Converters.Count.class, description = "Characters that it looks at (default: 64).") private @Nullable Integer context;

  @Option(names = "--dropout", paramLabel = "X", converter = Converters.Share.class, description = "Share of elements dropped in training (default: 0).") private @Nullable Float dropout;

  @Option(names = "--iterations", paramLabel = "N", converter = Converters.Count.class, description = "Steps of one epoch, each on windows that begin at random places (default: 2000).") private @Nullable Integer iterations;

  @Override
  Course course(TrainingOptions options, Arena arena, Terminal terminal) throws IOException {
    Text text = Texts.load(options.data, terminal);
    CharTokenizer tokenizer = CharTokenizer.of(text.content());
    Gpt small = Gpt.small(tokenizer);
    Gpt recipe = new Gpt(tokenizer, or(layers, small.layers()), or(heads, small.heads()), or(width, small.width()),
        or(context, small.context()), or(dropout, small.dropout()));
    Tokens.Split tokens = Texts.split(tokenizer, text, terminal);
    int windows = Math.multiplyExact(or(iterations, recipe.iterations()), options.batch(recipe));
    return Course
        .of(text.name(), recipe, TokenWindows.sampled(Texts.limit(tokens.train(), options), recipe.context(), windows, options.seed()),
            Course.Unit.tokens(recipe.context()))
        .withValidation(TokenStreams.consecutive(tokens.heldOut(), recipe.context()))
        .withHeadlines("valLoss");
  }
}
