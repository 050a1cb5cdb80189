package dev.lanewise.kernels.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Subjects (public kernels, layers) against the tests that reach them. */
public final class Coverage {
  /**
   * A test that reaches a subject.
   *
   * @param test as "package.Class#method"
   */
  public record Law(Tier tier, String test) {}

  private Coverage() {}

  /**
   * The laws of each subject.
   *
   * @param tests any class among the tests
   * @param holds which tests hold a law, by their class's name: those of speed, memory or of other tests do not
   * @param subjects name to what reaching it means: one of these, each as "package.Class.method"
   * @return subject to its laws, an empty list where no test reaches it
   */
  public static Map<String, List<Law>> of(Class<?> tests, Predicate<String> holds, Map<String, Set<String>> subjects) {
    CallGraph graph = CallGraph.of(folder(tests));
    Map<String, List<Law>> laws = new TreeMap<>();
    Map<String, Set<String>> reached = new TreeMap<>();
    graph.tests().stream()
        .filter(test -> holds.test(test.substring(0, test.indexOf('#'))))
        .forEach(test -> reached.put(test, graph.reached(test)));
    subjects.forEach((subject, ways) -> {
      List<Law> held = new ArrayList<>();
      reached.forEach((test, methods) -> {
        if (ways.stream().anyMatch(methods::contains)) {
          held.add(new Law(Tier.of(test, methods), test));
        }
      });
      laws.put(subject, held);
    });
    return laws;
  }

  /** Writes the laws to {@code laws.tsv} beside what {@link LawListener} writes; does nothing where no folder is named. */
  public static void write(Map<String, List<Law>> laws) {
    String folder = System.getProperty(LawListener.FOLDER, "");
    if (folder.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder();
    laws.forEach((subject, all) -> all
        .forEach(law -> text.append(subject).append('\t').append(law.tier()).append('\t').append(law.test()).append('\n')));
    try {
      Files.createDirectories(Path.of(folder));
      Files.writeString(Path.of(folder, "laws.tsv"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder that a class was loaded from. */
  public static Path folder(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
