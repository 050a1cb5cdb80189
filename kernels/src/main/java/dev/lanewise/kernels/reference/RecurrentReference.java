package dev.lanewise.kernels.reference;

import static java.lang.Math.fma;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.kernels.Recurrent;
import java.lang.foreign.MemorySegment;

/** Scalar twin of {@link Recurrent}: the formulas step by step and unit by unit, same bits. Arguments are those of the door, unchecked. */
public final class RecurrentReference {
  private RecurrentReference() {}

  public static void forward(
      Recurrent r, int n, MemorySegment gates, MemorySegment w, MemorySegment b, MemorySegment mask, MemorySegment state,
      MemorySegment tape, MemorySegment u, MemorySegment y, int ldy, int column) {
    int hidden = r.hidden();
    int width = r.cell().gates() * hidden;
    for (int i = 0; i < n; i++) {
      long s = (long) i * r.cell().states() * hidden;
      for (int k = 0; k < r.steps(); k++) {
        long step = (long) i * r.steps() + (r.isReversed() ? r.steps() - 1 - k : k);
        long t = step * r.cell().taped() * hidden;
        boolean padded = mask.address() != 0 && mask.getAtIndex(JAVA_INT, step) == 0;
        MemorySegment sums = r.cell() == Recurrent.Cell.GRU ? u : gates;
        for (int j = 0; j < width; j++) {
          float sum = r.cell() == Recurrent.Cell.GRU ? get(b, j) : get(gates, step * width + j);
          for (int p = 0; p < hidden; p++) {
            sum = fma(get(state, s + p), get(w, (long) p * width + j), sum);
          }
          set(sums, step * width + j, sum);
        }
        afterProduct(r, padded, gates, step * width, state, s, tape, t, u, y, step * ldy + column);
      }
    }
  }

  /** A step of one sequence whose gates hold a + h W (u: b + h W); they, state, tape and output begin at the elements given. */
  public static void afterProduct(
      Recurrent r, boolean padded, MemorySegment gates, long at, MemorySegment state, long s, MemorySegment tape, long t, MemorySegment u,
      MemorySegment y, long out) {
    for (int j = 0; j < r.hidden(); j++) {
      set(tape, t + j, get(state, s + j));
      if (!padded) {
        cell(r.cell(), r.hidden(), gates, at + j, state, s + j, tape, t + j, u);
      }
      if (y.address() != 0) {
        set(y, out + j, get(state, s + j));
      }
    }
  }

  /** One unit; {@code at} is where its first gate lies, {@code s} its h, {@code t} its place on the tape. */
  private static void cell(
      Recurrent.Cell cell, int hidden, MemorySegment gates, long at, MemorySegment state, long s, MemorySegment tape,
      long t, MemorySegment u) {
    switch (cell) {
      case RNN_TANH -> {
        set(gates, at, MathReference.tanh(get(gates, at)));
        set(state, s, get(gates, at));
      }
      case RNN_RELU -> {
        float a = get(gates, at);
        set(gates, at, a <= 0f ? 0f : a);
        set(state, s, get(gates, at));
      }
      case GRU -> {
        float reset = MathReference.sigmoid(get(gates, at) + get(u, at));
        float z = MathReference.sigmoid(get(gates, at + hidden) + get(u, at + hidden));
        float news = MathReference.tanh(fma(reset, get(u, at + 2L * hidden), get(gates, at + 2L * hidden)));
        set(gates, at, reset);
        set(gates, at + hidden, z);
        set(gates, at + 2L * hidden, news);
        set(state, s, fma(z, get(state, s) - news, news));
      }
      case LSTM -> {
        float i = MathReference.sigmoid(get(gates, at));
        float f = MathReference.sigmoid(get(gates, at + hidden));
        float g = MathReference.tanh(get(gates, at + 2L * hidden));
        float o = MathReference.sigmoid(get(gates, at + 3L * hidden));
        float before = get(state, s + hidden);
        float c = fma(f, before, i * g);
        float tanh = MathReference.tanh(c);
        set(gates, at, i);
        set(gates, at + hidden, f);
        set(gates, at + 2L * hidden, g);
        set(gates, at + 3L * hidden, o);
        set(tape, t + hidden, before);
        set(tape, t + 2L * hidden, tanh);
        set(state, s + hidden, c);
        set(state, s, o * tanh);
      }
    }
  }

