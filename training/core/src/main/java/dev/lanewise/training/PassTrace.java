package dev.lanewise.training;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Layer;
import dev.lanewise.layers.Param;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Saved;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * One step of gradient descent on a small model with all its numbers, for people who learn how it works: forward through each layer, the
 * loss, backward through each layer, and what the step does to each parameter. Changes no parameter.
 */
public final class PassTrace {
  private final StringBuilder out = new StringBuilder();

  private PassTrace() {}

  /**
   * Follows a batch through a model.
   *
   * @param x [n, input shape]
   * @param targets in the shape of the outputs
   * @param loss one that works on numbers
   * @param learningRate of plain gradient descent
   * @throws IllegalArgumentException if the loss takes labels
   */
  public static String of(Sequential model, Tensor x, Tensor targets, Loss loss, float learningRate) {
    if (loss.takesLabels()) {
      throw new IllegalArgumentException("PassTrace: the loss " + loss.id() + " takes labels; choose one on numbers");
    }
    try (Arena arena = Arena.ofConfined(); Workspace space = Workspace.in(arena)) {
      Pass pass = Pass.of(space, Workers.single(), 0);
      pass.begin(0);
      PassTrace trace = new PassTrace();
      trace.run(model, x, targets, loss, learningRate, pass);
      return trace.out.toString();
    }
  }

  private void run(Sequential model, Tensor x, Tensor targets, Loss loss, float learningRate, Pass pass) {
    List<Layer> layers = model.layers();
    List<Saved> saved = new ArrayList<>();
    line("forward, one line for each example");
    values("input", "x", x);
    Tensor y = x;
    for (Layer layer : layers) {
      for (Param param : layer.params()) {
        values(param.name(), "", param.value());
      }
      saved.add(new Saved());
      y = layer.forward(y, saved.getLast(), pass);
      values(layer.name(), layer.params().isEmpty() ? "a" : "z = a W + b", y);
    }
    values("wanted", "y", targets);
    int rows = y.dim(0);
    int cols = Math.toIntExact(y.size() / rows);
    Tensor losses = pass.workspace().tensor(rows);
    Tensor gradient = pass.workspace().tensor(y.shape());
    loss.forwardBackward(rows, cols, y.segment(), targets.segment(), losses.segment(), gradient.segment(), 1f / rows,
        pass.workers());
    values("loss", loss.id(), losses);
    line("  mean of these: %s", number(mean(losses)));
    line("backward, from the loss L to the first layer");
    values("d L / d output", "the mean's share of each example", gradient);
    for (int i = layers.size() - 1; i >= 0; i--) {
      Tensor before = layers.get(i).backward(gradient, saved.get(i), pass, i > 0);
      for (Param param : layers.get(i).params()) {
        values("d L / d " + param.name(), "", param.gradient());
      }
      if (i > 0) {
        gradient = Objects.requireNonNull(before);
        values("d L / d input of " + layers.get(i).name(), "", gradient);
      }
    }
    line("step: each parameter w becomes w - %s d L / d w", number(learningRate));
    for (Param param : model.params()) {
      step(param, learningRate);
    }
  }

  private void step(Param param, float learningRate) {
    StringBuilder text = new StringBuilder();
    for (long i = 0; i < param.value().size(); i++) {
      float next = Math.fma(-learningRate, param.gradient().get(i), param.value().get(i));
      text.append(i == 0 ? "" : "   ").append(number(param.value().get(i))).append(" -> ").append(number(next));
    }
    line("  %s: %s", param.name(), text);
  }

  private static float mean(Tensor values) {
    double sum = 0;
    for (long i = 0; i < values.size(); i++) {
      sum += values.get(i);
    }
    return (float) (sum / values.size());
  }

  /** A heading, then the rows of a tensor: its first axis downwards, all others across. A vector is one row. */
  private void values(String name, String what, Tensor values) {
    int rows = values.rank() == 1 ? 1 : values.dim(0);
    long cols = values.size() / rows;
    line("  %s%s", name, what.isEmpty() ? "" : ": " + what);
    for (int row = 0; row < rows; row++) {
      StringBuilder text = new StringBuilder("   ");
      for (long c = 0; c < cols; c++) {
        text.append(String.format(Locale.ROOT, " %9s", number(values.get(row * cols + c))));
      }
      line("%s", text);
    }
  }

  private static String number(float value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6 ? String.format(Locale.ROOT, "%.0f", value + 0f)
        : String.format(Locale.ROOT, "%.5f", value);
  }

  private void line(String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
