package dev.lanewise.reports;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes {@code reports/numerics.md}: {@code Numerics ROOT}, after {@code mvn verify}. Of each public kernel its bound and its IEEE edges (from its
 * Javadoc), the laws that hold it and the worst that they measured (from the test run), and the hash of its canonical outputs (from the
 * golden file). What is missing is an error: no row may have an empty cell.
 */
public final class Numerics {
  private static final String USAGE = "usage: Numerics ROOT, the folder of the checkout, after mvn verify";
  private static final String GOLDEN = "kernels/src/test/resources/dev/lanewise/kernels/golden/golden.txt";
  private static final String SOURCES = "kernels/src/main/java/dev/lanewise/kernels";

  private static final String INTRODUCTION =
      """
      # What holds each number

      Made from the tests' results and the kernels' Javadoc by a command (README of `benchmarks` beside this page), not by hand. Laws are test
      methods that reach the kernel, read from the tests' own code; tiers: T0 equal bits or exact numbers, T1 units in the last place over
      walked bit patterns, T2 bounds that follow from the order of operations, T3 gradients against adjoints and central differences.
      The share is the worst error met, divided by its bound, over the laws of the kernel that compare with the truth in double; where there
      is none, the laws ask for equal bits, and the error is 0. A law over several kernels counts for each. The hash is SHA-256 over canonical
      outputs, the same at 512, 256 and 128 bits, on the scalar path, without C2, and on 1 to 4 threads.
      """;

  private Numerics() {}

  /** Exits with 1 if something is missing, with 2 if the arguments are bad. */
  public static void main(String[] args) {
    int code = run(System.err, args);
    if (code != 0) {
      System.exit(code);
    }
  }

  static int run(PrintStream complaints, String... args) {
    if (args.length != 1) {
      complaints.println(USAGE);
      return 2;
    }
    try {
      Path root = Path.of(args[0]);
      List<String> missing = new ArrayList<>();
      String page = page(root, missing);
      Files.writeString(root.resolve("reports/numerics.md"), page);
      missing.forEach(each -> complaints.println("reports: " + each));
      return missing.isEmpty() ? 0 : 1;
    } catch (IOException e) {
      complaints.println("reports: " + e.getMessage());
      return 1;
    }
  }

  private static String page(Path root, List<String> missing) throws IOException {
    Laws kernels = Laws.read(root.resolve("kernels/target/laws"));
    Laws layers = Laws.read(root.resolve("layers/core/target/laws"));
    Map<String, String[]> golden = golden(root.resolve(GOLDEN));
    StringBuilder table = new StringBuilder(
        "| kernel | T0 | T1 | T2 | T3 | worst share of its bound | max ulp | hash |\n|---|---|---|---|---|---|---|---|\n");
    StringBuilder details = new StringBuilder();
    for (String kernel : kernels.subjects()) {
      String[] pinned = golden.getOrDefault(kernel, new String[] {"", ""});
      Javadoc doc = Javadoc.read(root.resolve(SOURCES), kernel);
      demand(missing, kernel, "hash in golden.txt", pinned[0]);
      demand(missing, kernel, "error bound in its Javadoc", doc.bound());
      demand(missing, kernel, "word on NaN, infinities or overflow in its Javadoc", doc.edges());
      kernels.unproven(kernel).forEach(test -> missing.add(kernel + ": the law " + test + " did not pass in the last run"));
      table.append("| ").append(kernel).append(counts(kernels, kernel)).append(share(kernels.worstShare(kernel))).append(" | ")
          .append(Format.plain(kernels.worstUlp(kernel), 3)).append(" | `").append(pinned[0], 0, Math.min(12, pinned[0].length()))
          .append("` |\n");
      details.append("\n### ").append(kernel).append("\n- Bound: ").append(doc.bound()).append("\n- Edges: ").append(doc.edges())
          .append("\n- Hash `").append(pinned[0]).append("`: ").append(pinned[1]).append("\n- Laws: ")
          .append(String.join(", ", kernels.names(kernel))).append('\n');
    }
    StringBuilder layerTable = new StringBuilder("| layer | T0 | T1 | T2 | T3 | laws |\n|---|---|---|---|---|---|\n");
    for (String layer : layers.subjects()) {
      layers.unproven(layer).forEach(test -> missing.add(layer + ": the law " + test + " did not pass in the last run"));
      layerTable.append("| ").append(layer).append(counts(layers, layer)).append(String.join(", ", layers.names(layer))).append(" |\n");
    }
    return INTRODUCTION + "\n" + kernels.subjects().size() + " kernels and " + layers.subjects().size() + " layers under "
        + (kernels.tests() + layers.tests()) + " laws, " + (kernels.properties() + layers.properties())
        + " of them properties over many random cases, the others examples, sweeps and gradient checks.\n\n## Kernels\n" + table
        + "\n## Layers\n" + layerTable + "\n## Each kernel\n"
        + details;
  }

  private static void demand(List<String> missing, String kernel, String what, String found) {
    if (found.isEmpty()) {
      missing.add(kernel + ": no " + what);
    }
  }

  private static String counts(Laws laws, String subject) {
    StringBuilder cells = new StringBuilder(" | ");
    for (String tier : List.of("T0", "T1", "T2", "T3")) {
      long count = laws.count(subject, tier);
      cells.append(count == 0 ? Format.NONE : Long.toString(count)).append(" | ");
    }
    return cells.toString();
  }

  private static String share(double worst) {
    return Double.isNaN(worst) ? "0, equal bits" : Format.percent(worst, 1);
  }

  /** Kernel to its hash and what that covers. */
  private static Map<String, String[]> golden(Path file) throws IOException {
    Map<String, String[]> lines = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.startsWith("#")) {
        String[] parts = line.split(" ", 3);
        lines.put(parts[0], new String[] {parts[1], parts[2]});
      }
    }
    return lines;
  }
}
