package dev.lanewise.jmh.gemm;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A peer cannot be measured in this process; the message says why and what to do. */
public final class PeerAbsentException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /** Absent for this reason. */
  public PeerAbsentException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
