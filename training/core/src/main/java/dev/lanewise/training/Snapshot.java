package dev.lanewise.training;

import dev.lanewise.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Texts and tensors by name: what a run is at one moment, and what a {@link Checkpoint} keeps in its file. Numbers are
 * kept as texts that lose no bit. {@link #under} gives a part of it a name space of its own.
 */
public final class Snapshot {
  private final Map<String, String> texts;
  private final Map<String, Tensor> tensors;
  private final String prefix;

  /** An empty one. */
  public Snapshot() {
    this(new LinkedHashMap<>(), new LinkedHashMap<>(), "");
  }

  private Snapshot(Map<String, String> texts, Map<String, Tensor> tensors, String prefix) {
    this.texts = texts;
    this.tensors = tensors;
    this.prefix = prefix;
  }

  /** The part of this one whose names begin with {@code name} and a dot; what is put there is put here. */
  public Snapshot under(String name) {
    return new Snapshot(texts, tensors, prefix + name + ".");
  }

  public boolean has(String name) {
    return texts.containsKey(prefix + name);
  }

  public Snapshot put(String name, String text) {
    texts.put(prefix + name, text);
    return this;
  }

  public Snapshot put(String name, long number) {
    return put(name, Long.toString(number));
  }

  public Snapshot put(String name, double number) {
    return put(name, Double.toHexString(number));
  }

  /** Names a tensor, which is not copied: it must not change until the snapshot has been written. */
  public Snapshot put(String name, Tensor tensor) {
    tensors.put(prefix + name, tensor);
    return this;
  }

  /** @throws CheckpointException if there is no such text */
  public String text(String name) {
    String text = texts.get(prefix + name);
    if (text == null) {
      throw new CheckpointException("no entry '" + prefix + name + "'; it holds " + summary(texts));
    }
    return text;
  }

  /** @throws CheckpointException if there is no such entry or it is no whole number */
  public long number(String name) {
    try {
      return Long.parseLong(text(name));
    } catch (NumberFormatException e) {
      throw new CheckpointException("entry '" + prefix + name + "' is '" + text(name) + "', not a whole number", e);
    }
  }

  /** @throws CheckpointException if there is no such entry or it is no number */
  public double real(String name) {
    try {
      return Double.parseDouble(text(name));
    } catch (NumberFormatException e) {
      throw new CheckpointException("entry '" + prefix + name + "' is '" + text(name) + "', not a number", e);
    }
  }

  /**
   * Copies a tensor out.
   *
   * @throws CheckpointException if there is no such tensor, or it has another shape than {@code into}
   */
  public void read(String name, Tensor into) {
    Tensor tensor = tensors.get(prefix + name);
    if (tensor == null) {
      throw new CheckpointException("no tensor '" + prefix + name + "'; it holds " + summary(tensors));
    }
    if (!tensor.shape().equals(into.shape())) {
      throw new CheckpointException("tensor '" + prefix + name + "' is " + tensor.shape() + " but " + into.shape()
          + " is needed; was it written by another model?");
    }
    into.copyFrom(tensor);
  }

  /** The texts of {@link #under} that name, by what follows the dot. */
  public Map<String, String> textsUnder(String name) {
    return under(texts, prefix + name + ".");
  }

  /** The tensors of {@link #under} that name, by what follows the dot. */
  public Map<String, Tensor> tensorsUnder(String name) {
    return under(tensors, prefix + name + ".");
  }

  private static <T> Map<String, T> under(Map<String, T> all, String start) {
    Map<String, T> found = new LinkedHashMap<>();
    all.forEach((key, value) -> {
      if (key.startsWith(start)) {
        found.put(key.substring(start.length()), value);
      }
    });
    return found;
  }

  /** All texts, with their full names. */
  public Map<String, String> texts() {
    return Collections.unmodifiableMap(texts);
  }

  /** All tensors, with their full names. */
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  private static String summary(Map<String, ?> entries) {
    return entries.isEmpty() ? "none" : String.join(", ", entries.keySet());
  }
}
