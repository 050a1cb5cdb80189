package dev.lanewise.tensor.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  private final Arena arena = Arena.ofConfined();

  @TempDir private Path folder;

  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("model.safetensors");
  }

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void whatIsWrittenIsReadBitForBitInTheSameOrder() throws IOException {
    float nan = Float.intBitsToFloat(0x7fc12345);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("z/kernel", Tensor.of(arena, Shape.of(2, 3), 1, -0f, nan, Float.POSITIVE_INFINITY, Float.MIN_VALUE, -1e30f));
    tensors.put("a \"quoted\" \\ name \n \u00e4\u4e2d\ud83d\ude00", Tensor.of(arena, Shape.of(1), 5));
    tensors.put("", Tensor.allocate(arena, Shape.of(0, 7)));
    tensors.put("scalar", Tensor.of(arena, Shape.of(new int[0]), 3));
    Map<String, IntTensor> ints = Map.of("order", IntTensor.of(arena, Shape.of(3), Integer.MIN_VALUE, 0, Integer.MAX_VALUE));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("step", "12");
    metadata.put("\u0001", "tab\there");
    Safetensors.write(file, tensors, ints, metadata);
    Safetensors.File read = Safetensors.read(file, arena);
    assertThat(read.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
    assertThat(read.metadata()).containsExactlyEntriesOf(metadata);
    tensors.forEach((name, tensor) -> {
      assertThat(read.tensor(name).shape()).isEqualTo(tensor.shape());
      assertThat(read.tensor(name).segment().mismatch(tensor.segment())).isEqualTo(-1);
    });
    assertThat(read.intTensor("order").toArray()).containsExactly(Integer.MIN_VALUE, 0, Integer.MAX_VALUE);
  }

  @Test
  void aTensorThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
    Safetensors.write(file, Map.of("w", Tensor.of(arena, Shape.of(1), 1)), Map.of());
    Safetensors.File read = Safetensors.read(file, arena);
    assertThatThrownBy(() -> read.tensor("v")).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Safetensors: no tensor is called v; there are [w]");
    assertThatThrownBy(() -> read.intTensor("w")).isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Safetensors: no int tensor is called w; there are []");
  }

  @Test
  void theFileIsTheDocumentedFormat() throws IOException {
    Safetensors.write(file, Map.of("w", Tensor.of(arena, Shape.of(2), 1, 2)), Map.of());
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) buffer.getLong();
    assertThat((8 + length) % 64).isZero();
    assertThat(new String(bytes, 8, length, StandardCharsets.UTF_8).strip())
        .startsWith("{\"__metadata__\":{\"lanewise.crc32c\":\"")
        .endsWith("\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}");
    assertThat(buffer.getFloat(8 + length)).isEqualTo(1);
    assertThat(buffer.getFloat(12 + length)).isEqualTo(2);
    assertThat(bytes).hasSize(16 + length);
  }

  @Test
  void theSameContentGivesTheSameBytes() throws IOException {
    Map<String, Tensor> tensors = Map.of("w", Tensor.of(arena, Shape.of(2), 1, 2));
    Safetensors.write(file, tensors, Map.of("a", "b"));
    byte[] first = Files.readAllBytes(file);
    Safetensors.write(file, tensors, Map.of("a", "b"));
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
  }

  @Test
  void filesOfOtherToolsAreRead() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(3 + 16 + 16).order(ByteOrder.LITTLE_ENDIAN);
    data.put(new byte[] {0, (byte) 200, (byte) 255}).putLong(-7).putLong(Integer.MAX_VALUE).putDouble(0.1).putDouble(-1e300);
    put("""
        { "bytes" : {"shape":[3], "dtype":"U8","data_offsets":[0,3]},
          "d\\u00e4\\/\\uD83D\\uDE00":{"dtype":"F64","shape":[2,1],"data_offsets":[19,35]},
          "long":{"dtype":"I64","shape":[2],"data_offsets":[3,19]} }\s\s""", data.array());
    Safetensors.File read = Safetensors.read(file, arena);
    assertThat(read.metadata()).isEmpty();
    assertThat(read.intTensor("bytes").toArray()).containsExactly(0, 200, 255);
    assertThat(read.intTensor("long").toArray()).containsExactly(-7, Integer.MAX_VALUE);
    assertThat(read.tensor("d\u00e4/\ud83d\ude00").toArray()).containsExactly(0.1f, Float.NEGATIVE_INFINITY);
  }

  @Test
  void anEmptyFileOfTheFormatIsRead() throws IOException {
    put("{}", new byte[0]);
    assertThat(Safetensors.read(file, arena).tensors()).isEmpty();
    Safetensors.write(file, Map.of(), Map.of());
    assertThat(Safetensors.read(file, arena)).isEqualTo(new Safetensors.File(Map.of(), Map.of(), Map.of()));
  }

  private void put(String header, byte[] data) throws IOException {
    put(header.getBytes(StandardCharsets.UTF_8), data);
  }

  private void put(byte[] json, byte[] data) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
    bytes.write(json);
    bytes.write(data);
    Files.write(file, bytes.toByteArray());
  }

  private void refused(String header, int dataBytes, long offset, String message) throws IOException {
    put(header, new byte[dataBytes]);
    assertThatThrownBy(() -> Safetensors.read(file, arena)).isInstanceOf(FormatException.class)
        .hasMessage(file + ", byte " + offset + ": " + message)
        .satisfies(e -> assertThat(((FormatException) e).offset()).isEqualTo(offset));
  }

  @Test
  void damagedHeadersAreRefusedWithTheirPlace() throws IOException {
    String w = "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
    refused("[]", 0, 8, "found '[', expected '{'");
    refused("{" + w + "", 8, 8 + 1 + w.length(), "found the end of the header, expected '}'");
    refused("{" + w + ",}", 8, 8 + 2 + w.length(), "found '}', expected '\"'");
    refused("{" + w + "}x", 8, 8 + 2 + w.length(), "found 'x', expected the end of the header");
    refused("{" + w + "," + w + "}", 8, 8 + 2 + w.length(), "found the name w again, expected each name once");
    refused("{" + w + "}", 9, 8, "found tensors up to data byte 8, expected up to 9, the end of the file");
    refused("{" + w + "}", 7, 13, "found w at bytes 0 to 8, expected a range within the 7 bytes of data");
    refused("{" + w.replace("[2]", "[3]") + "}", 8, 13, "found 8 bytes for w [3] F32, expected 12 bytes");
    refused("{" + w.replace("[0,8]", "[8,0]") + "}", 8, 13, "found w at bytes 8 to 0, expected a range within the 8 bytes of data");
    refused("{" + w.replace("[0,8]", "[8,16]") + "}", 16, 8,
        "found w from data byte 8, expected it from 0, where the tensor before it ends");
    refused("{" + w.replace("F32", "BF16") + "}", 4, 22,
        "found w of dtype BF16, expected F32, F64, I32, I64 or U8; convert it with the tool that wrote it");
    refused("{" + w.replace("[2]", "[-2]") + "}", 8, 37, "found '-', expected a whole number, at least 0");
    refused("{" + w.replace("[2]", "[02]") + "}", 8, 37, "found a number with a leading 0, expected one without");
    refused("{" + w.replace("[2]", "[2.0]") + "}", 8, 38, "found '.', expected ']'");
    refused("{" + w.replace("[2]", "[4294967296]") + "}", 8, 36, "found an axis of 4294967296 in w, expected at most 2^31 - 1");
    refused("{" + w.replace("[2]", "[99999999999999999999]") + "}", 8, 37, "found a number of too many digits, expected at most 2^62");
    refused("{" + w.replace("[2]", "[2147483647,2147483647]") + "}", 8, 36,
        "found a shape of more than 2^48 elements for w, expected a smaller one");
    refused("{" + w.replace("shape", "shapE") + "}", 8, 28, "found the key shapE, expected dtype, shape or data_offsets");
    refused("{" + w.replace(",\"shape\":[2]", "") + "}", 8, 13,
        "found an incomplete description of w, expected dtype, shape and two data_offsets");
    refused("{" + w.replace("[2]", "[2],\"shape\":[2]") + "}", 8, 40, "found the key shape again, expected each key once");
    refused("{\"__metadata__\":{\"a\":1}}", 0, 29, "found '1', expected '\"'");
    refused("{\"__metadata__\":{\"a\":\"1\",\"a\":\"1\"}}", 0, 33, "found the key a again, expected each key once");
    refused("{\"a\nb\":1}", 0, 11, "found U+000A, expected the end of a string");
    refused("{\"a\\x\":1}", 0, 12, "found 'x' after a backslash, expected one of \"\\/bfnrtu");
    refused("{\"\\u12g4\":1}", 0, 14, "found 'g', expected a hexadecimal digit");
    refused("{\"\\ud83d\":1}", 0, 10, "found half of a surrogate pair, expected whole characters");
    refused("{\"\u00e4\" 1}", 0, 14, "found '1', expected ':'");
    put(new byte[] {'{', '"', (byte) 0xC0, (byte) 0x80, '"'}, new byte[0]);
    assertThatThrownBy(() -> Safetensors.read(file, arena)).isInstanceOf(FormatException.class)
        .hasMessage(file + ", byte 10: found bytes that are no UTF-8, expected text");
  }

  @Test
  void aTextThatWasChangedIsNoticed() throws IOException {
    Safetensors.write(file, Map.of("w", Tensor.of(arena, Shape.of(1), 1)), Map.of("step", "12 of 20"));
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertThat(text).contains("\"12 of 20\"");
    bytes[text.indexOf("12 of 20")] = '3';
    Files.write(file, bytes);
    assertThatThrownBy(() -> Safetensors.read(file, arena)).isInstanceOf(FormatException.class);
  }

  @Test
  void tensorsMayNotOverlap() throws IOException {
    refused("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}}",
        6,
        8, "found b from data byte 2, expected it from 4, where the tensor before it ends");
  }

  @Test
  void filesThatAreTooShortAreRefused() throws IOException {
    Files.write(file, new byte[] {2, 0, 0});
    assertThatThrownBy(() -> Safetensors.read(file, arena)).isInstanceOf(FormatException.class)
        .hasMessage(file + ", byte 3: found the end of the file, expected 5 more bytes of the header's length");
    Files.write(file, new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{'});
    assertThatThrownBy(() -> Safetensors.read(file, arena)).isInstanceOf(FormatException.class).hasMessage(file
        + ", byte 0: found a header of 2 bytes, expected at most 1; is it a safetensors file, and all of it?");
    Files.write(file, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, '{'});
    assertThatThrownBy(() -> Safetensors.read(file, arena)).isInstanceOf(FormatException.class)
        .hasMessageContaining("a header of 18446744073709551615 bytes");
    assertThatThrownBy(() -> Safetensors.read(folder.resolve("none"), arena)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void numbersThatDoNotFitAnIntAreRefusedWithTheirPlace() throws IOException {
    put("{\"w\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[0,16]}}",
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(1).putLong(1L << 31).array());
    long at = Files.size(file) - 8;
    assertThatThrownBy(() -> Safetensors.read(file, arena)).isInstanceOf(FormatException.class).hasMessage(
        file + ", byte " + at + ": found a whole number of more than 32 bits, expected one that fits an int");
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
    Safetensors.write(file, Map.of("w", Tensor.of(arena, Shape.of(1), 1)), Map.of());
    Tensor gone;
    try (Arena closed = Arena.ofConfined()) {
      gone = Tensor.allocate(closed, Shape.of(1));
    }
    assertThatThrownBy(() -> Safetensors.write(file, Map.of("w", gone), Map.of())).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> AtomicFile.write(file, channel -> {
      channel.write(ByteBuffer.wrap(new byte[5]));
      throw new IOException("no space");
    })).hasMessage("no space");
    assertThat(Safetensors.read(file, arena).tensor("w").get(0)).isEqualTo(1);
    assertThat(names()).containsExactly("model.safetensors");
  }

  private Stream<String> names() throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).toList().stream();
    }
  }

  @Test
  void whatAKilledProcessLeftIsRemovedByTheNextWrite() throws IOException, InterruptedException {
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Path left = Files.write(folder.resolve(".model.safetensors." + dead.pid() + "-3.part"), new byte[3]);
    Path alive = Files.write(folder.resolve(".model.safetensors." + ProcessHandle.current().pid() + "-999999.part"), new byte[3]);
    Path other = Files.write(folder.resolve(".model.safetensors.bak.part"), new byte[3]);
    Path shortest = Files.write(folder.resolve(".model.safetensors.part"), new byte[3]);
    Safetensors.write(file, Map.of(), Map.of());
    assertThat(left).doesNotExist();
    assertThat(alive).exists();
    assertThat(other).exists();
    assertThat(shortest).exists();
  }

  @Test
  void namesThatNoFileCanHoldAreRefused() {
    Tensor one = Tensor.of(arena, Shape.of(1), 1);
    assertThatThrownBy(() -> Safetensors.write(file, Map.of("__metadata__", one), Map.of()))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("reserved");
    assertThatThrownBy(() -> Safetensors.write(file, Map.of(), Map.of("lanewise.crc32c", "")))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("reserved");
    assertThatThrownBy(() -> Safetensors.write(file, Map.of("\ud83d", one), Map.of()))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("surrogate");
    assertThatThrownBy(
        () -> Safetensors.write(file, Map.of("w", one), Map.of("w", IntTensor.of(arena, Shape.of(1), 1)), Map.of()))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("both called w");
    assertThat(file).doesNotExist();
  }

  @Test
  void tensorsLargerThanABlockAreWhole() throws IOException {
    int n = (1 << 20) + 12345;
    Tensor large = Tensor.allocate(arena, Shape.of(n));
    for (int i = 0; i < n; i++) {
      large.set(i, i);
    }
    Safetensors.write(file, Map.of("large", large), Map.of());
    assertThat(Safetensors.read(file, arena).tensor("large").segment().mismatch(large.segment())).isEqualTo(-1);
  }
}
