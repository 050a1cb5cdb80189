package dev.lanewise.kernels.cpu;

import static dev.lanewise.kernels.lane.Lanes.F;

import dev.lanewise.kernels.lane.Lanes;
import jdk.incubator.vector.FloatVector;

/**
 * Fused multiply-adds that stay in registers: nothing a program computes can be faster.
 *
 * <p>A chain waits for its own last result, so the number of chains must cover latency times ports: 8 to 10 on x86-64, where 16
 * registers of 256 bits leave room for 12; 16 on the widest Arm cores, which have 32 registers, as AVX-512 has. So there are two loops, and
 * the faster one is the peak.
 */
public final class FmaLoop {
  /** Floating-point operations of one round of {@link #chains12}. */
  public static final int FLOPS_12 = 2 * 12 * Lanes.COUNT;

  /** Floating-point operations of one round of {@link #chains24}. */
  public static final int FLOPS_24 = 2 * 24 * Lanes.COUNT;

  private FmaLoop() {}

  /**
   * Runs 12 chains {@code c = factor * 0.5 + c}.
   *
   * @param factor 0 keeps every value as it is, which the compiler cannot know
   * @return something that depends on every chain: 66 when the factor is 0
   */
  public static float chains12(int rounds, float factor) {
    FloatVector f = FloatVector.broadcast(F, factor);
    FloatVector g = FloatVector.broadcast(F, 0.5f);
    FloatVector c0 = FloatVector.broadcast(F, 0);
    FloatVector c1 = FloatVector.broadcast(F, 1);
    FloatVector c2 = FloatVector.broadcast(F, 2);
    FloatVector c3 = FloatVector.broadcast(F, 3);
    FloatVector c4 = FloatVector.broadcast(F, 4);
    FloatVector c5 = FloatVector.broadcast(F, 5);
    FloatVector c6 = FloatVector.broadcast(F, 6);
    FloatVector c7 = FloatVector.broadcast(F, 7);
    FloatVector c8 = FloatVector.broadcast(F, 8);
    FloatVector c9 = FloatVector.broadcast(F, 9);
    FloatVector c10 = FloatVector.broadcast(F, 10);
    FloatVector c11 = FloatVector.broadcast(F, 11);
    for (int i = 0; i < rounds; i++) {
      c0 = f.fma(g, c0);
      c1 = f.fma(g, c1);
      c2 = f.fma(g, c2);
      c3 = f.fma(g, c3);
      c4 = f.fma(g, c4);
      c5 = f.fma(g, c5);
      c6 = f.fma(g, c6);
      c7 = f.fma(g, c7);
      c8 = f.fma(g, c8);
      c9 = f.fma(g, c9);
      c10 = f.fma(g, c10);
      c11 = f.fma(g, c11);
    }
    return c0.add(c1).add(c2).add(c3).add(c4).add(c5).add(c6).add(c7).add(c8).add(c9).add(c10).add(c11).lane(0);
  }

  /**
   * Runs 24 chains {@code c = factor * 0.5 + c}.
   *
   * @param factor 0 keeps every value as it is, which the compiler cannot know
   * @return something that depends on every chain: 276 when the factor is 0
   */
  public static float chains24(int rounds, float factor) {
    FloatVector f = FloatVector.broadcast(F, factor);
    FloatVector g = FloatVector.broadcast(F, 0.5f);
    FloatVector c0 = FloatVector.broadcast(F, 0);
    FloatVector c1 = FloatVector.broadcast(F, 1);
    FloatVector c2 = FloatVector.broadcast(F, 2);
    FloatVector c3 = FloatVector.broadcast(F, 3);
    FloatVector c4 = FloatVector.broadcast(F, 4);
    FloatVector c5 = FloatVector.broadcast(F, 5);
    FloatVector c6 = FloatVector.broadcast(F, 6);
    FloatVector c7 = FloatVector.broadcast(F, 7);
    FloatVector c8 = FloatVector.broadcast(F, 8);
    FloatVector c9 = FloatVector.broadcast(F, 9);
    FloatVector c10 = FloatVector.broadcast(F, 10);
    FloatVector c11 = FloatVector.broadcast(F, 11);
    FloatVector c12 = FloatVector.broadcast(F, 12);
    FloatVector c13 = FloatVector.broadcast(F, 13);
    FloatVector c14 = FloatVector.broadcast(F, 14);
    FloatVector c15 = FloatVector.broadcast(F, 15);
    FloatVector c16 = FloatVector.broadcast(F, 16);
    FloatVector c17 = FloatVector.broadcast(F, 17);
    FloatVector c18 = FloatVector.broadcast(F, 18);
    FloatVector c19 = FloatVector.broadcast(F, 19);
    FloatVector c20 = FloatVector.broadcast(F, 20);
    FloatVector c21 = FloatVector.broadcast(F, 21);
    FloatVector c22 = FloatVector.broadcast(F, 22);
    FloatVector c23 = FloatVector.broadcast(F, 23);
    for (int i = 0; i < rounds; i++) {
      c0 = f.fma(g, c0);
      c1 = f.fma(g, c1);
      c2 = f.fma(g, c2);
      c3 = f.fma(g, c3);
      c4 = f.fma(g, c4);
      c5 = f.fma(g, c5);
      c6 = f.fma(g, c6);
      c7 = f.fma(g, c7);
      c8 = f.fma(g, c8);
      c9 = f.fma(g, c9);
      c10 = f.fma(g, c10);
      c11 = f.fma(g, c11);
      c12 = f.fma(g, c12);
      c13 = f.fma(g, c13);
      c14 = f.fma(g, c14);
      c15 = f.fma(g, c15);
      c16 = f.fma(g, c16);
      c17 = f.fma(g, c17);
      c18 = f.fma(g, c18);
      c19 = f.fma(g, c19);
      c20 = f.fma(g, c20);
      c21 = f.fma(g, c21);
      c22 = f.fma(g, c22);
      c23 = f.fma(g, c23);
    }
    return c0.add(c1).add(c2).add(c3).add(c4).add(c5).add(c6).add(c7).add(c8).add(c9).add(c10).add(c11)
        .add(c12).add(c13).add(c14).add(c15).add(c16).add(c17).add(c18).add(c19).add(c20).add(c21).add(c22).add(c23)
        .lane(0);
  }
}
