package dev.lanewise.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Damaged files: either what was written or a {@link FormatException}, never another exception, another content, or no end. */
class ReaderFuzzProperties {
  private static final int TRIES = 1500;
  private static final Map<String, Object> CONTENT = new HashMap<>();
  private static Path file = Path.of("");
  private static byte[] goodSafetensors = {};
  private static byte[] goodNpz = {};
  private static byte[] goodNpy = {};

  @BeforeContainer
  static void makeFiles() throws IOException {
    file = Files.createTempFile("lanewise", ".fuzz");
    try (Arena arena = Arena.ofConfined()) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("dense/kernel", Tensor.of(arena, Shape.of(3, 2), 1, 2, 3, 4, 5, 6));
      tensors.put("dense/bias", Tensor.of(arena, Shape.of(2), 7, 8));
      Map<String, IntTensor> ints = Map.of("order", IntTensor.of(arena, Shape.of(4), 3, 2, 1, 0));
      CONTENT.putAll(content(tensors, ints));
      Npz.write(file, tensors, ints);
      goodNpz = Files.readAllBytes(file);
      Safetensors.write(file, tensors, ints, Map.of());
      goodSafetensors = Files.readAllBytes(file);
      Npy.write(file, Tensor.of(arena, Shape.of(3, 2), 1, 2, 3, 4, 5, 6));
      goodNpy = Files.readAllBytes(file);
    }
  }

  @AfterContainer
  static void deleteFile() throws IOException {
    Files.deleteIfExists(file);
  }

  /** What a file says, in a form that can be compared: names, shapes, bits. */
  private static Map<String, Object> content(Map<String, Tensor> tensors, Map<String, IntTensor> ints) {
    Map<String, Object> all = new HashMap<>();
    tensors.forEach((name, x) -> all.put("f " + name + x.shape(), Arrays.hashCode(x.toArray())));
    ints.forEach((name, x) -> all.put("i " + name + x.shape(), Arrays.hashCode(x.toArray())));
    return all;
  }

  @FunctionalInterface
  private interface Reader {
    Map<String, Object> read(Arena arena) throws IOException;
  }

  private static Map<String, Object> safetensors(Arena arena) throws IOException {
    Safetensors.File read = Safetensors.read(file, arena);
    Map<String, Object> content = content(read.tensors(), read.ints());
    read.metadata().forEach((key, value) -> content.put("m " + key, value));
    return content;
  }

  private static Map<String, Object> npz(Arena arena) throws IOException {
    Npz.File read = Npz.read(file, arena);
    return content(read.tensors(), read.ints());
  }

  /** Wounds: bits, bytes, digits, cuts, insertions, repetitions. */
  private static byte[] damaged(byte[] good, int wounds, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = good.clone();
    for (int i = 0; i < wounds && bytes.length > 0; i++) {
      int at = random.nextInt(bytes.length);
      int to = Math.min(bytes.length, at + random.nextInt(1, 20));
      switch (random.nextInt(8)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes[at] = (byte) "0123456789{}[]():,\"'\\ eE-.".charAt(random.nextInt(26));
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        case 4 -> bytes = join(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, to, bytes.length));
        case 5 -> bytes = join(Arrays.copyOf(bytes, to), Arrays.copyOfRange(bytes, at, bytes.length));
        case 6 -> Arrays.fill(bytes, at, to, (byte) (random.nextBoolean() ? 0xFF : 0));
        default -> bytes = join(bytes, new byte[random.nextInt(1, 9)]);
      }
    }
    return bytes;
  }

  /** A new file each time: some file systems wait for the disk when an old one is cut off and written again. */
  private static void put(byte[] bytes) throws IOException {
    Files.deleteIfExists(file);
    Files.write(file, bytes);
  }

  private static byte[] join(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /** Returns whether the file was read. */
  private static boolean readsTheSameOrRefuses(byte[] good, int wounds, long seed, Reader reader) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      put(damaged(good, wounds, seed));
      try {
        Map<String, Object> read = reader.read(arena);
        read.keySet().removeIf(ReaderFuzzProperties::isDamagedNameOfTheSum);
        assertThat(read).isEqualTo(CONTENT);
        return true;
      } catch (FormatException e) {
        assertThat(e).hasMessageContaining(file.toString()).hasMessageContaining(": found ").hasMessageContaining(", expected ");
        return false;
      }
    }
  }

  /** The one change that no sum can notice, and does no harm. A backslash makes one character of two: {@code l\newise}. */
  private static boolean isDamagedNameOfTheSum(String key) {
    String name = "m lanewise.crc32c";
    int same = 0;
    while (same < key.length() && same < name.length() && key.charAt(same) == name.charAt(same)) {
      same++;
    }
    int end = 0;
    while (end < Math.min(key.length(), name.length()) - same
        && key.charAt(key.length() - 1 - end) == name.charAt(name.length() - 1 - end)) {
      end++;
    }
    return key.length() <= name.length() && same + end >= name.length() - 2;
  }

  /** Found by chance: the wound is a backslash. */
  @Example
  void aNameOfTheSumThatBecameAnEscapeIsKnown() throws IOException {
    assertThat(readsTheSameOrRefuses(goodSafetensors, 1, 1606693, ReaderFuzzProperties::safetensors)).isTrue();
  }

  @Property(tries = TRIES)
  void aDamagedSafetensorsFileOfOursIsNeverMisread(@ForAll long seed) throws IOException {
    readsTheSameOrRefuses(goodSafetensors, 1, seed, ReaderFuzzProperties::safetensors);
  }

  @Property(tries = TRIES)
  void aDamagedNpzFileIsNeverMisread(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int wounds) throws IOException {
    readsTheSameOrRefuses(goodNpz, wounds, seed, ReaderFuzzProperties::npz);
  }

  @Property(tries = TRIES)
  void aDamagedSafetensorsFileWithoutASumIsReadWithinItsBoundsOrRefused(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int wounds)
      throws IOException {
    byte[] header = ("{\"a\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
        + "\"b\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[8,16]}}").getBytes(StandardCharsets.UTF_8);
    ByteBuffer good = ByteBuffer.allocate(8 + header.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    good.putLong(header.length).put(header).putFloat(1).putFloat(2).putLong(3);
    put(damaged(good.array(), wounds, seed));
    try (Arena arena = Arena.ofConfined()) {
      Safetensors.File read = Safetensors.read(file, arena);
      long elements = read.tensors().values().stream().mapToLong(Tensor::size).sum()
          + read.ints().values().stream().mapToLong(IntTensor::size).sum();
      assertThat(elements).isLessThanOrEqualTo(Files.size(file));
    } catch (FormatException e) {
      assertThat(e.offset()).isBetween(0L, Files.size(file));
    }
  }

  @Property(tries = TRIES)
  void aDamagedNpyFileIsReadWithinItsBoundsOrRefused(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int wounds)
      throws IOException {
    put(damaged(goodNpy, wounds, seed));
    try (Arena arena = Arena.ofConfined()) {
      Tensor read = Npy.readFloats(file, arena);
      assertThat(read.size()).isLessThanOrEqualTo(Files.size(file) / 4);
    } catch (FormatException e) {
      assertThat(e.offset()).isBetween(0L, Files.size(file));
    }
  }

  @Property(tries = TRIES)
  void noiseIsRefused(@ForAll byte[] noise) throws IOException {
    put(noise);
    int refusals = 0;
    try (Arena arena = Arena.ofConfined()) {
      for (Reader reader : new Reader[] {ReaderFuzzProperties::safetensors, ReaderFuzzProperties::npz,
          a -> Map.of("x", Npy.readFloats(file, a)), a -> Map.of("x", Npy.readInts(file, a))}) {
        try {
          reader.read(arena);
        } catch (FormatException e) {
          refusals++;
        }
      }
    }
    assertThat(refusals).isEqualTo(4);
  }

  @Property(tries = 2)
  void theWoundsLeaveSomeFilesReadableAndBreakMost(@ForAll long seed) throws IOException {
    // Few are readable: of 200 wounds, as many as were tried before, once none was.
    int read = 0;
    for (int i = 0; i < 1000; i++) {
      read += readsTheSameOrRefuses(goodSafetensors, 1, seed + 31L * i, ReaderFuzzProperties::safetensors) ? 1 : 0;
    }
    assertThat(read).isBetween(1, 300);
  }
}
