package dev.lanewise.cli;

import dev.lanewise.training.Callback;
import dev.lanewise.training.Trainer;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/**
 * {@code train NAME}: the options that all networks have, and those of one. A subclass is a picocli command with options of its own, all of
 * them null where they are not given: a resumed run takes them from its checkpoint.
 */
abstract class TrainCommand implements Callable<Integer> {
  /** Not part of what a run is: they say what to do now. */
  private static final Set<String> NOT_KEPT = Set.of("resume", "verbose", "help", "version");

  @Spec private CommandSpec spec;
  @Mixin private TrainingOptions options;

  /**
   * Finds the data and the network for it. The options are complete by now.
   *
   * @param arena owns the data
   */
  abstract Course course(TrainingOptions options, Arena arena, Terminal terminal) throws IOException;

  /** Sets what options of the subclass change in the recipe's trainer. */
  void adjust(Trainer trainer) {}

  /** Who looks on beside the command line itself. */
  List<Callback> callbacks() {
    return List.of();
  }

  /** Whether filling a batch is work enough for a thread of its own, where there is more than one. */
  boolean fillsAhead() {
    return false;
  }

  @Override
  public final Integer call() throws IOException {
    return new TrainingRun(this, spec.name(), options).run();
  }

  /** What was given for an option, or else what is usual. */
  static <T> T or(@Nullable T given, T usual) {
    return given == null ? usual : given;
  }

  /** The options that were given, as texts by name: a checkpoint keeps them. */
  final Map<String, String> given() {
    Map<String, String> given = new LinkedHashMap<>();
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      String name = option.longestName().replaceFirst("^--", "");
      Object value = option.getValue();
      if (!NOT_KEPT.contains(name) && value != null) {
        given.put(name, value instanceof Path path ? path.toAbsolutePath().toString()
            : value instanceof Boolean ? value.toString() : String.join(",", option.originalStringValues()));
      }
    }
    return given;
  }

  /** Takes what is not given from the texts that {@link #given} gave earlier. */
  final void complete(Map<String, String> earlier) {
    earlier.forEach((name, text) -> {
      OptionSpec option = spec.findOption("--" + name);
      if (option != null && !spec.commandLine().getParseResult().hasMatchedOption(option)) {
        option.setValue(Converters.convert(option, text));
      }
    });
  }
}
