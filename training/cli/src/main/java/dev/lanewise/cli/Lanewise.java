package dev.lanewise.cli;

import java.lang.module.ModuleDescriptor;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Entry point: exit code 0 for success, 1 for failure, 2 for bad usage. */
@Command(name = "lanewise", description = "Neural networks on SIMD kernels, in Java alone.", mixinStandardHelpOptions = true, scope = ScopeType.INHERIT, versionProvider = Lanewise.Version.class, sortOptions = false, usageHelpAutoWidth = true, subcommands = {
    Train.class, Evaluate.class, Predict.class, Generate.class, Doctor.class}, footer = {
        "",
        "Exit codes: 0 success, 1 failure, 2 bad usage. Environment: LANEWISE_DATA names the folder with the data sets,",
        "LANEWISE_OPTS adds options for the JVM, NO_COLOR turns colours off."})
public final class Lanewise implements Runnable {
  @Spec private CommandSpec spec;

  @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show where in the program an error came from.") private boolean verbose;

  private Lanewise() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command: " + names(spec));
  }

  /** The commands below one, for an error that lists the choices. */
  static String names(CommandSpec spec) {
    return String.join(", ", List.copyOf(spec.subcommands().keySet()));
  }

  /** Runs one command and returns its exit code. */
  static int execute(String... args) {
    Lanewise lanewise = new Lanewise();
    try {
      return new CommandLine(lanewise)
          .setParameterExceptionHandler((e, given) -> Errors.usage(e))
          .setExecutionExceptionHandler((e, command, parsed) -> Errors.failure(e, lanewise.verbose))
          .execute(args);
    } catch (ExceptionInInitializerError e) {
      // The kernels refuse a bad -Dlanewise.simd when their first class is used.
      if (e.getCause() instanceof IllegalArgumentException bad) {
        return Errors.failure(bad, lanewise.verbose);
      }
      throw e;
    }
  }

  /**
   * Runs one command and exits with its code.
   *
   * @param args command and options
   */
  public static void main(String[] args) {
    System.exit(execute(args));
  }

  /** The version that the module was built with. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"lanewise " + number()};
    }

    /** From the module descriptor, or the manifest on the class path. */
    static String number() {
      ModuleDescriptor descriptor = Lanewise.class.getModule().getDescriptor();
      String version = descriptor == null
          ? Lanewise.class.getPackage().getImplementationVersion()
          : descriptor.rawVersion().orElse(null);
      return version == null ? "(not packaged)" : version;
    }
  }
}
