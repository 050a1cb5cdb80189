package dev.lanewise.training.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Flatten;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Sequential;
import dev.lanewise.layers.Softmax;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImageJudgeTest {
  /** Log of how much likelier the brightest pixel's class is than each other one. */
  private static final float GAIN = 20;

  private final Arena arena = Arena.ofShared();

  @AfterEach
  void free() {
    arena.close();
  }

  /** Two pixels, whose brighter one names the class: pixel 0 is bright where the first latent variable is above the limit. */
  private record Pixels(float limit, float level) implements ImageMaker {
    @Override
    public int latent() {
      return 3;
    }

    @Override
    public Shape image() {
      return Shape.of(1, 2, 1);
    }

    @Override
    public Tensor draw(Tensor z, Pass pass) {
      Tensor images = pass.workspace().batch(z.dim(0), image()).fill(0);
      for (int i = 0; i < z.dim(0); i++) {
        images.set(2L * i + (z.get(3L * i) > limit ? 0 : 1), level);
      }
      return images;
    }
  }

  private Sequential classifier() {
    Sequential model = Sequential.build(Shape.of(1, 2, 1), 1, arena, Flatten.of(), Dense.of(2), Softmax.of());
    model.params().getFirst().value().copyFrom(new float[] {GAIN, 0, 0, GAIN});
    return model;
  }

  private ImageJudge.Verdict verdict(Pixels pixels) {
    return new ImageJudge(classifier()).of(pixels, 1050, 3, Workers.single());
  }

  @Test
  void twoClassesInEqualPartsScoreTwo() {
    ImageJudge.Verdict verdict = verdict(new Pixels(0, 1));
    assertThat(verdict.images()).isEqualTo(1050);
    assertThat(verdict.recognised()).isEqualTo(1);
    // Half of 1050 normal numbers are positive, to within 6 standard deviations of 1 / (2 sqrt(1050)).
    assertThat(verdict.smallestShare()).isBetween(0.4, 0.5);
    assertThat(verdict.largestShare()).isEqualTo(1 - verdict.smallestShare());
    double p = verdict.smallestShare();
    double entropy = -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    // A classifier that is sure to e^-20 has an entropy below 5e-8.
    assertThat(verdict.classScore()).isCloseTo(Math.exp(entropy), Offset.offset(1e-6));
  }

  @Test
  void oneClassScoresOneHoweverWellItIsRecognised() {
    ImageJudge.Verdict verdict = verdict(new Pixels(100, 1));
    assertThat(verdict.recognised()).isEqualTo(1);
    assertThat(verdict.shares()).containsExactly(0, 1);
    assertThat(verdict.smallestShare()).isZero();
    assertThat(verdict.classScore()).isCloseTo(1, Offset.offset(1e-6));
  }

  @Test
  void paleImagesAreNotRecognised() {
    // Logits 2 and 0: the likelier class has probability 0.88.
    ImageJudge.Verdict verdict = verdict(new Pixels(0, 0.1f));
    assertThat(verdict.recognised()).isZero();
    assertThat(verdict.classScore()).isBetween(1.0, 1.6);
  }

  @Test
  void whatDoesNotFitIsNamed() {
    assertThatThrownBy(() -> new ImageJudge(Sequential.build(Shape.of(2), 1, arena, Dense.of(2))))
        .isInstanceOf(ShapeException.class).hasMessageContaining("take one that ends in a softmax");
    Sequential other = Sequential.build(Shape.of(2, 2, 1), 1, arena, Flatten.of(), Dense.of(2), Softmax.of());
    assertThatThrownBy(() -> new ImageJudge(other).of(new Pixels(0, 1), 10, 1, Workers.single()))
        .hasMessage("ImageJudge: the classifier takes [2, 2, 1] but the model draws [1, 2, 1]");
    assertThatThrownBy(() -> new ImageJudge(classifier()).of(new Pixels(0, 1), 0, 1, Workers.single()))
        .hasMessageContaining("0 images");
  }
}
