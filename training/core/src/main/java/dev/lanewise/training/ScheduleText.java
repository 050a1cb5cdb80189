package dev.lanewise.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Schedules as text: name, colon, options; {@link Schedule#parse} lists the forms. */
final class ScheduleText {
  private static final String CHOICES = "constant, step, exponential, cosine, piecewise";

  private ScheduleText() {}

  static Schedule parse(String text) {
    int colon = text.indexOf(':');
    String name = (colon < 0 ? text : text.substring(0, colon)).strip();
    Options options = new Options(name, colon < 0 ? "" : text.substring(colon + 1));
    Schedule schedule =
        switch (name) {
          case "constant" -> new Schedule.Constant();
          case "step" -> new Schedule.Step(options.number("every", 1), options.number("factor", 0.5));
          case "exponential" -> new Schedule.Exponential(options.number("rate", 0.9), options.number("every", 1));
          case "cosine" -> new Schedule.Cosine(warmUp(options), options.number("end", 0));
          case "piecewise" -> options.pieces();
          default ->
            throw new IllegalArgumentException("Schedule: '" + name + "' is unknown; choices are " + CHOICES);
        };
    options.requireAllUsed();
    return schedule;
  }

  static String write(Schedule schedule) {
    return switch (schedule) {
      case Schedule.Constant() -> "constant";
      case Schedule.Step(double every, double factor) -> "step:every=" + every + ",factor=" + factor;
      case Schedule.Exponential(double rate, double every) -> "exponential:rate=" + rate + ",every=" + every;
      case Schedule.Cosine(Schedule.WarmUp warmUp, double end) -> "cosine:warmup=" + write(warmUp) + ",end=" + end;
      case Schedule.Piecewise(List<Double> epochs, List<Double> factors) -> {
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < epochs.size(); i++) {
          pieces.add(epochs.get(i) + "=" + factors.get(i));
        }
        yield "piecewise:" + String.join(",", pieces);
      }
    };
  }

  private static String write(Schedule.WarmUp warmUp) {
    if (warmUp.share() == 1) {
      return Long.toString(warmUp.limit());
    }
    String share = warmUp.share() * 100 + "%";
    return warmUp.limit() == Long.MAX_VALUE ? share : share + "/" + warmUp.limit();
  }

  private static Schedule.WarmUp warmUp(Options options) {
    String text = options.text("warmup");
    if (text == null) {
      return new Schedule.WarmUp(Schedule.Cosine.USUAL_SHARE, Schedule.Cosine.USUAL_LIMIT);
    }
    try {
      int percent = text.indexOf('%');
      if (percent < 0) {
        return Schedule.WarmUp.steps(Long.parseLong(text));
      }
      String limit = text.substring(percent + 1);
      return new Schedule.WarmUp(
          Double.parseDouble(text.substring(0, percent)) / 100,
          limit.isEmpty() ? Long.MAX_VALUE : Long.parseLong(limit.substring(1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Schedule cosine: warmup is '" + text
          + "'; write steps (500), a share of the run (5%) or a share and the most steps (5%/500)", e);
    }
  }

  /** The options of one schedule; each is taken once, and what is left over at the end is an error. */
  private static final class Options {
    private final String schedule;
    private final Map<String, String> left = new LinkedHashMap<>();
    private final List<String> known = new ArrayList<>();

    Options(String schedule, String text) {
      this.schedule = schedule;
      if (text.isBlank()) {
        return;
      }
      for (String part : text.split(",", -1)) {
        int equals = part.indexOf('=');
        if (equals < 1) {
          throw new IllegalArgumentException(
              "Schedule " + schedule + ": '" + part + "' is no option; write name=value, separated by commas");
        }
        String key = part.substring(0, equals).strip();
        if (left.put(key, part.substring(equals + 1).strip()) != null) {
          throw new IllegalArgumentException("Schedule " + schedule + ": option '" + key + "' is given twice");
        }
      }
    }

    @Nullable
    String text(String key) {
      known.add(key);
      return left.remove(key);
    }

    double number(String key, double absent) {
      String value = text(key);
      return value == null ? absent : number(key, value);
    }

    private double number(String key, String value) {
      try {
        return Double.parseDouble(value);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "Schedule " + schedule + ": " + key + " is '" + value + "'; a number is needed", e);
      }
    }

    Schedule pieces() {
      List<Double> epochs = new ArrayList<>();
      List<Double> factors = new ArrayList<>();
      for (Map.Entry<String, String> piece : left.entrySet()) {
        epochs.add(number("an epoch", piece.getKey()));
        factors.add(number("the factor of epoch " + piece.getKey(), piece.getValue()));
      }
      left.clear();
      return new Schedule.Piecewise(epochs, factors);
    }

    void requireAllUsed() {
      if (!left.isEmpty()) {
        throw new IllegalArgumentException("Schedule " + schedule + ": option '" + left.keySet().iterator().next()
            + "' is unknown; " + (known.isEmpty() ? "it has none" : "options are " + String.join(", ", known)));
      }
    }
  }
}
