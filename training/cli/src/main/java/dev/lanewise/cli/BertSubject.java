package dev.lanewise.cli;

import dev.lanewise.training.data.text.Polarity;
import dev.lanewise.training.models.Bert;
import dev.lanewise.training.models.Recipe;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Tells praise from blame. */
final class BertSubject implements Subject {
  @Override
  public Exam exam(Recipe recipe, @Nullable Path data, Arena arena, Terminal terminal) throws IOException {
    Polarity polarity = Polarity.find(data, terminal.listener());
    return new Exam(polarity.name(), ((Bert) recipe).examples(polarity.test()), "sentences");
  }
}
