package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CarriedTest {
  private final Workspace workspace = Workspace.open();
  private final Carried carried = new Carried(workspace);

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void aStateBeginsAsZerosAndStaysTheSameTensorUntilAReset() {
    Tensor state = carried.state("rnn/state", 2, Shape.of(3));
    assertThat(state.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(state.toArray()).containsOnly(0f);
    state.set(4, 7f);
    assertThat(carried.state("rnn/state", 2, Shape.of(3))).isSameAs(state);
    carried.reset();
    assertThat(carried.state("rnn/state", 5, Shape.of(3)).toArray()).hasSize(15).containsOnly(0f);
  }

  @Test
  void resetsDoNotMakeTheWorkspaceGrow() {
    carried.state("rnn/state", 2, Shape.of(3)).fill(5f);
    long bytes = workspace.bytes();
    assertThat(bytes).isPositive();
    for (int i = 0; i < 3; i++) {
      carried.reset();
      assertThat(carried.state("rnn/state", 2, Shape.of(3)).toArray()).containsOnly(0f);
      workspace.reset();
    }
    assertThat(workspace.bytes()).isEqualTo(bytes);
  }

  @Test
  void anotherBatchSizeIsRefusedWithBothShapes() {
    carried.state("rnn/state", 2, Shape.of(3));
    assertThatThrownBy(() -> carried.state("rnn/state", 4, Shape.of(3))).isInstanceOf(ShapeException.class).hasMessage(
        "rnn/state: the state carried over is [2, 3] but this batch needs [4, 3]; keep the batch size, or reset what is carried "
            + "between sequences");
  }

  @Test
  void whatACheckpointHeldComesBackAsACopy() {
    carried.state("b", 1, Shape.of(2)).fill(3f);
    carried.state("a", 1, Shape.of(1)).fill(4f);
    assertThat(carried.tensors().keySet()).containsExactly("a", "b");
    Carried other = new Carried(workspace);
    other.state("gone", 1, Shape.of(1));
    other.restore(carried.tensors());
    carried.state("b", 1, Shape.of(2)).fill(0f);
    assertThat(other.tensors().keySet()).containsExactly("a", "b");
    assertThat(other.state("b", 1, Shape.of(2)).toArray()).containsExactly(3f, 3f);
  }
}
