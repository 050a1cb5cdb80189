package dev.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Examples and what {@link Embedding} refuses. */
class EmbeddingTest {
  private static final Workers ONE = Crew.of(1);

  private static MemorySegment ints(int... values) {
    return Guarded.ofInts(values).segment();
  }

  @Test
  void anExampleByHand() {
    MemorySegment table = Data.segment(1f, 2f, 3f, 4f, 5f, 6f);
    Guarded y = Guarded.nanFilled(6);
    Embedding.gather(3, 2, table, 3, ints(2, 0, 2), y.segment(), ONE);
    assertThat(y.floats()).containsExactly(5f, 6f, 1f, 2f, 5f, 6f);
    Guarded dtable = Guarded.nanFilled(6);
    Embedding.scatterAdd(3, 2, 3, ints(2, 0, 2), Data.segment(1f, 2f, 3f, 4f, 10f, 20f), dtable.segment(), false, ONE);
    assertThat(dtable.floats()).containsExactly(3f, 4f, 0f, 0f, 11f, 22f);
    Embedding.scatterAdd(3, 2, 1, ints(1), Data.segment(7f, 8f), dtable.segment(), true, ONE);
    assertThat(dtable.floats()).containsExactly(3f, 4f, 7f, 8f, 11f, 22f);
  }

  @Test
  void idsThatTravelAsFloats() {
    MemorySegment x = Data.segment(0f, 7f, 16_777_216f);
    MemorySegment ids = ints(9, 9, 9);
    Embedding.ids(3, x, ids);
    assertThat(ids.toArray(JAVA_INT)).containsExactly(0, 7, 16_777_216);
    Embedding.ids(3, x, x);
    assertThat(x.toArray(JAVA_INT)).containsExactly(0, 7, 16_777_216);
  }

  @ParameterizedTest
  @ValueSource(floats = {0.5f, -1f, Float.NaN, Float.POSITIVE_INFINITY, 16_777_218f, 1e10f})
  void whatIsNoIdIsNamedWithItsPosition(float bad) {
    assertThatThrownBy(() -> Embedding.ids(3, Data.segment(1f, 2f, bad), ints(0, 0, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ids: " + bad + " at position 2 is no whole number from 0 to 16777216; ids count from 0");
  }

  @Test
  void refusesWhatItCannotDo() {
    MemorySegment table = Data.segment(new float[6]);
    MemorySegment y = Data.segment(1f, 1f);
    assertThatThrownBy(() -> Embedding.gather(3, 2, table, 1, ints(3), y, ONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("gather: id 3 at position 0 is outside the table of 3 rows");
    Guarded dtable = Guarded.of(1f, 2f, 3f, 4f, 5f, 6f);
    assertThatThrownBy(
        () -> Embedding.scatterAdd(3, 2, 2, ints(0, -1), Data.segment(new float[4]), dtable.segment(), false, ONE))
        .hasMessage("scatterAdd: id -1 at position 1 is outside the table of 3 rows");
    assertThat(dtable.floats()).containsExactly(1f, 2f, 3f, 4f, 5f, 6f);
    assertThatThrownBy(() -> Embedding.gather(3, 2, table, 2, ints(0, 0), y, ONE))
        .hasMessageContaining("y holds 2 elements but 4 are needed");
    assertThatThrownBy(() -> Embedding.gather(3, 2, table, 1, ints(0), table, ONE))
        .hasMessageContaining("y overlaps the table");
    assertThatThrownBy(() -> Embedding.scatterAdd(3, 2, 1, ints(0), table, table, true, ONE))
        .hasMessageContaining("dtable overlaps dy");
    assertThatThrownBy(() -> Embedding.gather(3, -2, table, 1, ints(0), y, ONE)).hasMessageContaining("-2 columns");
    assertThatThrownBy(() -> Embedding.gather(3, 2, MemorySegment.ofArray(new float[6]), 1, ints(0), y, ONE))
        .hasMessageContaining("table is a heap segment");
  }
}
