package dev.lanewise.kernels.lane;

/**
 * What loops tell C2 about their indices, and what they hide from it, where sums would not fit 16 vector registers otherwise (measured, see reports/decisions/0015).
 */
public final class Hints {
  /**
   * Masks an index that is no negative number and below 2^29, as every index into scratch is: C2 then knows that adding steps and rows to it does not overflow, and
   * extends one index to 64 bits where each sum would be extended by itself.
   */
  public static final int INDEX = (1 << 29) - 1;

  /**
   * A step that no loop reaches, handed over so that C2 does not know. A loop that leaves at it between multiply-adds has a body of several blocks; C2 moves loads forward
   * within a block only, so elements of A are loaded a few at a time and not all of a step before its first multiply-add.
   */
  public static final int NEVER = -1;

  private Hints() {}
}
