package dev.lanewise.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory the process has held at most. */
final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ResidentMemory() {}

  /**
   * The peak of the resident set in bytes, as Linux counts it (VmHWM of /proc/self/status). Elsewhere the JDK knows
   * nothing of the kind: there it is the heap that is committed now, a lower bound.
   */
  static long peakBytes() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
    } catch (IOException e) {
      // Not Linux, or a sandbox that hides it.
    }
    return Runtime.getRuntime().totalMemory();
  }
}
