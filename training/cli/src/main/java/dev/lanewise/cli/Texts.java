package dev.lanewise.cli;

import dev.lanewise.training.data.DataListener;
import dev.lanewise.training.data.text.Text;
import dev.lanewise.training.data.text.TextFile;
import dev.lanewise.training.data.text.Tokenizer;
import dev.lanewise.training.data.text.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Loads a text to predict and says what it is and where it came from. */
final class Texts implements DataListener {
  /** What is learned from; the rest is held out. */
  static final double TRAINED_ON = 0.9;

  private final Terminal terminal;

  private Texts(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Finds the text or makes one up.
   *
   * @param data the folder or file that the user named, or null
   */
  static Text load(@Nullable Path data, Terminal terminal) throws IOException {
    TextFile file = TextFile.tinyShakespeare().data(data).listener(new Texts(terminal));
    Path found = file.locate();
    Text text = file.load();
    terminal.line("data        %s: %s, %,d characters", text.name(),
        found == null ? "a text that the program made up" : "from " + found, text.content().length());
    return text;
  }

  /** The first nine tenths and the last. */
  static Tokens.Split split(Tokenizer tokenizer, Text text, Terminal terminal) {
    Tokens.Split split = Tokens.of(tokenizer, text.content()).split(TRAINED_ON);
    terminal.line("tokens      %,d different ones; %,d to train on, the last %,d held out", tokenizer.size(), split.train().length(),
        split.heldOut().length());
    return split;
  }

  /** The first {@code --limit} tokens. */
  static Tokens limit(Tokens train, TrainingOptions options) {
    return options.limit() < train.length() ? train.slice(0, options.limit()) : train;
  }

  @Override
  public void notice(String line) {
    terminal.line("%s", line);
  }
}
