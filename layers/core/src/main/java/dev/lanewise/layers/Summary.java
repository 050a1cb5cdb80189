package dev.lanewise.layers;

import dev.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A model as a table of its layers, in plain characters. */
final class Summary {
  private static final String[] HEAD = {"Layer (type)", "Output shape", "Parameters", "FLOPs"};

  private Summary() {}

  static String of(Sequential model) {
    List<String[]> rows = new ArrayList<>();
    for (Layer layer : model.layers()) {
      rows.add(row(layer));
    }
    int[] widths = widths(rows);
    String head = line(HEAD, widths);
    String rule = "-".repeat(head.length());
    List<String> lines = new ArrayList<>();
    lines.add("Model: " + model.name() + ", input " + Shapes.batch(model.inputShape()));
    lines.add(rule);
    lines.add(head);
    lines.add(rule);
    for (String[] row : rows) {
      lines.add(line(row, widths));
    }
    lines.add(rule);
    long count = model.count();
    lines.add("Parameters: " + number(count) + " (" + bytes(count * Float.BYTES) + ")");
    lines.add("FLOPs: " + number(model.flops()) + " per example forward, 2 per multiply-add");
    return String.join("\n", lines) + "\n";
  }

  private static String[] row(Layer layer) {
    long parameters = layer.params().stream().map(Param::value).mapToLong(Tensor::size).sum();
    return new String[] {layer.name() + " (" + layer.getClass().getSimpleName() + ")", Shapes.batch(layer.outputShape()),
        number(parameters), number(layer.flops())};
  }

  private static int[] widths(List<String[]> rows) {
    int[] widths = new int[HEAD.length];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = HEAD[i].length();
      for (String[] row : rows) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    return widths;
  }

  private static String line(String[] row, int[] widths) {
    return String.format(Locale.ROOT, "%-" + widths[0] + "s  %-" + widths[1] + "s  %" + widths[2] + "s  %" + widths[3] + "s",
        row[0], row[1], row[2], row[3]);
  }

  private static String number(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  private static String bytes(long n) {
    return n < 1 << 20
        ? String.format(Locale.ROOT, "%.2f KB", n / 1024.0)
        : String.format(Locale.ROOT, "%.2f MB", n / 1048576.0);
  }
}
