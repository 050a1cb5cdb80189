package dev.lanewise.training.data;

import java.util.ArrayList;
import java.util.List;

/** Keeps what a listener is told. */
final class Notices implements DataListener {
  final List<String> lines = new ArrayList<>();
  final List<String> progress = new ArrayList<>();

  @Override
  public void notice(String line) {
    lines.add(line);
  }

  @Override
  public void progress(String file, long bytes, long total) {
    progress.add(file + " " + bytes + "/" + total);
  }
}
