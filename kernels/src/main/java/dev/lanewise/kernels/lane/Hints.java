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

  /**
   * n, as far as C2 can tell another one for each index. What all turns of a loop have in common C2 decides before the loop, and where that has been one way so far it
   * bets on it together with the bounds of arrays. A bet that is lost once, by the first product that is added to C, say, is not made again for that loop: its bounds are
   * checked within from then on (measured, see reports/decisions/0019).
   *
   * @param index of which C2 does not know that it is no negative number
   */
  public static int anew(int n, int index) {
    return n + (index >>> 31);
  }
}
