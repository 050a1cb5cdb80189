package dev.lanewise.training.data.table;

/** In which form a network sees a time series, and how its answer becomes a forecast again. */
public enum SeriesForm {
  /** The values themselves. */
  VALUES {
    @Override
    double see(double before, double value) {
      return value;
    }

    @Override
    double forecast(double before, double seen) {
      return seen;
    }
  },
  /** The change since the value before. */
  DIFFERENCES {
    @Override
    double see(double before, double value) {
      return value - before;
    }

    @Override
    double forecast(double before, double seen) {
      return before + seen;
    }
  },
  /** The logarithm of the ratio to the value before: for positive values that grow by a share of themselves. */
  LOG_RATIOS {
    @Override
    double see(double before, double value) {
      return StrictMath.log(value / before);
    }

    @Override
    double forecast(double before, double seen) {
      return before * StrictMath.exp(seen);
    }
  };

  /** What the network sees of a value, given the value before. */
  abstract double see(double before, double value);

  /** The value of which this would have been seen. */
  abstract double forecast(double before, double seen);
}
