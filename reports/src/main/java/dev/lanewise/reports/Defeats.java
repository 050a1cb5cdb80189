package dev.lanewise.reports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where we lose: every work at which a peer of the same run is faster, and every kernel that allocates. */
final class Defeats {
  /** MB/s below which an allocation is the benchmark harness's own. */
  private static final double HARNESS_RATE = 1;

  /**
   * A peer that is faster.
   *
   * @param ratio our speed by theirs, below 1
   */
  record Defeat(String file, String work, String peer, double ours, double theirs, String unit, double ratio) {}

  private Defeats() {}

  /** The worst first. */
  static List<Defeat> of(List<Run> runs) {
    List<Defeat> defeats = new ArrayList<>();
    for (Run run : runs) {
      if (run instanceof Run.Benchmarks benchmarks) {
        for (Figure ours : benchmarks.figures()) {
          if (ours.ours()) {
            benchmarks.figures().stream().filter(theirs -> beats(theirs, ours)).forEach(theirs -> defeats.add(new Defeat(
                run.file(), ours.family() + " " + ours.work(), theirs.who(), ours.speed(), theirs.speed(), ours.unit().symbol,
                ours.speed() / theirs.speed())));
          }
        }
      }
    }
    defeats.sort(Comparator.comparingDouble(Defeat::ratio));
    return defeats;
  }

  private static boolean beats(Figure theirs, Figure ours) {
    return !theirs.ours() && theirs.family().equals(ours.family()) && theirs.work().equals(ours.work())
        && theirs.unit() == ours.unit() && theirs.speed() > ours.speed();
  }

  static void write(List<Run> runs, Html out) {
    out.element("h2", "Where we lose");
    List<Figure> figures = runs.stream()
        .flatMap(run -> run instanceof Run.Benchmarks benchmarks ? benchmarks.figures().stream() : Stream.of())
        .toList();
    List<Defeat> defeats = of(runs);
    if (figures.stream().allMatch(Figure::ours)) {
      out.element("p", "No peer took part in these runs, so there was nobody to lose to.");
    } else if (defeats.isEmpty()) {
      out.element("p", "Nowhere in these runs: no peer was faster at any work.");
    } else {
      out.openTable(List.of("work", "Lanewise", "peer", "its speed", "unit", "ratio", "file"));
      defeats.forEach(d -> out.row(List.of(
          d.work, Format.speed(d.ours), d.peer, Format.speed(d.theirs), d.unit, Format.plain(d.ratio, 2), d.file)));
      out.closeTable();
    }
    List<Figure> allocating = figures.stream().filter(f -> f.ours() && f.allocationRate() >= HARNESS_RATE).toList();
    if (!allocating.isEmpty()) {
      out.element("p", "These allocate on the heap, which no kernel should:");
      out.openTable(List.of("work", "B/op", "MB/s"));
      allocating.forEach(f -> out.row(List.of(
          f.family() + " " + f.work(), Format.plain(f.bytesPerCall(), 1), Format.plain(f.allocationRate(), 1))));
      out.closeTable();
    }
  }
}
