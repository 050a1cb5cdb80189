package dev.lanewise.cli;

import dev.lanewise.training.data.Splits;
import dev.lanewise.training.models.Recipe;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Says what is on images. */
final class CnnSubject implements Subject {
  @Override
  public Exam exam(Recipe recipe, @Nullable Path data, Arena arena, Terminal terminal) throws IOException {
    Splits splits = Digits.loadTest(data, arena, terminal);
    return new Exam(splits.name(), splits.test(), "images");
  }
}
