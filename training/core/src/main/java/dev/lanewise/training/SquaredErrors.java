package dev.lanewise.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * Adds up what RMSE and R2 are made of, in double and in the order of the rows. The targets' spread is taken about the first
 * target, so that a large mean costs no digits.
 */
final class SquaredErrors implements Meter {
  private final String name;
  private final boolean explained;
  private final double unit;
  private double errors;
  private double origin;
  private double sum;
  private double squares;
  private long count;

  /** @param explained whether the value is R2; else it is RMSE times the unit */
  SquaredErrors(String name, Loss loss, boolean explained, double unit) {
    if (loss.link() != Loss.Link.NONE) {
      throw new IllegalArgumentException(
          "Metric " + name + " measures numbers but the loss " + loss.id() + " is on classes; use accuracy or macro_f1");
    }
    this.name = name;
    this.explained = explained;
    this.unit = unit;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void add(int rows, int cols, MemorySegment outputs, MemorySegment targets) {
    for (long i = 0; i < (long) rows * cols; i++) {
      double target = targets.getAtIndex(JAVA_FLOAT, i);
      double error = outputs.getAtIndex(JAVA_FLOAT, i) - target;
      origin = count == 0 ? target : origin;
      errors += error * error;
      sum += target - origin;
      squares += (target - origin) * (target - origin);
      count++;
    }
  }

  @Override
  public double value() {
    return explained ? 1 - errors / (squares - sum * sum / count) : unit * Math.sqrt(errors / count);
  }

  @Override
  public void reset() {
    errors = 0;
    origin = 0;
    sum = 0;
    squares = 0;
    count = 0;
  }

  @Override
  public void save(Snapshot into) {
    into.put("errors", errors).put("origin", origin).put("sum", sum).put("squares", squares).put("count", count);
  }

  @Override
  public void restore(Snapshot from) {
    errors = from.real("errors");
    origin = from.real("origin");
    sum = from.real("sum");
    squares = from.real("squares");
    count = from.number("count");
  }
}
