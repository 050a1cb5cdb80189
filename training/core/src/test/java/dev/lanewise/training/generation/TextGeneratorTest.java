package dev.lanewise.training.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Embedding;
import dev.lanewise.layers.Flatten;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import dev.lanewise.training.data.text.CharTokenizer;
import dev.lanewise.training.models.Gpt;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextGeneratorTest {
  private static final int CONTEXT = 12;
  private static final CharTokenizer TOKENIZER = CharTokenizer.of("abcdefghijk");

  private static final String PINNED = "gchifjkgifejhjjfjidbgjeafjdiefgjedhhacea";

  private static Sequential model(Arena arena) {
    return new Gpt(TOKENIZER, 2, 2, 16, CONTEXT, 0).build(3, arena);
  }

  /** Scores after the last of the tokens, by the whole window at once; what follows them is causally out of sight. */
  private static float[] uncached(Sequential model, List<Integer> tokens, Pass pass, Arena arena) {
    Tensor x = Tensor.allocate(arena, Shape.of(1, CONTEXT));
    for (int i = 0; i < tokens.size(); i++) {
      x.set(i, tokens.get(i));
    }
    pass.begin(0);
    Tensor y = model.infer(x, pass);
    float[] scores = new float[TOKENIZER.size()];
    for (int v = 0; v < scores.length; v++) {
      scores[v] = y.get((tokens.size() - 1L) * scores.length + v);
    }
    return scores;
  }

  @Test
  void theCacheGivesTheBitsOfTheWholeWindowAlsoWhereItSlides() {
    try (Arena arena = Arena.ofShared(); Workspace workspace = Workspace.open(); Workers workers = Workers.single()) {
      Sequential model = model(arena);
      Pass pass = Pass.of(workspace, workers, 0);
      try (TextGenerator generator = TextGenerator.of(model, workers)) {
        assertThat(generator.context()).isEqualTo(CONTEXT);
        List<Integer> window = new ArrayList<>();
        for (int i = 0; i < 3 * CONTEXT; i++) {
          if (window.size() == CONTEXT) {
            window.subList(0, CONTEXT / 2).clear();
          }
          window.add(i * 7 % TOKENIZER.size());
          assertThat(generator.read(window.getLast()).toArray()).isEqualTo(uncached(model, window, pass, arena));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void textIsAFunctionOfModelPromptAndSeed(int threads) {
    try (Arena arena = Arena.ofShared();
        Workers workers = Workers.threads(threads);
        TextGenerator generator = TextGenerator.of(model(arena), workers)) {
      int[] prompt = TOKENIZER.encode("cabbagefacedbeadedhijack");
      List<Integer> first = new ArrayList<>();
      List<Integer> again = new ArrayList<>();
      List<Integer> other = new ArrayList<>();
      generator.generate(prompt, 40, TextSampler.of(5), first::add);
      generator.generate(prompt, 40, TextSampler.of(5), again::add);
      generator.generate(prompt, 40, TextSampler.of(6), other::add);
      assertThat(again).isEqualTo(first).hasSize(40);
      assertThat(other).isNotEqualTo(first);
      StringBuilder text = new StringBuilder();
      first.forEach(token -> text.appendCodePoint(TOKENIZER.character(token)));
      // Fresh parameters are small: any draw is nearly uniform, and this one is pinned so that a change of bits shows.
      assertThat(text).hasToString(PINNED);
    }
  }

  @Test
  void mistakesAreNamed() {
    try (Arena arena = Arena.ofShared();
        Workers workers = Workers.single();
        TextGenerator generator = TextGenerator.of(model(arena), workers)) {
      assertThatThrownBy(() -> generator.read(11)).hasMessageContaining("token 11 but the vocabulary has 11");
      assertThatThrownBy(() -> generator.generate(new int[0], 3, TextSampler.of(1), token -> {
      })).hasMessageContaining("an empty prompt");
      Sequential images = Sequential.build(Shape.of(4), 1, arena, Embedding.of(5, 3), Flatten.of(), Dense.of(2));
      assertThatThrownBy(() -> TextGenerator.of(images, workers)).hasMessageContaining("flatten cannot be run position by position");
      Sequential vectors = Sequential.build(Shape.of(4), 1, arena, Dense.of(2));
      assertThatThrownBy(() -> TextGenerator.of(vectors, workers)).hasMessageContaining("[2] but scores of all tokens");
    }
  }
}
