package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Allocation;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionTest {
  private static final MemorySegment NONE = MemorySegment.NULL;
  private static final Workers ONE = Crew.of(1);

  @Test
  void equalScoresAverageTheValuesThatAreSeen() {
    // Two channels, three positions, queries 0: a causal row is the mean of the values up to it.
    Guarded qkv = Guarded.of(0, 0, 5, 6, 1, 10, 0, 0, 7, 8, 3, 20, 0, 0, 9, 1, 5, 60);
    Guarded y = Guarded.nanFilled(6);
    Attention.self(1, 2, true).infer(1, 3, 3, qkv.segment(), qkv.segment(), NONE, y.segment(), ONE);
    assertThat(y.floats()).containsExactly(1, 10, 2, 15, 3, 30);
    Attention.self(1, 2, false).infer(1, 3, 3, qkv.segment(), qkv.segment(), Guarded.ofInts(2).segment(), y.segment(), ONE);
    assertThat(y.floats()).containsExactly(2, 15, 2, 15, 2, 15);
  }

  @Test
  void aQueryFindsItsKey() {
    // Cross: two queries along the axes, three keys, the scores of the wanted ones 100 / sqrt(2) above the others.
    Guarded q = Guarded.of(10, 0, 0, 10);
    Guarded kv = Guarded.of(0, 0, 1, 2, 10, 0, 3, 4, 0, 10, 5, 6);
    Guarded y = Guarded.nanFilled(4);
    Attention.cross(1, 2).infer(1, 2, 3, q.segment(), kv.segment(), NONE, y.segment(), ONE);
    assertThat(y.floats()).containsExactly(3, 4, 5, 6);
  }

  @Test
  void noExamplesOrQueriesDoNothing() {
    Guarded empty = Guarded.of();
    Attention.self(2, 3, true).infer(0, 4, 4, empty.segment(), empty.segment(), NONE, empty.segment(), ONE);
    Attention.self(2, 3, true).infer(4, 0, 0, empty.segment(), empty.segment(), NONE, empty.segment(), ONE);
    assertThat(empty.guardsIntact()).isTrue();
  }

  @Test
  void mistakesAreNamed() {
    Attention self = Attention.self(2, 4, true);
    MemorySegment qkv = Data.segment(new float[2 * 5 * 24]);
    MemorySegment y = Data.segment(new float[2 * 5 * 8]);
    assertThatThrownBy(() -> Attention.self(0, 4, true)).hasMessageContaining("0 heads of 4 channels");
    assertThatThrownBy(() -> self.infer(3, 5, 5, qkv, qkv, NONE, y, ONE))
        .hasMessage("Attention: Q holds 240 elements but 360 are needed");
    assertThatThrownBy(() -> self.infer(2, 5, 4, qkv, qkv, NONE, y, ONE)).hasMessageContaining("5 queries to 4 keys");
    assertThatThrownBy(() -> self.infer(2, 5, 5, qkv, qkv, Guarded.ofInts(5, 6).segment(), y, ONE))
        .hasMessage("Attention: example 1 has a length of 6; from 1 to its 5 keys are possible");
    assertThatThrownBy(() -> self.infer(2, 5, 5, qkv, qkv, NONE, qkv, ONE)).hasMessageContaining("Y overlaps Q");
    assertThatThrownBy(() -> Attention.cross(2, 4).infer(2, 5, 0, qkv, qkv, NONE, y, ONE)).hasMessageContaining("a query needs a key");
    assertThatThrownBy(() -> self.infer(2, 5, 5, MemorySegment.ofArray(new float[240]), qkv, NONE, y, ONE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> self.step(16, 16, qkv, qkv, qkv, y, ONE)).hasMessageContaining("position 16 of a cache of 16");
    assertThatThrownBy(() -> Attention.self(2, 4, false).step(0, 16, qkv, qkv, qkv, y, ONE)).isInstanceOf(IllegalStateException.class);
    MemorySegment dq = Data.segment(new float[2 * 5 * 24]);
    MemorySegment p = Data.segment(new float[2 * 2 * 25]);
    assertThatThrownBy(() -> self.backward(2, 5, 5, qkv, qkv, NONE, p, y, dq, Data.segment(new float[240]), ONE))
        .hasMessageContaining("lie in one matrix");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aSteadyCallAllocatesNothing(int threads) {
    MemorySegment qkv = Data.segment(Data.seeded(1).uniform(4 * 40 * 96, -1, 1));
    MemorySegment y = Data.segment(new float[4 * 40 * 32]);
    MemorySegment dq = Data.segment(new float[4 * 40 * 96]);
    MemorySegment p = Data.segment(new float[4 * 2 * 40 * 40]);
    MemorySegment keys = Data.segment(new float[32 * 48]);
    MemorySegment values = Data.segment(new float[32 * 48]);
    Attention self = Attention.self(2, 16, true);
    Attention odd = Attention.cross(2, 5);
    try (Workers workers = threads == 1 ? Workers.single() : Workers.threads(threads)) {
      long bytes = Allocation.steady(() -> {
        self.infer(4, 40, 40, qkv, qkv, NONE, y, workers);
        self.forward(4, 40, 40, qkv, qkv, NONE, p, y, workers);
        self.backward(4, 40, 40, qkv, qkv, NONE, p, y, dq, dq, workers);
        odd.forward(2, 11, 17, qkv, dq, NONE, p, y, workers);
        self.step(33, 48, qkv, keys, values, y, workers);
      });
      assertThat(bytes).isZero();
    }
  }
}
