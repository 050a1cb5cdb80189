package dev.lanewise.training.models;

import dev.lanewise.layers.Model;
import dev.lanewise.layers.Sequential;
import dev.lanewise.training.data.text.Tokenizer;
import java.lang.foreign.Arena;

/** A network that predicts the next token of a text at each position, and so can go on with one. */
public interface TextRecipe extends Recipe {
  /** What its tokens are. */
  Tokenizer tokenizer();

  /** Positions that it is trained on at a time. */
  int context();

  /** A chain from token ids to scores of all tokens at each position; see {@link Recipe#build}. */
  @Override
  Sequential build(long seed, Arena arena);

  /** The chain that {@link #build} made. */
  default Sequential chain(Model model) {
    return (Sequential) model;
  }
}
