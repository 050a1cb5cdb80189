package dev.lanewise.jmh.quick;

import dev.lanewise.jmh.shapes.ProductShape;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@link QuickGemm} found, as JSON and as a table. Speeds are medians over the rounds, in GFLOP/s.
 *
 * @param openblas what the peer says it is, or null without it
 * @param rounds batches of each contender behind a median
 */
public record QuickResult(
    double peakGflops, int vectorBits, String java, @Nullable String openblas, int rounds, double seconds, List<Line> lines) {
  /**
   * One shape.
   *
   * @param peakGflops the peak measured beside this shape
   * @param ratio median over the rounds of Lanewise's speed by OpenBLAS's, or NaN without it
   */
  public record Line(ProductShape shape, double lanewise, double openblas, double peakGflops, double ratio) {}

  /** One object; a peer that is absent is null. */
  public String json() {
    StringBuilder out = new StringBuilder(4096);
    out.append("{\"kind\":\"quick-gemm\",\"peakGflops\":").append(number(peakGflops))
        .append(",\"threads\":1,\"vectorBits\":").append(vectorBits)
        .append(",\"java\":").append(text(java))
        .append(",\"openblasVersion\":").append(openblas == null ? "null" : text(openblas))
        .append(",\"rounds\":").append(rounds)
        .append(",\"seconds\":").append(number(seconds))
        .append(",\"shapes\":[");
    String comma = "\n";
    for (Line line : lines) {
      ProductShape shape = line.shape();
      out.append(comma).append("{\"name\":").append(text(shape.name()))
          .append(",\"m\":").append(shape.m())
          .append(",\"n\":").append(shape.n())
          .append(",\"k\":").append(shape.k())
          .append(",\"transposeA\":").append(shape.transposeA())
          .append(",\"transposeB\":").append(shape.transposeB())
          .append(",\"lanewise\":").append(number(line.lanewise))
          .append(",\"openblas\":").append(number(line.openblas))
          .append(",\"ratio\":").append(number(line.ratio))
          .append(",\"peakGflops\":").append(number(line.peakGflops))
          .append('}');
      comma = ",\n";
    }
    return out.append("\n]}\n").toString();
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "null" : String.format(Locale.ROOT, "%.4f", value);
  }

  private static String text(String value) {
    StringBuilder out = new StringBuilder("\"");
    value.chars().forEach(c -> {
      if (c == '"' || c == '\\') {
        out.append('\\').append((char) c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", c));
      } else {
        out.append((char) c);
      }
    });
    return out.append('"').toString();
  }

  /** A table for people. */
  public String table() {
    StringBuilder out = new StringBuilder();
    out.append(String.format(Locale.ROOT, "%-20s %6s %6s %6s  %-2s %9s %7s %9s %7s%n",
        "shape", "m", "n", "k", "AB", "Lanewise", "% peak", "OpenBLAS", "ratio"));
    double logs = 0;
    for (Line line : lines) {
      ProductShape s = line.shape();
      out.append(String.format(Locale.ROOT, "%-20s %6d %6d %6d  %s%s %9.1f %7.1f %9s %7s%n",
          s.name(), s.m(), s.n(), s.k(), s.transposeA() ? "T" : "N", s.transposeB() ? "T" : "N",
          line.lanewise, 100 * line.lanewise / line.peakGflops, orDash("%.1f", line.openblas), orDash("%.2f", line.ratio)));
      logs += Math.log(line.ratio);
    }
    out.append(String.format(Locale.ROOT, "GFLOP/s, medians of %d rounds; FMA peak of one core %.1f GFLOP/s at %d bits%n",
        rounds, peakGflops, vectorBits));
    if (openblas != null) {
      out.append(String.format(Locale.ROOT, "Geometric mean of the ratios to OpenBLAS: %.2f%n", Math.exp(logs / lines.size())));
    }
    return out.toString();
  }

  private static String orDash(String format, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }
}
