package dev.lanewise.cli;

import dev.lanewise.kernels.FmaPeak;
import dev.lanewise.kernels.Kernels;
import dev.lanewise.kernels.Workers;
import dev.lanewise.training.data.Mnist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code doctor}: what this machine and this JVM offer, and whether the kernels compute rightly on it. */
@Command(name = "doctor", sortOptions = false, description = "Show the JDK, the vector path chosen and why, threads, memory and data; check the kernels.")
final class Doctor implements Callable<Integer> {
  private static final int PEAK_MILLIS = 100;

  @Option(names = "--data", paramLabel = "DIR", description = "Look for the data there.") private @Nullable Path data;

  private final Terminal terminal = Terminal.ofProcess();

  @Override
  public Integer call() throws IOException {
    int processors = Runtime.getRuntime().availableProcessors();
    show("lanewise", Lanewise.Version.number());
    show("java", System.getProperty("java.runtime.version") + ", " + System.getProperty("java.vendor") + ", "
        + System.getProperty("java.vm.name") + " (" + System.getProperty("java.vm.info") + "), "
        + System.getProperty("java.home"));
    show("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
        + System.getProperty("os.arch"));
    show("kernels", Kernels.describe());
    show("threads", processors + " at most make sense here; --threads is 1 unless given");
    show("memory", String.format(Locale.ROOT, "heap of at most %,d MB%s; tensors live outside of it",
        Runtime.getRuntime().maxMemory() >> 20, machine()));
    boolean fine = showData();
    List<String> wrong = Kernels.selfTest();
    show("self-test", !Kernels.vectors() ? "not needed: the scalar kernels run"
        : wrong.isEmpty() ? "every kernel family gives the bits of its scalar twins" : "WRONG: " + String.join("; ", wrong));
    for (String difference : wrong) {
      Errors.say("vector kernels compute wrongly here: " + difference + "; -Dlanewise.simd=off in LANEWISE_OPTS avoids them");
      fine = false;
    }
    try (Workers one = Workers.single()) {
      show("peak", String.format(Locale.ROOT, "%.1f GFLOP/s by fma on one thread%s", FmaPeak.gflops(PEAK_MILLIS, one),
          processors > 1 ? all(processors) : ""));
      String difference = KernelCheck.firstDifference(one);
      show("check", difference.isEmpty() ? "the kernels tried give the bits of their scalar twins" : "WRONG: " + difference);
      if (!difference.isEmpty()) {
        Errors.say("the kernels compute wrongly here: " + difference + "; -Dlanewise.simd=off in LANEWISE_OPTS avoids them");
        fine = false;
      }
    }
    return fine ? 0 : Errors.FAILURE;
  }

  private static String all(int threads) {
    try (Workers workers = Workers.threads(threads)) {
      return String.format(Locale.ROOT, ", %.1f on %d", FmaPeak.gflops(PEAK_MILLIS, workers), threads);
    }
  }

  /** Returns whether what was found can be used; that nothing was found is no fault. */
  private boolean showData() {
    Mnist search = Mnist.search().data(data);
    boolean fine = true;
    try {
      Path found = search.locate();
      show("data", found != null ? "mnist in " + found
          : "no mnist here; training would download it, or without a network draw synthetic digits");
    } catch (IOException e) {
      show("data", "not usable: " + Errors.message(e));
      Errors.say(Errors.message(e));
      fine = false;
    }
    for (String place : search.places()) {
      show("", "looked at " + place);
    }
    return fine;
  }

  /** Memory of the machine, where Linux tells it. */
  private static String machine() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        if (line.startsWith("MemTotal:")) {
          return String.format(Locale.ROOT, ", %,d MB in the machine", Long.parseLong(line.replaceAll("\\D", "")) >> 10);
        }
      }
    } catch (IOException e) {
      // Not Linux.
    }
    return "";
  }

  private void show(String what, String value) {
    terminal.line("%-10s %s", what, value);
  }
}
