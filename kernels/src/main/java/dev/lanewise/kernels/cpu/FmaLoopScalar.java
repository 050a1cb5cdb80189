package dev.lanewise.kernels.cpu;

/** The scalar twin of {@link FmaLoop}: what a processor can do where the scalar kernels run. */
public final class FmaLoopScalar {
  /** Floating-point operations of one round. */
  public static final int FLOPS = 2 * 12;

  private FmaLoopScalar() {}

  /**
   * Runs 12 chains {@code c = factor * 0.5 + c}.
   *
   * @param factor 0 keeps every value as it is, which the compiler cannot know
   * @return something that depends on every chain: 66 when the factor is 0
   */
  public static float chains12(int rounds, float factor) {
    float c0 = 0;
    float c1 = 1;
    float c2 = 2;
    float c3 = 3;
    float c4 = 4;
    float c5 = 5;
    float c6 = 6;
    float c7 = 7;
    float c8 = 8;
    float c9 = 9;
    float c10 = 10;
    float c11 = 11;
    for (int i = 0; i < rounds; i++) {
      c0 = Math.fma(factor, 0.5f, c0);
      c1 = Math.fma(factor, 0.5f, c1);
      c2 = Math.fma(factor, 0.5f, c2);
      c3 = Math.fma(factor, 0.5f, c3);
      c4 = Math.fma(factor, 0.5f, c4);
      c5 = Math.fma(factor, 0.5f, c5);
      c6 = Math.fma(factor, 0.5f, c6);
      c7 = Math.fma(factor, 0.5f, c7);
      c8 = Math.fma(factor, 0.5f, c8);
      c9 = Math.fma(factor, 0.5f, c9);
      c10 = Math.fma(factor, 0.5f, c10);
      c11 = Math.fma(factor, 0.5f, c11);
    }
    return c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11;
  }
}
