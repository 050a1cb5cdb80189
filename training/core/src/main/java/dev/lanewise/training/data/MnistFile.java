package dev.lanewise.training.data;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** One of MNIST's four files: what it may be called, and what the original contains. */
enum MnistFile {
  TRAIN_IMAGES("train-images", "idx3", 47_040_016L, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
  TRAIN_LABELS("train-labels", "idx1", 60_008L, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
  TEST_IMAGES("t10k-images", "idx3", 7_840_016L, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
  TEST_LABELS("t10k-labels", "idx1", 10_008L, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");

  private final String stem;
  private final String type;
  private final Content original;

  /**
   * What a file holds once decompressed.
   *
   * @param sha256 in lower-case hexadecimal
   */
  record Content(long bytes, String sha256) {
    /** Whether a file holds this. */
    boolean isThatOf(byte[] file) {
      return file.length == bytes && sha256Of(file).equals(sha256);
    }
  }

  /** In lower-case hexadecimal. */
  static String sha256Of(byte[] file) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  MnistFile(String stem, String type, long bytes, String sha256) {
    this.stem = stem;
    this.type = type;
    this.original = new Content(bytes, sha256);
  }

  /** The name on the mirrors and in the cache. */
  String gzipName() {
    return stem + "-" + type + "-ubyte.gz";
  }

  /** Names in use, the usual one first. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (String separator : List.of("-", ".")) {
      for (String suffix : List.of("", ".gz")) {
        names.add(stem + separator + type + "-ubyte" + suffix);
      }
    }
    return names;
  }

  Content original() {
    return original;
  }
}
