package dev.lanewise.training.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Param;
import dev.lanewise.layers.Sequential;
import dev.lanewise.training.Fingerprint;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.text.CharTokenizer;
import dev.lanewise.training.data.text.TokenStreams;
import dev.lanewise.training.data.text.TokenWindows;
import dev.lanewise.training.data.text.Tokens;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GptTest {
  private static final String TEXT = "the quick brown fox jumps over the lazy dog. ".repeat(60);
  private static final CharTokenizer TOKENIZER = CharTokenizer.of(TEXT);
  private static final Gpt TINY = new Gpt(TOKENIZER, 2, 2, 32, 16, 0.1f);

  @Test
  void theSmallOneHasItsShapeAndFirstValues() {
    try (Arena arena = Arena.ofShared()) {
      Gpt small = Gpt.small(TOKENIZER);
      Sequential model = small.build(1, arena);
      int block = 12 * 128 * 128 + 13 * 128;
      assertThat(model.parameters().count()).isEqualTo((TOKENIZER.size() + 64) * 128 + 4 * block + 2 * 128);
      for (Param param : model.params()) {
        String name = param.name();
        double spread = Math.sqrt(param.value().size() == 0 ? 0 : sumOfSquares(param) / param.value().size());
        double want = name.endsWith("bias") || name.endsWith("beta") ? 0
            : name.endsWith("gamma") ? 1 : name.endsWith("out/kernel") || name.endsWith("outer/kernel") ? 0.02 / Math.sqrt(8) : 0.02;
        // Five standard deviations of a sample's spread.
        assertThat(Math.abs(spread - want)).isLessThanOrEqualTo(5 * want / Math.sqrt(2.0 * param.value().size()));
      }
    }
  }

  private static double sumOfSquares(Param param) {
    double sum = 0;
    for (long i = 0; i < param.value().size(); i++) {
      sum += (double) param.value().get(i) * param.value().get(i);
    }
    return sum;
  }

  @Test
  void itLearnsATextAndTheBitsDoNotDependOnThreads() {
    String one = train(1);
    assertThat(train(2)).isEqualTo(one);
  }

  private static String train(int threads) {
    try (Arena arena = Arena.ofShared(); Workers workers = Workers.threads(threads)) {
      Tokens tokens = Tokens.of(TOKENIZER, TEXT);
      Sequential model = TINY.build(1, arena);
      try (Trainer trainer = TINY.trainer(model).seed(1).workers(workers)) {
        trainer.fit(TokenWindows.sampled(tokens, 16, 8 * 150, 1), 1, 8);
        double loss = trainer.evaluate(TokenStreams.consecutive(tokens, 16)).loss();
        // 29 characters at random are 3.3 nats; the order of letters alone is worth more than half of that.
        assertThat(loss).isBetween(0.0, 1.5);
        return Fingerprint.parametersSha256(model.parameters());
      }
    }
  }

  @Test
  void itsFileKnowsItsTokenizer(@TempDir Path folder) {
    try (Arena arena = Arena.ofShared()) {
      Sequential model = TINY.build(5, arena);
      Path file = folder.resolve("gpt.model");
      ModelFile.save(file, TINY, model, Map.of());
      ModelFile read = ModelFile.load(file, arena);
      Gpt recipe = (Gpt) read.recipe();
      assertThat(recipe.options()).isEqualTo(TINY.options());
      assertThat(recipe.tokenizer().encode("fox")).isEqualTo(TOKENIZER.encode("fox"));
      assertThat(Fingerprint.parametersSha256(read.model().parameters())).isEqualTo(Fingerprint.parametersSha256(model.parameters()));
    }
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() -> new Gpt(TOKENIZER, 1, 3, 32, 16, 0)).hasMessageContaining("3 heads, width 32");
    assertThatThrownBy(() -> Recipes.find("gpt", Map.of("tokenizer", "char", "characters", "ab", "layers", "x")))
        .hasMessageContaining("option layers is 'x'");
  }
}
