package dev.lanewise.jmh.quick;

import dev.lanewise.jmh.VectorPath;
import dev.lanewise.jmh.gemm.LanewiseGemm;
import dev.lanewise.jmh.gemm.OpenBlas;
import dev.lanewise.jmh.gemm.OpenBlasJni;
import dev.lanewise.jmh.gemm.Operands;
import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.jmh.shapes.ProductShape;
import dev.lanewise.jmh.shapes.Shapes;
import dev.lanewise.kernels.FmaPeak;
import dev.lanewise.kernels.Kernels;
import dev.lanewise.kernels.Workers;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lanewise, OpenBLAS and the FMA peak in turns, on one thread of one process, within 50 seconds.
 *
 * <p>The speed of a machine drifts within seconds, so the three are measured side by side in rounds over all shapes, who goes
 * first alternating, and medians are compared. Time is the thread's own processor time ({@link ThreadClock}). Less careful than JMH's forks: what is compiled depends on the one process.
 */
public final class QuickGemm {
  private static final int PEAK_MILLISECONDS = 4;
  private static final long SECOND = 1_000_000_000L;

  /** How long to warm up at least and at most, to measure, and the rounds that are enough. */
  record Effort(long leastWarmUp, long mostWarmUp, long measurement, int rounds) {
    static final Effort FULL = new Effort(6 * SECOND, 14 * SECOND, 22 * SECOND, 31);
  }

  /** The contenders at one shape; without OpenBLAS the second is null. */
  private record Duel(ProductShape shape, Contender lanewise, @Nullable Contender openblas, List<Double> peaks) {}

  private QuickGemm() {}

  /** The shapes: squares up to 1024, then the products of the article's network. */
  public static List<ProductShape> shapes() {
    return Shapes.of(List.of("squares", "article_cnn")).products().stream()
        .filter(s -> !s.name().equals("sq2048"))
        .toList();
  }

  /** Measures every shape; says on {@code out} what is being measured. */
  public static QuickResult run(PrintStream out) {
    return run(shapes(), Effort.FULL, out);
  }

  static QuickResult run(List<ProductShape> shapes, Effort effort, PrintStream out) {
    long begin = System.nanoTime();
    VectorPath.require();
    String openblas = openblas(out);
    try (Arena arena = Arena.ofShared(); Workers workers = Workers.single()) {
      List<Duel> duels = new ArrayList<>();
      for (ProductShape shape : shapes) {
        duels.add(duel(shape, openblas != null, arena, workers));
      }
      FmaPeak.gflops(PEAK_MILLISECONDS, workers);
      warmUp(duels, effort);
      int rounds = measure(duels, effort, workers);
      return result(duels, openblas, rounds, (System.nanoTime() - begin) / (double) SECOND);
    }
  }

  private static @Nullable String openblas(PrintStream out) {
    try {
      String description = OpenBlas.load().description();
      out.println("# " + description);
      return description;
    } catch (PeerAbsentException e) {
      out.println("# OpenBLAS is absent: " + e.getMessage());
      return null;
    }
  }

  private static Duel duel(ProductShape shape, boolean withOpenBlas, Arena arena, Workers workers) {
    Operands operands = Operands.of(shape, arena);
    Contender lanewise = new Contender(new LanewiseGemm(operands, workers), shape.gflop());
    try {
      return new Duel(shape, lanewise, withOpenBlas ? new Contender(new OpenBlasJni(operands, 1), shape.gflop()) : null,
          new ArrayList<>());
    } catch (PeerAbsentException e) {
      throw new IllegalStateException("OpenBLAS was here a moment ago", e);
    }
  }

  /** Until a pass over all shapes is no faster than the passes before it. */
  private static void warmUp(List<Duel> duels, Effort effort) {
    long begin = System.nanoTime();
    double best = Double.NEGATIVE_INFINITY;
    while (true) {
      double logs = 0;
      for (Duel duel : duels) {
        duel.lanewise.warm();
        logs += Math.log(duel.lanewise.warm());
        if (duel.openblas != null) {
          duel.openblas.warm();
        }
      }
      double speed = Math.exp(logs / duels.size());
      long elapsed = System.nanoTime() - begin;
      if (elapsed > effort.mostWarmUp || (elapsed > effort.leastWarmUp && speed < best * 1.03)) {
        return;
      }
      best = Math.max(best, speed);
    }
  }

  private static int measure(List<Duel> duels, Effort effort, Workers workers) {
    long begin = System.nanoTime();
    int round = 0;
    do {
      for (Duel duel : duels) {
        duel.peaks.add(peak(workers));
        if (duel.openblas == null) {
          duel.lanewise.sample();
        } else if (round % 2 == 0) {
          duel.lanewise.sample();
          duel.openblas.sample();
        } else {
          duel.openblas.sample();
          duel.lanewise.sample();
        }
      }
      round++;
    } while (round < effort.rounds && System.nanoTime() - begin < effort.measurement);
    return round;
  }

  /** By the thread's own clock, as the contenders. */
  private static double peak(Workers workers) {
    long wall = System.nanoTime();
    long own = ThreadClock.now();
    double gflops = FmaPeak.gflops(PEAK_MILLISECONDS, workers);
    double ownTime = Math.max(1, ThreadClock.now() - own);
    return gflops * (System.nanoTime() - wall) / ownTime;
  }

  private static QuickResult result(List<Duel> duels, @Nullable String openblas, int rounds, double seconds) {
    List<QuickResult.Line> lines = new ArrayList<>();
    List<Double> peaks = new ArrayList<>();
    for (Duel duel : duels) {
      double[] ours = duel.lanewise.samples();
      double[] theirs = duel.openblas == null ? null : duel.openblas.samples();
      peaks.addAll(duel.peaks);
      lines.add(new QuickResult.Line(duel.shape, Median.of(ours), theirs == null ? Double.NaN : Median.of(theirs),
          median(duel.peaks), theirs == null ? Double.NaN : Median.ofRatios(ours, theirs)));
    }
    String java = System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version");
    return new QuickResult(median(peaks), Kernels.vectorBits(), java, openblas, rounds, seconds, lines);
  }

  private static double median(List<Double> values) {
    return Median.of(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
