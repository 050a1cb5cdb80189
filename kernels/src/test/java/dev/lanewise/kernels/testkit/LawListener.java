package dev.lanewise.kernels.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes down which tests ran and what they measured: {@code measured.tsv} in the folder that the property {@code lanewise.laws} names, a line
 * per test method with its outcome, worst share of a bound, worst ulp, and whether it is a property (many tries) or an example. Without the property it does nothing.
 */
public final class LawListener implements TestExecutionListener {
  /** Names the folder. */
  public static final String FOLDER = "lanewise.laws";

  /** One test method: parameterised runs are taken together. */
  private static final class Record {
    boolean property;
    int passed;
    int failed;
    double share = Double.NaN;
    double ulp = Double.NaN;

    static double worse(double a, double b) {
      return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.max(a, b);
    }
  }

  private final Map<String, Record> records = new TreeMap<>();

  @Override
  public void executionStarted(TestIdentifier test) {
    Measured.take();
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (!test.isTest() || !(test.getSource().orElse(null) instanceof MethodSource method)) {
      return;
    }
    Record record = records.computeIfAbsent(method.getClassName() + "#" + method.getMethodName(), name -> new Record());
    record.property |= test.getUniqueId().contains("[property:");
    double[] measured = Measured.take();
    record.share = Record.worse(record.share, measured[0]);
    record.ulp = Record.worse(record.ulp, measured[1]);
    switch (result.getStatus()) {
      case SUCCESSFUL -> record.passed++;
      case FAILED -> record.failed++;
      case ABORTED -> {}
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    String folder = System.getProperty(FOLDER, "");
    if (folder.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder();
    records.forEach(
        (test, record) -> text.append(test).append('\t').append(record.failed > 0 ? "failed" : record.passed > 0 ? "passed" : "skipped")
            .append('\t').append(record.share).append('\t').append(record.ulp).append('\t').append(record.property ? "property" : "example")
            .append('\n'));
    try {
      Files.createDirectories(Path.of(folder));
      Files.writeString(Path.of(folder, "measured.tsv"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
