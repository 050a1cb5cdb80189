package dev.lanewise.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Allocation;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
  private final Workspace workspace = Workspace.open();

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void theSameRequestsGetTheSameTensors() {
    Tensor a = workspace.tensor(3, 4);
    Tensor b = workspace.tensor(3, 4);
    IntTensor c = workspace.ints(5);
    assertThat(a).isNotSameAs(b);
    workspace.reset();
    assertThat(workspace.tensor(3, 4)).isSameAs(a);
    assertThat(workspace.tensor(Shape.of(3, 4))).isSameAs(b);
    assertThat(workspace.ints(Shape.of(5))).isSameAs(c);
  }

  @Test
  void noTwoRequestsOfOneRunShareMemory() {
    Tensor[] tensors = new Tensor[40];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = workspace.tensor(i).fill(i);
      assertThat(tensors[i].segment().address() % 64).isZero();
    }
    for (int i = 0; i < tensors.length; i++) {
      assertThat(tensors[i].toArray()).hasSize(i).containsOnly(filled(i));
    }
  }

  private static float[] filled(int n) {
    float[] values = new float[n];
    java.util.Arrays.fill(values, n);
    return values;
  }

  @Test
  void aSmallerShapeIsAViewOfTheSameMemoryAndALargerOneGrowsTheSlot() {
    Tensor large = workspace.tensor(32, 10);
    long bytes = workspace.bytes();
    assertThat(bytes).isEqualTo(1280);
    workspace.reset();
    Tensor small = workspace.tensor(7, 10);
    assertThat(small.segment().address()).isEqualTo(large.segment().address());
    workspace.reset();
    assertThat(workspace.tensor(32, 10)).isSameAs(large);
    workspace.reset();
    assertThat(workspace.tensor(7, 10)).isSameAs(small);
    assertThat(workspace.bytes()).isEqualTo(bytes);
    workspace.reset();
    workspace.tensor(33, 10);
    assertThat(workspace.bytes()).isEqualTo(bytes + bytes + bytes / 2);
    workspace.reset();
    assertThat(workspace.tensor(32, 10).segment().address()).isNotEqualTo(large.segment().address());
  }

  @Test
  void aBatchPutsTheExamplesInARow() {
    Shape example = Shape.of(4, 4, 3);
    assertThat(workspace.batch(5, example).shape()).isEqualTo(Shape.of(5, 4, 4, 3));
    assertThat(workspace.batchOfInts(5, example).shape()).isEqualTo(Shape.of(5, 4, 4, 3));
    assertThat(workspace.tensor(2, 3, 4).shape()).isEqualTo(Shape.of(2, 3, 4));
    assertThat(workspace.tensor(2, 3, 4, 5).shape()).isEqualTo(Shape.of(2, 3, 4, 5));
  }

  @Test
  void aViewKeptInASlotIsNeverMistakenForTheSlotsOwnMemory() {
    Tensor x = workspace.tensor(6);
    workspace.reset();
    workspace.tensor(6);
    Tensor view = workspace.view(x, 2, Shape.of(3));
    assertThat(view.segment()).isSameAs(x.segment());
    workspace.reset();
    workspace.tensor(6);
    assertThat(workspace.tensor(2, 3).segment().address()).isNotEqualTo(x.segment().address());
    workspace.reset();
    workspace.tensor(6);
    assertThat(workspace.view(x, 2, Shape.of(3))).isSameAs(view);
    assertThatThrownBy(() -> workspace.view(x, 2, Shape.of(4))).isInstanceOf(ShapeException.class);
  }

  @Test
  void lastingMemoryBelongsToNoPlan() {
    Tensor planned = workspace.tensor(6);
    Tensor lasting = workspace.lasting(Shape.of(2, 3));
    assertThat(lasting.toArray()).hasSize(6).containsOnly(0f);
    lasting.fill(5);
    workspace.reset();
    assertThat(workspace.tensor(6).fill(1)).isSameAs(planned);
    assertThat(workspace.tensor(2, 3).fill(1)).isNotSameAs(lasting);
    assertThat(lasting.toArray()).containsOnly(5f);
  }

  @Test
  void manyShapesInOneSlotStayCorrect() {
    for (int round = 0; round < 3; round++) {
      for (int n = 20; n > 0; n--) {
        workspace.reset();
        assertThat(workspace.tensor(n, 2).shape()).isEqualTo(Shape.of(n, 2));
      }
    }
    assertThat(workspace.bytes()).isEqualTo(192);
  }

  /** Each axis counts when a slot looks for a tensor that it has made: two shapes that differ in one axis alone. */
  @Test
  void tensorsOfOneSlotAreToldApartByEachAxis() {
    for (int axis = 0; axis < 4; axis++) {
      for (int size = 1; size <= 2; size++) {
        int[] d = {3, 3, 3, 3};
        d[axis] = size;
        workspace.reset();
        if (axis < 1) {
          assertThat(workspace.tensor(d[0]).shape()).isEqualTo(Shape.of(d[0]));
          assertThat(workspace.ints(d[0]).shape()).isEqualTo(Shape.of(d[0]));
        }
        workspace.reset();
        if (axis < 2) {
          assertThat(workspace.tensor(d[0], d[1]).shape()).isEqualTo(Shape.of(d[0], d[1]));
        }
        workspace.reset();
        if (axis < 3) {
          assertThat(workspace.tensor(d[0], d[1], d[2]).shape()).isEqualTo(Shape.of(d[0], d[1], d[2]));
        }
        workspace.reset();
        assertThat(workspace.tensor(d[0], d[1], d[2], d[3]).shape()).isEqualTo(Shape.of(d));
        workspace.reset();
        assertThat(workspace.tensor(Shape.of(d)).shape()).isEqualTo(Shape.of(d));
      }
    }
  }

  @Test
  void aSlotThatIsJustLargeEnoughDoesNotGrow() {
    workspace.tensor(16);
    workspace.reset();
    workspace.tensor(4, 4);
    assertThat(workspace.bytes()).isEqualTo(64);
    workspace.lasting(Shape.of(8));
    assertThat(workspace.bytes()).isEqualTo(96);
  }

  /** What a slot made of memory that it has left behind is forgotten, also the other kind of elements. */
  @Test
  void aSlotThatHasGrownServesEveryRequestFromItsNewMemory() {
    workspace.ints(4);
    workspace.reset();
    long grown = workspace.tensor(64).segment().address();
    workspace.reset();
    assertThat(workspace.ints(4).segment().address()).isEqualTo(grown);
  }

  @Test
  void aSteadyRunAllocatesNothing() {
    Shape example = Shape.of(6, 6, 2);
    int[] run = {0};
    Runnable step = () -> {
      int n = 32 - (run[0]++ & 3);
      workspace.reset();
      Tensor x = workspace.batch(n, example);
      workspace.tensor(n);
      workspace.tensor(n, 3);
      workspace.tensor(n, 3, 2);
      workspace.tensor(n, 3, 2, 5);
      workspace.tensor(example);
      workspace.ints(n);
      workspace.ints(example);
      workspace.batchOfInts(n, example);
      workspace.view(x, n, Shape72.INSTANCE);
    };
    assertThat(Allocation.steady(step)).isZero();
  }

  private static final class Shape72 {
    static final Shape INSTANCE = Shape.of(72);
  }

  /** Memory that was given back comes again at the same address: a view kept from before would be of the closed arena. */
  @Test
  void aViewIsOfTheTensorAtHand() {
    for (int i = 0; i < 50; i++) {
      try (Arena arena = Arena.ofShared()) {
        workspace.reset();
        Tensor view = workspace.view(Tensor.allocate(arena, Shape.of(4, 6)).fill(i), 4, Shape.of(3, 2));
        assertThat(view.get(23)).isEqualTo(i);
      }
    }
  }

  @Test
  void anOwnedArenaIsClosedAndABorrowedOneIsNot() {
    Workspace owner = Workspace.open();
    Tensor x = owner.tensor(3);
    owner.close();
    assertThatThrownBy(() -> x.get(0)).isInstanceOf(IllegalStateException.class);
    try (Arena arena = Arena.ofConfined()) {
      Workspace guest = Workspace.in(arena);
      Tensor y = guest.tensor(3);
      guest.close();
      assertThat(y.fill(1).get(2)).isEqualTo(1);
    }
  }
}
