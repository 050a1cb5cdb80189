package dev.lanewise.cli;

import dev.lanewise.training.Optimizer;
import dev.lanewise.training.Schedule;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Turn the texts of options into values, or say what is wrong with them. */
final class Converters {
  private Converters() {}

  /** A whole number from 1. */
  static final class Count implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      try {
        int value = Integer.parseInt(text);
        if (value >= 1) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new TypeConversionException("'" + text + "' is no whole number from 1 to " + Integer.MAX_VALUE);
    }
  }

  /** A number above 0. */
  static final class Rate implements ITypeConverter<Float> {
    @Override
    public Float convert(String text) {
      try {
        float value = Float.parseFloat(text);
        if (value > 0 && value < Float.POSITIVE_INFINITY) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new TypeConversionException("'" + text + "' is no number above 0");
    }
  }

  /** See {@link Schedule#parse}. */
  static final class ScheduleText implements ITypeConverter<Schedule> {
    @Override
    public Schedule convert(String text) {
      try {
        return Schedule.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** See {@link Optimizer#named}. */
  static final class OptimizerName implements ITypeConverter<Optimizer> {
    @Override
    public Optimizer convert(String text) {
      try {
        return Optimizer.named(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
