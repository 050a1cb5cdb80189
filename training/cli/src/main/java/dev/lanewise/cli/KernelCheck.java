package dev.lanewise.cli;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Gemm;
import dev.lanewise.kernels.Rng;
import dev.lanewise.kernels.Softmax;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.reference.GemmReference;
import dev.lanewise.kernels.reference.SoftmaxReference;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Whether this machine's kernels agree with their scalar twins: two samples, not the tests. */
final class KernelCheck {
  private static final int M = 37;
  private static final int N = 41;
  private static final int K = 143;

  private KernelCheck() {}

  /** Names the first kernel that gives other bits than its twin, or returns "". */
  static String firstDifference(Workers workers) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment a = random(arena, 1, M * K, workers);
      MemorySegment b = random(arena, 2, K * N, workers);
      MemorySegment got = random(arena, 3, M * N, workers);
      MemorySegment want = random(arena, 4, M * N, workers);
      // Often enough for the JIT to compile it: that is what may go wrong.
      for (int i = 0; i < 200; i++) {
        Gemm.multiply(false, false, M, N, K, a, K, b, N, got, N, false, Epilogue.NONE, workers);
      }
      GemmReference.fmaOrder(false, false, M, N, K, a, K, b, N, want, N, false, Epilogue.NONE);
      if (got.mismatch(want) >= 0) {
        return difference("Gemm " + M + "x" + N + "x" + K, got, want);
      }
      MemorySegment logits = random(arena, 5, M * N, workers);
      for (int i = 0; i < 200; i++) {
        Softmax.forward(M, N, logits, got, workers);
      }
      SoftmaxReference.forward(0, M, N, logits, want);
      return got.mismatch(want) >= 0 ? difference("Softmax " + M + "x" + N, got, want) : "";
    }
  }

  private static MemorySegment random(Arena arena, int stream, int n, Workers workers) {
    MemorySegment values = arena.allocate(4L * n, 64);
    Rng.uniform(1, stream, 0, n, values, -1, 1, workers);
    return values;
  }

  private static String difference(String kernel, MemorySegment got, MemorySegment want) {
    long at = got.mismatch(want) / 4;
    return kernel + " gives " + got.getAtIndex(JAVA_FLOAT, at) + " at " + at + ", its scalar twin "
        + want.getAtIndex(JAVA_FLOAT, at);
  }
}
