package dev.lanewise.reports;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns result files into one page: {@code Render IN... --out FILE.html}. An input is what JMH writes with {@code -rf json}, or
 * what {@code lanewise bench --quick gemm --json} or {@code lanewise train --json} write.
 */
public final class Render {
  private static final String USAGE = "usage: Render IN.json... --out FILE.html";

  private Render() {}

  /** Exits with 1 if a file is bad, with 2 if the arguments are. */
  public static void main(String[] args) {
    int code = run(System.err, args);
    if (code != 0) {
      System.exit(code);
    }
  }

  static int run(PrintStream complaints, String... args) {
    List<Path> inputs = new ArrayList<>();
    Path output = null;
    for (int i = 0; i < args.length; i++) {
      if (!args[i].equals("--out")) {
        inputs.add(Path.of(args[i]));
      } else if (i + 1 < args.length) {
        output = Path.of(args[++i]);
      } else {
        complaints.println(USAGE);
        return 2;
      }
    }
    if (inputs.isEmpty() || output == null) {
      complaints.println(USAGE);
      return 2;
    }
    try {
      List<Run> runs = new ArrayList<>();
      for (Path input : inputs) {
        runs.add(Results.read(input));
      }
      Files.writeString(output, Page.of(runs), StandardCharsets.UTF_8);
      return 0;
    } catch (ReportException e) {
      complaints.println("reports: " + e.getMessage());
    } catch (IOException e) {
      complaints.println("reports: " + output + ": cannot be written: " + e);
    }
    return 1;
  }
}
