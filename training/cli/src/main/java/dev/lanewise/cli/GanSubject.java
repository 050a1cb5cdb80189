package dev.lanewise.cli;

import dev.lanewise.training.data.Splits;
import dev.lanewise.training.models.AdversarialPair;
import dev.lanewise.training.models.ModelFile;
import dev.lanewise.training.models.Recipe;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Draws images. */
final class GanSubject implements Subject {
  @Override
  public Exam exam(Recipe recipe, @Nullable Path data, Arena arena, Terminal terminal) throws IOException {
    Splits splits = Digits.loadTest(data, arena, terminal);
    return new Exam(splits.name(), splits.test(), "images");
  }

  @Override
  public void generate(ModelFile file, GenerateOptions options, Terminal terminal) throws IOException {
    options.requireText(false);
    if (options.reconstruct) {
      throw new IllegalArgumentException("--reconstruct takes a model that has an encoder, a vae; a gan only draws");
    }
    try (ImageDrawer drawer = new ImageDrawer(options)) {
      drawer.draw((AdversarialPair) file.model());
      terminal.line("images      written to %s", drawer.out());
    }
  }
}
