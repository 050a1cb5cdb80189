package dev.lanewise.jmh;

import dev.lanewise.jmh.quick.QuickGemm;
import dev.lanewise.jmh.quick.QuickResult;
import dev.lanewise.jmh.shapes.ConvolutionShape;
import dev.lanewise.jmh.shapes.ProductShape;
import dev.lanewise.jmh.shapes.Shapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * Entry point of the benchmarks: JMH's own options, and
 *
 * <pre>
 * --shapes FILE,FILE        the shapes of these text files only: squares, article_cnn, lstm, gpt, resnet_conv, generative
 * --quick gemm [--json FILE]   products beside OpenBLAS and the peak, one thread, in under 50 seconds
 * </pre>
 *
 * A run of chosen benchmarks also measures what they are a share of: the FMA peak, and memory bandwidth where it counts.
 */
public final class Bench {
  private static final String USAGE = """
      usage: bench [JMH options, see -h] [--shapes FILE,FILE...]
             bench --quick gemm [--json FILE]
      """;

  private Bench() {}

  /** Runs what the arguments say; exits with 1 if that failed, with 2 if they are wrong. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int code = CleanEnvironment.here() ? run(args) : CleanEnvironment.rerun(args);
    if (code != 0) {
      System.exit(code);
    }
  }

  static int run(String... args) throws IOException {
    try {
      if (Arrays.asList(args).contains("--quick")) {
        return quick(args);
      }
      org.openjdk.jmh.Main.main(jmhOptions(args));
      return 0;
    } catch (IllegalArgumentException e) {
      System.err.println("bench: " + e.getMessage());
      System.err.print(USAGE);
      return 2;
    } catch (CommandLineOptionException e) {
      System.err.println("bench: " + e.getMessage());
      return 2;
    } catch (IllegalStateException e) {
      System.err.println("bench: " + e.getMessage());
      return 1;
    }
  }

  private static int quick(String... args) throws IOException {
    String what = "";
    Path json = null;
    for (Iterator<String> words = Arrays.asList(args).iterator(); words.hasNext();) {
      String word = words.next();
      switch (word) {
        case "--quick" -> what = value(word, words);
        case "--json" -> json = Path.of(value(word, words));
        default -> throw new IllegalArgumentException("--quick does not take " + word);
      }
    }
    if (!what.equals("gemm")) {
      throw new IllegalArgumentException("--quick knows gemm, not " + what);
    }
    requireWritable(json);
    QuickResult result = QuickGemm.run(System.out);
    System.out.print(result.table());
    if (json != null) {
      Files.writeString(json, result.json());
    }
    return 0;
  }

  private static String value(String option, Iterator<String> words) {
    if (!words.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return words.next();
  }

  /** Said before the measurement, not after it. */
  private static void requireWritable(@Nullable Path json) {
    if (json != null) {
      Path folder = json.toAbsolutePath().getParent();
      if (Files.isDirectory(json) || folder == null || !Files.isWritable(folder)) {
        throw new IllegalArgumentException("cannot write " + json + ": its folder is missing or read-only, or it is a folder itself");
      }
    }
  }

  /** Adds the shapes of the files, and the benchmarks of the peaks, to what the user asked for. */
  static String[] jmhOptions(String... args) throws CommandLineOptionException {
    List<String> words = new ArrayList<>();
    List<String> files = Shapes.FILES;
    for (Iterator<String> rest = Arrays.asList(args).iterator(); rest.hasNext();) {
      String word = rest.next();
      if (word.equals("--shapes")) {
        files = List.of(value(word, rest).split(","));
      } else {
        words.add(word);
      }
    }
    CommandLineOptions asked = new CommandLineOptions(words.toArray(String[]::new));
    Shapes shapes = Shapes.of(files);
    addNames(words, asked, "product", shapes.products().stream().map(ProductShape::name).toList());
    addNames(words, asked, "convolution", shapes.convolutions().stream().map(ConvolutionShape::name).toList());
    if (!asked.getIncludes().isEmpty()) {
      words.add(PeakBench.class.getSimpleName());
      if (asked.getIncludes().stream().anyMatch(i -> !i.contains("Gemm") && !i.contains("Conv") && !i.contains("Peak"))) {
        words.add(TriadBench.class.getSimpleName());
      }
    }
    return words.toArray(String[]::new);
  }

  private static void addNames(List<String> words, CommandLineOptions asked, String parameter, List<String> names) {
    if (!asked.getParameter(parameter).hasValue() && !names.isEmpty()) {
      words.add("-p");
      words.add(parameter + "=" + String.join(",", names));
    }
  }
}
