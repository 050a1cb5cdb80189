package dev.lanewise.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point: exit code 0 for success, 1 for failure, 2 for bad usage. */
@Command(name = "lanewise", mixinStandardHelpOptions = true, description = "Neural networks on SIMD kernels, in Java alone.")
public final class Lanewise implements Runnable {
  @Spec
  private CommandSpec spec;

  private Lanewise() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "lanewise: name a command");
  }

  /**
   * Runs one command and exits with its code.
   *
   * @param args command and options
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Lanewise()).execute(args));
  }
}
