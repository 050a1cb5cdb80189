package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DropoutTest {
  private static final int N = 100_000;

  private final Arena arena = Arena.ofConfined();
  private final Workspace workspace = Workspace.open();

  @AfterEach
  void close() {
    workspace.close();
    arena.close();
  }

  private float[] mask(Sequential model, int layer, long seed, long step) {
    Pass pass = Pass.of(workspace, Workers.single(), seed);
    pass.begin(step);
    return model.layers().get(layer).forward(Tensor.allocate(arena, Shape.of(1, N)).fill(1), new Saved(), pass).toArray();
  }

  private Sequential two() {
    return Sequential.build(Shape.of(N), 1, arena, Dropout.of(0.4f), Dropout.of(0.4f));
  }

  @Test
  void theMeanStays() {
    double sum = 0;
    for (float y : mask(two(), 0, 1, 0)) {
      sum += y;
    }
    // The mask has variance rate / (1 - rate); a mean further off than 6 standard deviations comes once in 5e8 seeds.
    assertThat(Math.abs(sum / N - 1)).isLessThan(6 * Math.sqrt(0.4 / 0.6 / N));
  }

  @Test
  void masksOfOtherLayersStepsAndSeedsAreOthers() {
    Sequential model = two();
    float[] mask = mask(model, 0, 1, 7);
    assertThat(mask(model, 0, 1, 7)).isEqualTo(mask);
    for (float[] other : new float[][] {mask(model, 1, 1, 7), mask(model, 0, 2, 7), mask(model, 0, 1, 8)}) {
      int same = 0;
      for (int i = 0; i < N; i++) {
        same += mask[i] == other[i] ? 1 : 0;
      }
      // Independent masks agree with probability 0.4^2 + 0.6^2.
      assertThat(Math.abs((double) same / N - 0.52)).isLessThan(6 * Math.sqrt(0.52 * 0.48 / N));
    }
  }

  @Test
  void aRateThatIsNoShareIsRefused() {
    for (float rate : new float[] {-0.1f, 1, Float.NaN}) {
      assertThatThrownBy(() -> Dropout.of(rate)).isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Dropout: a rate of " + rate + "; it is a share, from 0 to below 1");
    }
  }

  @Test
  void aStepOutOfRangeIsRefused() {
    Pass pass = Pass.of(workspace, Workers.single(), 1);
    assertThatThrownBy(() -> pass.begin(-1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("step -1");
    assertThatThrownBy(() -> pass.begin(1L << 31)).isInstanceOf(IllegalArgumentException.class);
    pass.begin(Integer.MAX_VALUE);
    assertThat(pass.step()).isEqualTo(Integer.MAX_VALUE);
  }
}
