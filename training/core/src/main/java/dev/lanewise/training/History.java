package dev.lanewise.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The epochs of a run, the first one first, those before a resume included.
 *
 * @param epochs whole epochs only
 * @param stopReason why the run ended before its last epoch, or "" if it did not
 */
public record History(List<EpochLog> epochs, String stopReason) {

  public History {
    epochs = List.copyOf(epochs);
  }

  /** The last epoch. */
  public EpochLog last() {
    if (epochs.isEmpty()) {
      throw new IllegalStateException("History: no epoch has ended");
    }
    return epochs.getLast();
  }

  /** One value over all epochs. */
  public double[] values(String name) {
    double[] values = new double[epochs.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = epochs.get(i).value(name);
    }
    return values;
  }

  /** One epoch as text, doubles in hexadecimal so that no bit is lost: how a checkpoint keeps it. */
  static String write(EpochLog log) {
    StringBuilder text = new StringBuilder()
        .append(log.epoch()).append(' ').append(log.examples()).append(' ')
        .append(log.learningRate()).append(' ').append(Double.toHexString(log.seconds()));
    log.values().forEach((name, value) -> text.append(' ').append(name).append('=').append(Double.toHexString(value)));
    return text.toString();
  }

  /** Reads what {@link #write} wrote; a damaged line is an IllegalArgumentException. */
  static EpochLog read(String text) {
    String[] words = text.split(" ");
    if (words.length < 5) {
      throw new IllegalArgumentException("History: '" + text + "' is no epoch");
    }
    Map<String, Double> values = new LinkedHashMap<>();
    for (int i = 4; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("History: '" + words[i] + "' is no name=value");
      }
      values.put(words[i].substring(0, equals), Double.parseDouble(words[i].substring(equals + 1)));
    }
    return new EpochLog(Integer.parseInt(words[0]), values, Float.parseFloat(words[2]), Double.parseDouble(words[3]),
        Long.parseLong(words[1]));
  }
}
