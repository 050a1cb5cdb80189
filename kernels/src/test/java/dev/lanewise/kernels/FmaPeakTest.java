package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.cpu.FmaLoop;
import dev.lanewise.kernels.cpu.FmaLoopScalar;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class FmaPeakTest {
  @Test
  void noProductIsFasterThanThePeak() {
    int n = 96;
    try (Workers workers = Workers.single(); Arena arena = Arena.ofConfined()) {
      var a = arena.allocate(n * n * 4L, 64);
      var c = arena.allocate(n * n * 4L, 64);
      double best = 0;
      for (int i = 0; i < 300; i++) {
        long begin = System.nanoTime();
        Gemm.multiply(false, false, n, n, n, a, n, a, n, c, n, false, Epilogue.NONE, workers);
        best = Math.max(best, 2.0 * n * n * n / (System.nanoTime() - begin));
      }
      double peak = 0;
      // Shorter than a time slice, so that some of them have the processor to themselves, as the best product had.
      for (int i = 0; i < 100; i++) {
        peak = Math.max(peak, FmaPeak.gflops(1, workers));
      }
      assertThat(best).isPositive().isLessThan(peak);
    }
  }

  @Test
  void loopsDependOnEveryChain() {
    assertThat(FmaLoopScalar.chains12(10, 0)).isEqualTo(66);
    assertThat(FmaLoopScalar.chains12(10, 1)).isEqualTo(66 + 12 * 10 * 0.5f);
    if (Kernels.vectors()) {
      assertThat(FmaLoop.chains12(10, 0)).isEqualTo(66);
      assertThat(FmaLoop.chains12(10, 1)).isEqualTo(66 + 12 * 10 * 0.5f);
      assertThat(FmaLoop.chains24(10, 0)).isEqualTo(276);
      assertThat(FmaLoop.chains24(10, 1)).isEqualTo(276 + 24 * 10 * 0.5f);
    }
  }

  @Test
  void steadyBurstAllocatesNothing() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Workers workers = Workers.single()) {
      long allocated = Long.MAX_VALUE;
      for (int i = 0; i < 20 && allocated > 0; i++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        FmaPeak.gflops(5, workers);
        allocated = threads.getCurrentThreadAllocatedBytes() - before;
      }
      assertThat(allocated).isZero();
    }
  }

  @Test
  void refusesNoTime() {
    try (Workers workers = Workers.single()) {
      assertThatThrownBy(() -> FmaPeak.gflops(0, workers))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("FmaPeak: 0 ms; measure for at least 1");
    }
  }
}
