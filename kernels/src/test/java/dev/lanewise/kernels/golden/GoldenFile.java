package dev.lanewise.kernels.golden;

import dev.lanewise.kernels.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** {@code golden.txt}: a line per kernel with its hash and what that covers. */
final class GoldenFile {
  private static final String NAME = "golden.txt";

  private static final String HEADER =
      """
      # SHA-256 over the canonical outputs of each public kernel: fp32 and int32 words, little-endian, all NaNs made one.
      # Inputs come from the scalar Philox. The same hashes must come out at 512, 256 and 128 bits, on the scalar path, without
      # C2 and on 1 to 4 threads. Where bits change on purpose: run GoldenTest, copy kernels/target/golden.txt here, and say in
      # CHANGELOG.md whose bits changed and why; nothing writes this file by itself.
      """;

  private GoldenFile() {}

  /** Every kernel's canonical outputs; a kernel that is not here has an empty cell in reports/numerics.md. */
  static List<Golden> cases() {
    return Stream
        .of(GoldenProducts.all(), GoldenMaps.all(), GoldenRows.all(), GoldenSteps.all(), GoldenAttention.all(), GoldenUnits.all(),
            GoldenImages.all(), GoldenSequences.all())
        .flatMap(List::stream)
        .toList();
  }

  /** Kernel to hash, as the file in the repository says. */
  static Map<String, String> read() {
    try (InputStream in = GoldenFile.class.getResourceAsStream(NAME)) {
      if (in == null) {
        throw new AssertionError(NAME + " is not among the test resources");
      }
      Map<String, String> hashes = new TreeMap<>();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> hashes.put(line.split(" ", 3)[0], line.split(" ", 3)[1]));
      return hashes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Compares this VM's hashes with the file's.
   *
   * @param variants also those of a kernel's variants, such as "Conv2d.forward/groups"
   * @return a line for each kernel that differs, is missing or is no longer there
   */
  static List<String> differences(Workers workers, boolean variants) {
    Map<String, String> golden = read();
    List<String> differences = new ArrayList<>();
    for (Golden each : cases()) {
      if (!variants && each.kernel().contains("/")) {
        golden.remove(each.kernel());
        continue;
      }
      String want = golden.remove(each.kernel());
      String got = each.hash(workers);
      if (!got.equals(want)) {
        differences.add(each.kernel() + ": " + got + (want == null ? " is not in " + NAME : " but " + NAME + " has " + want));
      }
    }
    golden.keySet().forEach(kernel -> differences.add(kernel + ": in " + NAME + " but among no cases"));
    return differences;
  }

  /** Writes what the file would have to be for this VM's bits. */
  static Path write(Path folder, Workers workers) {
    StringBuilder text = new StringBuilder(HEADER);
    for (Golden each : cases()) {
      text.append(each.kernel()).append(' ').append(each.hash(workers)).append(' ').append(each.covers()).append('\n');
    }
    try {
      return Files.writeString(folder.resolve(NAME), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
