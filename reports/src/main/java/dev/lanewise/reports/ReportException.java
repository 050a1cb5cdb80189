package dev.lanewise.reports;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A result that cannot be rendered; the message starts with the name of its file. */
public final class ReportException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  /** What is wrong with a file. */
  public ReportException(String file, String complaint, @Nullable Throwable cause) {
    super(file + ": " + complaint, cause);
  }
}
