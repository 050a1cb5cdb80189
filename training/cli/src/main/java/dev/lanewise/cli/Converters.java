package dev.lanewise.cli;

import dev.lanewise.training.Optimizer;
import dev.lanewise.training.Schedule;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/** Turn the texts of options into values, or say what is wrong with them. */
final class Converters {
  private Converters() {}

  /** The value of an option from a text that was given for it earlier. */
  static Object convert(OptionSpec option, String text) {
    try {
      if (option.converters().length > 0) {
        return option.converters()[0].convert(text);
      }
      Class<?> type = option.type();
      return type == Path.class ? Path.of(text)
          : type == Long.class ? Long.valueOf(text)
              : type == Boolean.class ? Boolean.valueOf(text)
                  : type == Float.class ? Float.valueOf(text)
                      : type.isEnum() ? constant(type, text)
                          : text;
    } catch (Exception e) {
      throw new IllegalArgumentException("the checkpoint has '" + text + "' for " + option.longestName() + ": " + e.getMessage(), e);
    }
  }

  private static Object constant(Class<?> type, String text) {
    for (Object constant : type.getEnumConstants()) {
      if (constant.toString().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    throw new TypeConversionException("'" + text + "' is none of its values");
  }

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

  /** A number from 0. */
  static final class NotNegative implements ITypeConverter<Float> {
    @Override
    public Float convert(String text) {
      return number(text, "a number from 0", Float.MAX_VALUE);
    }
  }

  /** A number from 0 to 1. */
  static final class Share implements ITypeConverter<Float> {
    @Override
    public Float convert(String text) {
      return number(text, "a number from 0 to 1", 1);
    }
  }

  private static float number(String text, String wanted, float most) {
    try {
      float value = Float.parseFloat(text);
      if (value >= 0 && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new TypeConversionException("'" + text + "' is not " + wanted);
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
