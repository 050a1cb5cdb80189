package dev.lanewise.training;

import dev.lanewise.layers.Param;
import dev.lanewise.layers.Params;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Short texts that tell models apart. */
public final class Fingerprint {
  private static final int BLOCK = 1 << 14;

  private Fingerprint() {}

  /**
   * SHA-256 over the bits of all parameters: each parameter in the order of {@link Params#list()}, its elements in
   * row-major order, each as four bytes, the lowest first; padding does not count. Two models have the same sum if and
   * only if (as far as anyone knows) all parameters have the same bits.
   *
   * @return 64 hexadecimal digits in lower case
   */
  public static String parametersSha256(Params params) {
    MessageDigest digest = sha256();
    ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    for (Param param : params.list()) {
      MemorySegment values = param.value().segment();
      long size = param.value().size();
      for (long i = 0; i < size; i++) {
        // Raw: NaNs of different payloads are different bits.
        block.putInt(values.getAtIndex(ValueLayout.JAVA_INT, i));
        if (!block.hasRemaining()) {
          digest.update(block.flip());
          block.clear();
        }
      }
    }
    digest.update(block.flip());
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
