package dev.lanewise.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How long the process has been there, the start of the JVM included. */
final class ProcessAge {
  /** Linux reports times to programs in hundredths of a second on every processor that runs Java. */
  private static final double TICKS_PER_SECOND = 100;

  private ProcessAge() {}

  /**
   * Seconds, to a hundredth, or -1 where the system is not Linux. (ProcessHandle knows the start to a second only, since it
   * adds it to the time of boot.)
   */
  static double seconds() {
    try {
      double uptime = Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ")[0]);
      String stat = Files.readString(Path.of("/proc/self/stat"));
      // proc(5): the start is field 22; the second one, in parentheses, may hold blanks.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return uptime - Long.parseLong(fields[19]) / TICKS_PER_SECOND;
    } catch (IOException | RuntimeException e) {
      return -1;
    }
  }
}
