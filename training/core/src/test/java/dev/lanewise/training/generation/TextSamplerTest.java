package dev.lanewise.training.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TextSamplerTest {
  private static final int DRAWS = 20_000;

  private static Tensor scores(float... z) {
    return Tensor.of(Arena.ofAuto(), Shape.of(1, z.length), z);
  }

  private static int[] counts(TextSampler sampler, Tensor z) {
    int[] counts = new int[(int) z.size()];
    for (int i = 0; i < DRAWS; i++) {
      counts[sampler.draw(z, i)]++;
    }
    return counts;
  }

  private static Set<Integer> drawn(TextSampler sampler, Tensor z) {
    Set<Integer> drawn = new TreeSet<>();
    int[] counts = counts(sampler, z);
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        drawn.add(i);
      }
    }
    return drawn;
  }

  /** Within five standard deviations of what the probabilities say. */
  private static void follows(int[] counts, double... p) {
    for (int i = 0; i < p.length; i++) {
      assertThat(Math.abs(counts[i] - DRAWS * p[i])).isLessThanOrEqualTo(5 * Math.sqrt(DRAWS * p[i] * (1 - p[i])));
    }
  }

  @Test
  void drawsFollowTheProbabilities() {
    Tensor z = scores((float) Math.log(0.1), (float) Math.log(0.6), (float) Math.log(0.3));
    follows(counts(TextSampler.of(1), z), 0.1, 0.6, 0.3);
    // Temperature 1/2 squares them: 0.01, 0.36 and 0.09 of 0.46.
    follows(counts(TextSampler.of(2).temperature(0.5f), z), 0.01 / 0.46, 0.36 / 0.46, 0.09 / 0.46);
    follows(counts(TextSampler.of(3).topK(2), z), 0, 0.6 / 0.9, 0.3 / 0.9);
    follows(counts(TextSampler.of(4).topP(0.8f), z), 0, 0.6 / 0.9, 0.3 / 0.9);
    follows(counts(TextSampler.of(5).topP(1), z), 0.1, 0.6, 0.3);
  }

  @Test
  void candidatesAreTheLikeliestAndOfEqualsTheFirst() {
    Tensor z = scores(1, 3, -0f, 3, 0, 2);
    assertThat(drawn(TextSampler.of(1).temperature(0), z)).containsExactly(1);
    assertThat(drawn(TextSampler.of(1).topK(1), z)).containsExactly(1);
    assertThat(drawn(TextSampler.of(1).topK(2), z)).containsExactly(1, 3);
    assertThat(drawn(TextSampler.of(1).topK(3), z)).containsExactly(1, 3, 5);
    assertThat(drawn(TextSampler.of(1).topK(5).temperature(10), z)).containsExactly(0, 1, 2, 3, 5);
    assertThat(drawn(TextSampler.of(1).topK(99).temperature(10), z)).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(drawn(TextSampler.of(1).topP(1e-6f), z)).containsExactly(1);
    // Top-p counts among what top-k left: 1/2 of two equals is one of them.
    assertThat(drawn(TextSampler.of(1).topK(2).topP(0.5f), z)).containsExactly(1);
    assertThat(drawn(TextSampler.of(1), scores(Float.NEGATIVE_INFINITY, 0, Float.NEGATIVE_INFINITY))).containsExactly(1);
  }

  @Test
  void aDrawIsAFunctionOfSeedAndIndex() {
    Tensor z = scores(0, 0.1f, 0.2f, 0.3f);
    int differences = 0;
    for (int i = 0; i < 100; i++) {
      assertThat(TextSampler.of(7).draw(z, i)).isEqualTo(TextSampler.of(7).draw(z, i));
      differences += TextSampler.of(7).draw(z, i) == TextSampler.of(8).draw(z, i) ? 0 : 1;
    }
    assertThat(differences).isGreaterThan(40);
  }

  @Test
  void mistakesAreNamed() {
    assertThatThrownBy(() -> TextSampler.of(1).temperature(-1)).hasMessageContaining("-1.0");
    assertThatThrownBy(() -> TextSampler.of(1).temperature(Float.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> TextSampler.of(1).topK(0)).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> TextSampler.of(1).topP(0)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> TextSampler.of(1).draw(scores(0, Float.NaN), 0)).hasMessageContaining("token 1 is NaN");
    assertThatThrownBy(() -> TextSampler.of(1).draw(scores(Float.NEGATIVE_INFINITY), 0)).hasMessageContaining("none of the 1 tokens");
  }
}
