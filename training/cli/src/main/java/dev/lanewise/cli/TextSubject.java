package dev.lanewise.cli;

import dev.lanewise.kernels.Workers;
import dev.lanewise.training.data.text.Text;
import dev.lanewise.training.data.text.TokenStreams;
import dev.lanewise.training.data.text.Tokenizer;
import dev.lanewise.training.generation.TextGenerator;
import dev.lanewise.training.generation.TextSampler;
import dev.lanewise.training.models.ModelFile;
import dev.lanewise.training.models.Recipe;
import dev.lanewise.training.models.TextRecipe;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Goes on with a text. */
class TextSubject implements Subject {
  /** Where a text begins if nobody says how: after the end of a line, as everywhere in what was learned. */
  private static final String BEGINNING = "\n";

  @Override
  public Exam exam(Recipe recipe, @Nullable Path data, Arena arena, Terminal terminal) throws IOException {
    TextRecipe text = (TextRecipe) recipe;
    Text loaded = Texts.load(data, terminal);
    return new Exam(loaded.name() + ", held out",
        TokenStreams.consecutive(Texts.split(text.tokenizer(), loaded, terminal).heldOut(), text.context()), "windows");
  }

  @Override
  public void generate(ModelFile file, GenerateOptions options, Terminal terminal) {
    options.requireText(true);
    TextRecipe recipe = (TextRecipe) file.recipe();
    Tokenizer tokenizer = recipe.tokenizer();
    String prompt = options.prompt == null || options.prompt.isEmpty() ? BEGINNING : options.prompt;
    int[] tokens = tokenizer.encode(prompt);
    TextSampler sampler = sampler(options);
    // Bytes as they come: a token may be part of a character only.
    PrintStream out = System.out;
    if (!prompt.equals(BEGINNING)) {
      out.writeBytes(prompt.getBytes(StandardCharsets.UTF_8));
    }
    try (Workers workers = Workers.threads(options.threads);
        TextGenerator generator = TextGenerator.of(recipe.chain(file.model()), workers)) {
      generator.generate(tokens, options.tokens(), sampler, token -> {
        out.writeBytes(tokenizer.utf8(token));
        out.flush();
      });
    }
    out.println();
  }

  private static TextSampler sampler(GenerateOptions options) {
    TextSampler sampler = TextSampler.of(options.seed).temperature(options.temperature());
    if (options.topK != null) {
      sampler = sampler.topK(options.topK);
    }
    return options.topP == null ? sampler : sampler.topP(options.topP);
  }
}
