package dev.lanewise.training.models;

import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Gru;
import dev.lanewise.layers.Initializer;
import dev.lanewise.layers.Lstm;
import dev.lanewise.layers.Model;
import dev.lanewise.layers.RecurrentSpec;
import dev.lanewise.layers.Rnn;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.training.Adam;
import dev.lanewise.training.Loss;
import dev.lanewise.training.Supervised;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.text.Tokenizer;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The article's recurrent network: one layer that reads a text character by character and says after each which one comes next.
 *
 * <p>It is trained by truncated backpropagation through time: the text in 32 streams side by side, pieces of 64 characters, the state carried from
 * piece to piece; Adam with a learning rate of 2e-3, gradients clipped at norm 1, 10 epochs. First values are PyTorch's, uniform in
 * [-1/sqrt(units), 1/sqrt(units)): with Keras's forget bias of 1 an LSTM whose state is carried through thousands of steps can settle in one
 * that it never forgets.
 *
 * @param cell {@code elman}, {@code gru} or {@code lstm}
 * @param units of the recurrent layer
 * @param steps characters of a piece, at least 1
 * @param tokenizer of the text
 */
public record CharRnn(String cell, int units, int steps, Tokenizer tokenizer) implements TextRecipe {
  /** Its name on the command line and in files. */
  public static final String NAME = "rnn";

  /** The cells by name. */
  public static final String CELLS = "elman, gru, lstm";

  public CharRnn {
    cell = cell.toLowerCase(Locale.ROOT);
    layer(cell, units);
    if (steps < 1) {
      throw new IllegalArgumentException("CharRnn: pieces of " + steps + " characters; at least 1 is needed");
    }
  }

  /** As it is usually trained: 128 units, pieces of 64 characters. */
  public static CharRnn of(String cell, Tokenizer tokenizer) {
    return new CharRnn(cell, 128, 64, tokenizer);
  }

  private static RecurrentSpec layer(String cell, int units) {
    return switch (cell) {
      case "elman" -> Rnn.of(units);
      case "gru" -> Gru.of(units);
      case "lstm" -> Lstm.of(units);
      default -> throw new IllegalArgumentException("CharRnn: cell '" + cell + "'; choices are " + CELLS);
    };
  }

  @Override
  public Sequential build(long seed, Arena arena) {
    return Sequential.build(Shape.of(steps), seed, arena,
        layer(cell, units).withTokens(tokenizer.size()).returnSequences().withState().withUniformValues(),
        Dense.of(tokenizer.size()).withInitializer(Initializer.uniform((float) (1 / Math.sqrt(units)))));
  }

  @Override
  public int context() {
    return steps;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>(tokenizer.texts());
    options.put("cell", cell);
    options.put("units", "" + units);
    options.put("steps", "" + steps);
    return options;
  }

  @Override
  public Supervised task(Model model) {
    return Supervised.of((Sequential) model, Loss.SPARSE_CATEGORICAL_CROSSENTROPY, Adam.of(2e-3f));
  }

  @Override
  public Trainer trainer(Model model) {
    return TextRecipe.super.trainer(model).shuffle(false).clipNorm(1);
  }

  @Override
  public int epochs() {
    return 10;
  }

  /** As many streams. */
  @Override
  public int batch() {
    return 32;
  }
}
