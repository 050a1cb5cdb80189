package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.Rng;
import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.Arena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table's gradient: tokens have none, so the layer is linear in the table alone, and its gradient the adjoint, exactly on whole numbers. */
class EmbeddingGradientTest {
  private static final int VOCABULARY = 7;
  private static final int WIDTH = 5;
  private static final int STEPS = 6;
  private static final int BATCH = 4;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theTablesGradientIsTheAdjoint(long seed) {
    try (Arena arena = Arena.ofConfined(); Workspace workspace = Workspace.open(); Workers workers = Workers.single()) {
      Params.Built<Layer> built = Params.build(seed, arena, params -> Embedding.of(VOCABULARY, WIDTH).build(Shape.of(STEPS), params));
      Layer layer = built.model();
      Pass pass = Pass.of(workspace, workers, seed);
      Tensor table = layer.params().getFirst().value();
      fill(table, seed, 1, 9);
      Tensor x = Tensor.allocate(arena, Shape.of(BATCH, STEPS));
      for (long i = 0; i < x.size(); i++) {
        x.set(i, Rng.below(seed, 2, i, VOCABULARY));
      }
      Tensor dy = Tensor.allocate(arena, layer.outputShape().batch(BATCH));
      fill(dy, seed, 3, 9);
      Saved saved = new Saved();
      pass.begin(0);
      double forward = dot(layer.forward(x, saved, pass), dy);
      Tensor given = workspace.tensor(dy.shape()).copyFrom(dy);
      assertThat(layer.backward(given, saved, pass, false)).isNull();
      Tensor gradient = layer.params().getFirst().gradient();
      assertThat(dot(gradient, table)).isEqualTo(forward);
      assertThat(forward).isNotZero();
      // Each row gets what its places hand back, and no other row anything.
      for (int row = 0; row < VOCABULARY; row++) {
        for (int j = 0; j < WIDTH; j++) {
          float sum = 0;
          for (int i = 0; i < x.size(); i++) {
            sum += x.get(i) == row ? dy.get((long) i * WIDTH + j) : 0;
          }
          assertThat(gradient.get((long) row * WIDTH + j)).isEqualTo(sum);
        }
      }
    }
  }

  private static void fill(Tensor tensor, long seed, int stream, int bound) {
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, Rng.below(seed, stream, i, 2 * bound + 1) - bound);
    }
  }

  private static double dot(Tensor a, Tensor b) {
    double sum = 0;
    for (long i = 0; i < a.size(); i++) {
      sum += (double) a.get(i) * b.get(i);
    }
    return sum;
  }
}
