package dev.lanewise.jmh;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Takes out of the environment what would make a peer slower than it is: some machines set OPENBLAS_CORETYPE so that old versions
 * do not crash on them. Libraries read it before any Java code could unset it, so the program is started again without.
 */
final class CleanEnvironment {
  private static final List<String> STEERS = List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");

  private CleanEnvironment() {}

  /** Whether this process may measure. */
  static boolean here() {
    return STEERS.stream().noneMatch(System.getenv()::containsKey);
  }

  /**
   * Runs this program again, with the same JVM, options and arguments.
   *
   * @return its exit code
   */
  static int rerun(String... args) throws IOException, InterruptedException {
    String java = ProcessHandle.current().info().command().orElseThrow(
        () -> new IOException("cannot find the java command of this process; unset " + String.join(" and ", STEERS)));
    List<String> command = new ArrayList<>(List.of(java));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), Bench.class.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    Map<String, String> environment = builder.environment();
    STEERS.forEach(environment::remove);
    Process process = builder.start();
    Thread stop = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(stop);
    int code = process.waitFor();
    Runtime.getRuntime().removeShutdownHook(stop);
    return code;
  }
}
