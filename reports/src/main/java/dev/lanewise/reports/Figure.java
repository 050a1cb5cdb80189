package dev.lanewise.reports;

/**
 * One benchmark of one contender.
 *
 * @param family what is measured, such as Gemm; one table of the page
 * @param work the kernel and its sizes, the same for every contender
 * @param who the contender; {@link #OURS} is the one that the page is about
 * @param speed in the unit, or NaN where a contender did not take part
 * @param error half the width of the confidence interval, or NaN
 * @param limit what the machine could do at most, measured in the same run in the same unit, or NaN
 * @param elementsPerSecond or NaN where the work has no number of elements
 * @param bytesPerCall allocated on the heap, or NaN
 * @param allocationRate MB/s allocated on the heap, or NaN
 */
record Figure(
    String family, String work, String who, Unit unit, double speed, double error, double limit, double elementsPerSecond,
    double bytesPerCall, double allocationRate) {
  static final String OURS = "lanewise";

  /** What a speed is counted in, and what it is a share of. */
  enum Unit {
    ARITHMETIC("GFLOP/s", "FMA peak"),
    TRAFFIC("GB/s", "triad bandwidth"),
    CALLS("calls/s", "");

    final String symbol;
    final String limit;

    Unit(String symbol, String limit) {
      this.symbol = symbol;
      this.limit = limit;
    }
  }

  boolean ours() {
    return who.equals(OURS);
  }

  /** Speed by the limit. */
  double share() {
    return speed / limit;
  }
}
