package dev.lanewise.reports;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The table and curves of one training. */
final class TrainingSection {
  private TrainingSection() {}

  static void write(Run.Training run, Html out) {
    out.element("p", "Test accuracy " + Format.percent(run.testAccuracy(), 2) + ", test loss " + Format.plain(run.testLoss(), 4)
        + "; " + Format.percent(run.peakFraction(), 1) + " of the FMA peak in useful arithmetic.");
    out.openTable(List.of("epoch", "loss", "accuracy", "seconds", "images/s"));
    int number = 1;
    for (Run.Epoch epoch : run.epochs()) {
      out.row(List.of(Integer.toString(number++), Format.plain(epoch.loss(), 4), Format.percent(epoch.accuracy(), 2),
          Format.plain(epoch.seconds(), 1), Format.grouped(epoch.imagesPerSecond())));
    }
    out.closeTable();
    out.raw("<div class=\"curves\">\n");
    out.raw(LineChart.svg("training loss", values(run, Run.Epoch::loss)));
    out.raw(LineChart.svg("training accuracy, %", values(run, epoch -> 100 * epoch.accuracy())));
    out.raw("</div>\n");
  }

  private static double[] values(Run.Training run, ToDoubleFunction<Run.Epoch> value) {
    return run.epochs().stream().mapToDouble(value).toArray();
  }
}
