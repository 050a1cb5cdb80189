package dev.lanewise.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What goes wrong, said in one line on the error stream. */
final class Errors {
  static final int FAILURE = 1;
  static final int USAGE = 2;

  private Errors() {}

  /** Says what was wrong with the command and where its help is. */
  static int usage(ParameterException e) {
    CommandLine command = e.getCommandLine();
    say(e.getMessage() + suggestions(e) + " (" + command.getCommandSpec().qualifiedName() + " --help lists the options)");
    return USAGE;
  }

  private static String suggestions(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getSuggestions().isEmpty()) {
      return "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
    }
    return "";
  }

  /** Says why the command failed; with the stack trace if asked for. */
  static int failure(Exception e, boolean verbose) {
    say(message(e));
    if (verbose) {
      StringBuilder trace = new StringBuilder();
      for (Throwable at = e; at != null; at = at.getCause()) {
        trace.append(at).append('\n');
        for (StackTraceElement frame : at.getStackTrace()) {
          trace.append("    at ").append(frame).append('\n');
        }
      }
      System.err.print(trace);
    }
    return FAILURE;
  }

  /** One line for the user, without a stack trace. */
  static void say(String line) {
    System.err.println("lanewise: " + line);
  }

  static String message(Exception e) {
    return switch (e) {
      // Without a message of its own it repeats that of its cause.
      case UncheckedIOException io when io.getCause() instanceof IOException cause && text(io).equals(cause.toString()) ->
        message(cause);
      // Their message is the path alone.
      case NoSuchFileException io -> "there is no such file: " + io.getFile();
      case AccessDeniedException io -> "no permission for " + io.getFile();
      case FileSystemException io when io.getReason() == null -> io.getClass().getSimpleName() + ": " + io.getFile();
      case IOException io -> text(io);
      case UncheckedIOException io -> text(io);
      case IllegalArgumentException bad -> text(bad);
      case IllegalStateException bad -> text(bad);
      case RuntimeException ours when ours.getClass().getName().startsWith("dev.lanewise.") -> text(ours);
      default -> "internal error: " + e + " (--verbose shows where)";
    };
  }

  private static String text(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