  public static void backward(
      Recurrent r, int n, MemorySegment gates, MemorySegment w, MemorySegment mask, MemorySegment dstate,
      MemorySegment tape, MemorySegment u, MemorySegment dy, int ldy, int column) {
    int hidden = r.hidden();
    int width = r.cell().gates() * hidden;
    for (int i = 0; i < n; i++) {
      long s = (long) i * r.cell().states() * hidden;
      for (int k = 0; k < r.steps(); k++) {
        long step = (long) i * r.steps() + (r.isReversed() ? k : r.steps() - 1 - k);
        long t = step * r.cell().taped() * hidden;
        boolean padded = mask.address() != 0 && mask.getAtIndex(JAVA_INT, step) == 0;
        MemorySegment sums = r.cell() == Recurrent.Cell.GRU ? u : gates;
        beforeProduct(r, padded, gates, step * width, dstate, s, tape, t, u, dy, step * ldy + column);
        for (int p = 0; p < hidden; p++) {
          float sum = get(dstate, s + p);
          for (int j = 0; j < width; j++) {
            sum = fma(get(sums, step * width + j), get(w, (long) p * width + j), sum);
          }
          set(dstate, s + p, sum);
        }
      }
    }
  }

  /** Back through a step of one sequence, up to the product with the weights, where the gates (u) hold its left factor; arguments as forwards. */
  public static void beforeProduct(
      Recurrent r, boolean padded, MemorySegment gates, long at, MemorySegment dstate, long s, MemorySegment tape, long t, MemorySegment u,
      MemorySegment dy, long out) {
    for (int j = 0; j < r.hidden(); j++) {
      if (dy.address() != 0) {
        set(dstate, s + j, get(dstate, s + j) + get(dy, out + j));
      }
      if (!padded) {
        gradient(r.cell(), r.hidden(), gates, at + j, dstate, s + j, tape, t + j, u);
      }
    }
    MemorySegment sums = r.cell() == Recurrent.Cell.GRU ? u : gates;
    for (int j = 0; padded && j < r.cell().gates() * r.hidden(); j++) {
      set(gates, at + j, 0f);
      set(sums, at + j, 0f);
    }
  }

  /** One unit; leaves in its dh what reaches the step before other than through the product. */
  private static void gradient(
      Recurrent.Cell cell, int hidden, MemorySegment gates, long at, MemorySegment dstate, long s, MemorySegment tape,
      long t, MemorySegment u) {
    float dh = get(dstate, s);
    switch (cell) {
      case RNN_TANH -> {
        float h = get(gates, at);
        set(gates, at, dh * fma(-h, h, 1f));
        set(dstate, s, 0f);
      }
      case RNN_RELU -> {
        set(gates, at, get(gates, at) > 0f ? dh : 0f);
        set(dstate, s, 0f);
      }
      case GRU -> {
        float reset = get(gates, at);
        float z = get(gates, at + hidden);
        float news = get(gates, at + 2L * hidden);
        float dn = dh * (1f - z) * fma(-news, news, 1f);
        float dz = dh * (get(tape, t) - news) * (z * (1f - z));
        float dr = dn * get(u, at + 2L * hidden) * (reset * (1f - reset));
        set(gates, at, dr);
        set(gates, at + hidden, dz);
        set(gates, at + 2L * hidden, dn);
        set(u, at, dr);
        set(u, at + hidden, dz);
        set(u, at + 2L * hidden, dn * reset);
        set(dstate, s, dh * z);
      }
      case LSTM -> {
        float i = get(gates, at);
        float f = get(gates, at + hidden);
        float g = get(gates, at + 2L * hidden);
        float o = get(gates, at + 3L * hidden);
        float tanh = get(tape, t + 2L * hidden);
        float dc = fma(dh * o, fma(-tanh, tanh, 1f), get(dstate, s + hidden));
        set(gates, at, dc * g * (i * (1f - i)));
        set(gates, at + hidden, dc * get(tape, t + hidden) * (f * (1f - f)));
        set(gates, at + 2L * hidden, dc * i * fma(-g, g, 1f));
        set(gates, at + 3L * hidden, dh * tanh * (o * (1f - o)));
        set(dstate, s + hidden, dc * f);
        set(dstate, s, 0f);
      }
    }
  }

  private static float get(MemorySegment x, long index) {
    return x.getAtIndex(JAVA_FLOAT, index);
  }

  private static void set(MemorySegment x, long index, float value) {
    x.setAtIndex(JAVA_FLOAT, index, value);
  }
}
