package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Flatten;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Dataset;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Data with many labels per example, some of which do not count. */
class IgnoredLabelsTest {
  private final Arena arena = Arena.ofShared();

  @AfterEach
  void free() {
    arena.close();
  }

  /** Numbers of which each has a label, but for those that are to be ignored. */
  private static final class Labelled implements Dataset {
    private final float[][] x;
    private final int[][] labels;

    Labelled(float[][] x, int[][] labels) {
      this.x = x;
      this.labels = labels;
    }

    @Override
    public int size() {
      return x.length;
    }

    @Override
    public Shape inputShape() {
      return labels[0].length == 1 ? Shape.of(x[0].length) : Shape.of(labels[0].length, x[0].length / labels[0].length);
    }

    @Override
    public int classes() {
      return 3;
    }

    @Override
    public int labelsPerExample() {
      return labels[0].length;
    }

    @Override
    public void batch(int[] order, int from, int count, Tensor into, IntTensor y) {
      for (int i = 0; i < count; i++) {
        int example = order[from + i];
        for (int j = 0; j < x[example].length; j++) {
          into.set((long) i * x[example].length + j, x[example][j]);
        }
        for (int j = 0; j < labels[example].length; j++) {
          y.set((long) i * labels[example].length + j, labels[example][j]);
        }
      }
    }
  }

  private double[] learn(Dataset data, int batch) {
    Sequential model = Sequential.build(data.inputShape(), 1, arena, Dense.of(3));
    try (Trainer trainer = Trainer.of(model).optimizer(Sgd.of(0x1p-3f)).metrics(Metric.accuracy()).shuffle(false)) {
      History history = trainer.fit(data, 1, batch);
      Evaluation after = trainer.evaluate(data);
      return new double[] {history.last().loss(), history.last().value("accuracy"), after.loss(), after.accuracy(),
          model.parameters().list().getFirst().value().get(0)};
    }
  }

  @Test
  void ignoredRowsAreAsIfTheyWereNotThere() {
    // Three sequences of two steps; of six rows four count, each as an example of its own in the second data set.
    Labelled some = new Labelled(new float[][] {{1, 2, 9, 9}, {3, -1, 2, 0}, {9, 9, 0.5f, 4}}, new int[][] {{0, -1}, {2, 1}, {-1, 1}});
    Labelled only = new Labelled(new float[][] {{1, 2}, {3, -1}, {2, 0}, {0.5f, 4}}, new int[][] {{0}, {2}, {1}, {1}});
    assertThat(learn(some, 3)).containsExactly(learn(only, 4));
    // A batch without any row changes nothing and breaks nothing.
    double[] none = learn(new Labelled(new float[][] {{1, 2, 3, 4}, {1, 2, 3, 4}}, new int[][] {{-1, -1}, {0, 1}}), 1);
    assertThat(none).doesNotContain(Double.NaN);
  }

  @Test
  void labelsThatDoNotFitTheOutputAreRefused() {
    Labelled steps = new Labelled(new float[][] {{1, 2, 3, 4}}, new int[][] {{0, 1}});
    Sequential model = Sequential.build(Shape.of(2, 2), 1, arena, Flatten.of(), Dense.of(3));
    try (Trainer trainer = Trainer.of(model)) {
      assertThatThrownBy(() -> trainer.fit(steps, 1, 1)).isInstanceOf(ShapeException.class)
          .hasMessage("Trainer: the data has 2 labels per example but the model puts out [3], 1 row");
    }
  }
}
