package dev.lanewise.cli;

import dev.lanewise.training.data.Splits;
import dev.lanewise.training.models.ModelFile;
import dev.lanewise.training.models.Recipe;
import dev.lanewise.training.models.VariationalAutoencoder;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Draws images, and draws given ones again. */
final class VaeSubject implements Subject {
  @Override
  public Exam exam(Recipe recipe, @Nullable Path data, Arena arena, Terminal terminal) throws IOException {
    Splits splits = Digits.loadTest(data, arena, terminal);
    return new Exam(splits.name(), splits.test(), "images");
  }

  @Override
  public void generate(ModelFile file, GenerateOptions options, Terminal terminal) throws IOException {
    options.requireText(false);
    VariationalAutoencoder model = (VariationalAutoencoder) file.model();
    try (ImageDrawer drawer = new ImageDrawer(options)) {
      if (options.reconstruct) {
        drawer.reconstruct(model, terminal);
      } else {
        drawer.draw(model);
      }
      terminal.line("images      written to %s", drawer.out());
    }
  }
}
