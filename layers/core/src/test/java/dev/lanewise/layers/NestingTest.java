package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.tensor.Shape;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Parameters of models that are made of models. */
class NestingTest {
  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void free() {
    arena.close();
  }

  private record Pair(Sequential first, Sequential second) {}

  private Params.Built<Pair> pair() {
    return Params.build(3, arena, params -> new Pair(Sequential.spec(Dense.of(3), Dense.of(2)).build(Shape.of(4), params),
        Sequential.spec(Dense.of(5)).build(Shape.of(2), params)));
  }

  @Test
  void namesAreUniqueAndPartsShareTheFlatTensors() {
    Params.Built<Pair> built = pair();
    assertThat(built.params().list().stream().map(Param::name)).containsExactly("dense/kernel", "dense/bias", "dense_1/kernel",
        "dense_1/bias", "dense_2/kernel", "dense_2/bias");
    assertThat(built.model().first().name()).isEqualTo("sequential");
    assertThat(built.model().second().name()).isEqualTo("sequential_1");
    Params first = built.params().range(0, 4);
    Params second = built.params().range(4, 6);
    assertThat(first.list()).isEqualTo(built.model().first().params());
    assertThat(second.list()).isEqualTo(built.model().second().params());
    assertThat(first.count() + second.count()).isEqualTo(built.params().count()).isEqualTo(4 * 3 + 3 + 3 * 2 + 2 + 2 * 5 + 5);
    assertThat(first.values().size() + second.values().size()).isEqualTo(built.params().values().size());
    second.values().fill(7);
    assertThat(built.model().second().params().getFirst().value().toArray()).containsOnly(7);
    assertThat(built.model().first().params().getLast().value().toArray()).doesNotContain(7);
    first.gradients().fill(2);
    assertThat(built.model().first().params().getLast().gradient().toArray()).containsOnly(2);
    assertThat(built.params().range(6, 6).values().size()).isZero();
  }

  @Test
  void aPartHasNoParametersOfItsOwn() {
    assertThatThrownBy(() -> pair().model().second().parameters()).isInstanceOf(IllegalStateException.class)
        .hasMessage("sequential_1: it is a part of a larger model, which has the parameters");
  }

  @Test
  void aStateIsKeptButNotLearned() {
    Params.Built<List<Param>> built = Params.build(1, arena, params -> List.of(
        params.param("norm/gamma", Shape.of(3), Initializer.ONES), params.state("norm/mean", Shape.of(3), Initializer.ZEROS)));
    assertThat(built.params().count()).isEqualTo(3);
    assertThat(built.params().list().stream().map(Param::learned)).containsExactly(true, false);
    assertThat(built.model().getLast().gradient().toArray()).containsOnly(0);
  }

  @Test
  void usefulWorkCountsWhatIsNeeded() {
    Sequential model = Sequential.build(Shape.of(2, 3), 1, arena, Flatten.of(), Dense.of(5), Relu.of(), Dense.of(4));
    // Below the first dense layer nothing learns: two products there, three above.
    assertThat(model.trainingFlops()).isEqualTo(2 * 2 * 6 * 5 + 3 * 2 * 5 * 4);
    assertThat(model.architecture()).startsWith("[2, 3] > flatten [6] > dense [5]").endsWith("59 parameters");
  }
}
