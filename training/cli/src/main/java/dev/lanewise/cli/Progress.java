package dev.lanewise.cli;

import dev.lanewise.training.Callback;
import dev.lanewise.training.EpochLog;
import dev.lanewise.training.Meter;
import dev.lanewise.training.Run;
import dev.lanewise.training.data.Dataset;
import java.util.Locale;

/**
 * Shows how a run goes on: a bar that is drawn anew, or where that is impossible a line after the first step, every ten
 * seconds and after each epoch.
 */
final class Progress implements Callback {
  private static final long LIVE_NANOS = 100_000_000L;
  private static final long PLAIN_NANOS = 10_000_000_000L;

  private final Terminal terminal;
  private final String data;
  private final Course.Unit unit;
  private final int examples;
  private long shown;
  private boolean stepped;

  /**
   * Shows a run.
   *
   * @param data what the examples are called
   */
  Progress(Terminal terminal, String data, Dataset examples, Course.Unit unit) {
    this.terminal = terminal;
    this.data = data;
    this.unit = unit;
    this.examples = examples.size();
  }

  @Override
  public void onStep(Run run) {
    long now = System.nanoTime();
    if (!stepped) {
      stepped = true;
      shown = now;
      firstStep(run);
    } else if (now - shown >= (terminal.live() ? LIVE_NANOS : PLAIN_NANOS)) {
      shown = now;
      show(run);
    }
  }

  private void firstStep(Run run) {
    double age = ProcessAge.seconds();
    String since = age > 0 ? String.format(Locale.ROOT, "%.1f s after the start, ", age) : "";
    terminal.line("epoch %d/%d  first step %sloss %.4f (%s)", run.epoch(), run.totalEpochs(), since, run.stepLoss(), data);
  }

  private void show(Run run) {
    double speed = run.examples() / run.seconds();
    double left = (double) (run.totalEpochs() - run.epoch()) * examples + examples - run.examples();
    double done = (double) run.step() / run.stepsPerEpoch();
    String figures = String.format(Locale.ROOT, "%3d%% %,.0f %s/s  loss %.4f%s  %s left", (int) (done * 100),
        speed * unit.perExample(), unit.equals(Course.Unit.IMAGES) ? "img" : unit.name(), run.loss(), metric(run),
        Terminal.duration(left / speed));
    String head = "epoch " + run.epoch() + "/" + run.totalEpochs();
    if (terminal.live()) {
      int room = Terminal.WIDTH - head.length() - figures.length() - data.length() - 7;
      terminal.status(head + " " + data + " " + (room >= 4 ? terminal.bar(done, room) + " " : "") + figures);
    } else {
      terminal.line("%s  %s (%s)", head, figures, data);
    }
  }

  /** The first metric, if there is room and one. */
  private static String metric(Run run) {
    if (run.metrics() == 0) {
      return "";
    }
    Meter first = run.metric(0);
    return "  " + (first.name().equals("accuracy") ? "acc" : first.name()) + " " + Figures.format(first.name(), first.value());
  }

  @Override
  public void onEpochEnd(Run run, EpochLog log) {
    terminal.line("epoch %d/%d  %.1f s  %,.0f %s/s  %s (%s)", log.epoch(), run.totalEpochs(), log.seconds(),
        log.examplesPerSecond() * unit.perExample(), unit.name(), Figures.ofEpoch(log), data);
  }
}
