package dev.lanewise.training.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.layers.Layer;
import dev.lanewise.layers.Param;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.training.Adam;
import dev.lanewise.training.Loss;
import dev.lanewise.training.Supervised;
import java.lang.foreign.Arena;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CnnTest {

  @Test
  void theArticlesNetworkHas225034ParametersAndKerassShapes() {
    try (Arena arena = Arena.ofConfined()) {
      Sequential model = Cnn.article().build(1, arena);
      assertThat(model.parameters().count()).isEqualTo(225_034);
      assertThat(model.layers()).extracting(Layer::outputShape).containsExactly(
          Shape.of(26, 26, 32), Shape.of(13, 13, 32), Shape.of(11, 11, 64), Shape.of(5, 5, 64), Shape.of(1600),
          Shape.of(128), Shape.of(10), Shape.of(10));
      assertThat(model.parameters().list()).extracting(Param::value).extracting(t -> t.shape()).containsExactly(
          Shape.of(3, 3, 1, 32), Shape.of(32), Shape.of(3, 3, 32, 64), Shape.of(64), Shape.of(1600, 128), Shape.of(128),
          Shape.of(128, 10), Shape.of(10));
      assertThat(model.endsInSoftmax()).isTrue();
    }
  }

  /** Glorot uniform: limit sqrt(6 / (fan in + fan out)); zero biases. */
  @Test
  void startsAsKerasDoes() {
    try (Arena arena = Arena.ofConfined()) {
      Sequential model = Cnn.article().build(1, arena);
      double[] limits = {Math.sqrt(6.0 / (9 + 9 * 32)), 0, Math.sqrt(6.0 / (9 * 32 + 9 * 64)), 0,
          Math.sqrt(6.0 / (1600 + 128)), 0, Math.sqrt(6.0 / (128 + 10)), 0};
      for (int i = 0; i < limits.length; i++) {
        float[] values = model.parameters().list().get(i).value().toArray();
        double largest = 0;
        for (float value : values) {
          largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isLessThanOrEqualTo(limits[i] * (1 + 0x1p-22)).isGreaterThanOrEqualTo(limits[i] * 0.9);
      }
    }
  }

  @Test
  void isTrainedAsInTheArticle() {
    Cnn cnn = Cnn.article();
    try (Arena arena = Arena.ofConfined()) {
      Supervised task = cnn.task(cnn.build(1, arena));
      assertThat(task.loss()).isEqualTo(Loss.SPARSE_CATEGORICAL_CROSSENTROPY);
      assertThat(task.parts().getFirst().optimizer()).isEqualTo(new Adam(1e-3f, 0.9f, 0.999f, 1e-7f));
    }
    assertThat(cnn.epochs()).isEqualTo(5);
    assertThat(cnn.batch()).isEqualTo(32);
  }

  @Test
  void isFoundByNameAndOptions() {
    assertThat(Recipes.find("cnn", Cnn.article().options())).isEqualTo(Cnn.article());
    assertThatThrownBy(() -> Recipes.find("cmn", Map.of())).hasMessageStartingWith("Recipe: 'cmn' is unknown; choices are cnn, ");
    assertThatThrownBy(() -> Recipes.find("cnn", Map.of("height", "28", "width", "x")))
        .hasMessage("Recipe cnn: option width is 'x'; a whole number is needed");
    assertThatThrownBy(() -> Recipes.find("cnn", Map.of())).hasMessage("Recipe cnn: option height is missing; a whole number is needed");
    assertThatThrownBy(() -> new Cnn(28, 9, 10)).hasMessageContaining("28x9 in 10 classes");
  }
}
