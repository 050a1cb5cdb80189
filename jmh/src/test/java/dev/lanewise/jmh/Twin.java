package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** Compares what a benchmark left behind with what a scalar twin makes of the same operands. */
final class Twin {
  private Twin() {}

  /** A copy of memory that the benchmark is about to change. */
  static MemorySegment copy(MemorySegment segment) {
    return Guarded.of(segment.toArray(JAVA_FLOAT)).segment();
  }

  /** The same bits as a twin writes to the memory that it is handed. */
  static void sameBits(MemorySegment got, Consumer<MemorySegment> twin) {
    Guarded want = Guarded.nanFilled((int) (got.byteSize() / 4));
    twin.accept(want.segment());
    assertThat(got.toArray(JAVA_INT)).isEqualTo(want.ints());
  }

  /** The same bits in both. */
  static void sameBits(MemorySegment got, MemorySegment want) {
    assertThat(got.toArray(JAVA_INT)).isEqualTo(want.toArray(JAVA_INT));
  }

  /** Traffic of the benchmark's call: so many floats read and written. */
  static void counted(Rate.Traffic rate, double floats) {
    assertThat(rate.gb).isCloseTo(4e-9 * floats, within(1e-15));
  }
}
