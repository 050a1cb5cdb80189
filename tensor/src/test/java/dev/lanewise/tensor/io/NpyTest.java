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
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyTest {
  /** numpy.savez_compressed(file, w=numpy.arange(6.).reshape(2, 3), i=numpy.array([200, 1], dtype="u1")), NumPy 2.4.6. */
  private static final byte[] FROM_NUMPY = Base64.getDecoder().decode(
      "UEsDBC0AAAAIAAAAIQDwzTtG//////////8FABQAdy5ucHkBABAAsAAAAAAAAABXAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqGuo6" +
          "Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLgYU8MEeynCAUBxQWgBKizgAAFBLAwQtAAAACAAAACEA3z9U3P//////" +
          "////BQAUAGkubnB5AQAQAIIAAAAAAAAARgAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBeU2qorqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2" +
          "ckFqQC+RpGOpo6CrUKFACuE4wAUEsBAi0DLQAAAAgAAAAhAPDNO0ZXAAAAsAAAAAUAAAAAAAAAAAAAAIABAAAAAHcubnB5UEsBAi0DLQAAAAgA" +
          "AAAhAN8/VNxGAAAAggAAAAUAAAAAAAAAAAAAAIABjgAAAGkubnB5UEsFBgAAAAACAAIAZgAAAAsBAAAAAA==");

  private final Arena arena = Arena.ofConfined();

  @TempDir private Path folder;

  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("x.npy");
  }

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void whatIsWrittenIsReadBitForBit() throws IOException {
    for (Shape shape : new Shape[] {Shape.of(2, 3), Shape.of(6), Shape.of(3, 1, 2, 1), Shape.of(new int[0]), Shape.of(0, 4)}) {
      Tensor x = Tensor.allocate(arena, shape);
      IntTensor y = IntTensor.allocate(arena, shape);
      for (int i = 0; i < x.size(); i++) {
        x.set(i, i - 1.5f);
        y.set(i, 1 - i);
      }
      Npy.write(file, x);
      assertThat(Npy.readFloats(file, arena).shape()).isEqualTo(shape);
      assertThat(Npy.readFloats(file, arena).toArray()).isEqualTo(x.toArray());
      Npy.write(file, y);
      assertThat(Npy.readInts(file, arena).shape()).isEqualTo(shape);
      assertThat(Npy.readInts(file, arena).toArray()).isEqualTo(y.toArray());
    }
  }

  @Test
  void theBytesAreThoseThatNumPyWrites() throws IOException {
    Npy.write(file, Tensor.of(arena, Shape.of(3), 1, 2, 3));
    byte[] bytes = Files.readAllBytes(file);
    String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }";
    assertThat(new String(bytes, 0, 128, StandardCharsets.ISO_8859_1))
        .isEqualTo("\u0093NUMPY\001\000v\000" + dictionary + " ".repeat(117 - dictionary.length()) + "\n");
    assertThat(bytes).hasSize(140);
  }

  private void put(int version, String header, byte[] data) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    ByteBuffer length = ByteBuffer.allocate(version == 1 ? 2 : 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.write(version == 1 ? length.putShort((short) header.length()).array() : length.putInt(header.length()).array());
    bytes.write(header.getBytes(StandardCharsets.UTF_8));
    bytes.write(data);
    Files.write(file, bytes.toByteArray());
  }

  @Test
  void otherTypesOrdersAndVersionsAreRead() throws IOException {
    put(2, "{'shape': (2,), 'fortran_order': False, 'descr': '>f8'}\n", ByteBuffer.allocate(16).putDouble(0.1).putDouble(-3).array());
    assertThat(Npy.readFloats(file, arena).toArray()).containsExactly(0.1f, -3);
    put(3, "{'descr': '>i4', 'fortran_order': False, 'shape': (1, 2)}\n", ByteBuffer.allocate(8).putInt(7).putInt(-9).array());
    assertThat(Npy.readInts(file, arena).toArray()).containsExactly(7, -9);
    put(1, "{'descr': '|u1', 'fortran_order': False, 'shape': (), }\n", new byte[] {-1});
    assertThat(Npy.readInts(file, arena).toArray()).containsExactly(255);
  }

  /** Their header's length needs more than the two bytes of version 1.0. */
  @Test
  void shapesOfVeryManyAxesAreKept() throws IOException {
    int[] axes = new int[30_000];
    Arrays.fill(axes, 1);
    axes[29_999] = 2;
    Npy.write(file, Tensor.of(arena, Shape.of(axes), 3, 4));
    assertThat(Files.readAllBytes(file)[6]).isEqualTo((byte) 2);
    Tensor read = Npy.readFloats(file, arena);
    assertThat(read.shape()).isEqualTo(Shape.of(axes));
    assertThat(read.toArray()).containsExactly(3, 4);
  }

  private void refused(String header, int dataBytes, long offset, String message) throws IOException {
    put(1, header, new byte[dataBytes]);
    assertThatThrownBy(() -> Npy.readFloats(file, arena)).isInstanceOf(FormatException.class)
        .hasMessage(file + ", byte " + offset + ": " + message);
  }

  @Test
  void damagedFilesAreRefusedWithTheirPlace() throws IOException {
    String good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
    refused(good, 7, 10 + good.length(), "found 7 bytes of elements, expected 8 for [2] of <f4");
    refused(good, 9, 10 + good.length(), "found 9 bytes of elements, expected 8 for [2] of <f4");
    refused(good.replace("(2,)", "(2)"), 8, 62, "found ')', expected ',' after the only axis");
    refused(good.replace("(2,)", "(4294967296,)"), 8, 60, "found an axis of 4294967296, expected at most 2^31 - 1");
    refused(good.replace("(2,)", "(2147483647, 2147483647)"), 8, 60, "found a shape of more than 2^48 elements, expected a smaller one");
    refused(good.replace("False", "True"), 8, 44, "found elements in Fortran's order, expected False; save numpy.ascontiguousarray of it");
    refused(good + "x", 8, 10 + good.length(), "found 'x', expected the end of the header");
    refused(good.replace("'shape': (2,)", "  'shape' :   (4294967296,)"), 8, 65, "found an axis of 4294967296, expected at most 2^31 - 1");
    refused(good.replace(" 'shape'", "   'form'"), 8, 53, "found the key form, expected descr, fortran_order and shape, each once");
    refused(good.replace("False", "Maybe"), 8, 44, "found 'M', expected True or False");
    refused(good.replace("<f4", "<c8"), 8, 20, "found elements of type <c8, expected <f4, <f8, <i4, <i8 or |u1; convert it with astype");
    refused(good.replace("<f4", "|f4"), 8, 20, "found elements of type |f4, expected <f4, <f8, <i4, <i8 or |u1; convert it with astype");
    refused(good.replace("<f4", "<i4"), 8, 0, "found elements of type <i4, expected f4 or f8; read it with readInts");
    refused(good.replace("'descr': '<f4', ", ""), 8, 10 + good.length() - 16,
        "found the end of the header, expected descr, fortran_order and shape before it");
    refused(good.replace("'descr': '<f4', ", "'x': '<f4', "), 8, 11, "found the key x, expected descr, fortran_order and shape, each once");
    Files.write(file, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> Npy.readInts(file, arena)).isInstanceOf(FormatException.class)
        .hasMessageContaining("byte 3: found the end of the file, expected 3 more bytes of the magic word");
    Files.write(file, "PK and more".getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> Npy.readInts(file, arena)).isInstanceOf(FormatException.class).hasMessageContaining("is it an npy file?");
    put(4, good, new byte[8]);
    assertThatThrownBy(() -> Npy.readFloats(file, arena)).isInstanceOf(FormatException.class).hasMessageContaining("version 4.0");
    put(1, good, new byte[8]);
    assertThatThrownBy(() -> Npy.readInts(file, arena)).isInstanceOf(FormatException.class)
        .hasMessageContaining("elements of type <f4, expected i4, i8 or u1; read it with readFloats");
  }

  @Test
  void npzFilesOfNumPyAreRead() throws IOException {
    Files.write(file, FROM_NUMPY);
    Npz.File read = Npz.read(file, arena);
    assertThat(read.tensors().keySet()).containsExactly("w");
    assertThat(read.tensors().values().iterator().next().shape()).isEqualTo(Shape.of(2, 3));
    assertThat(read.tensors().values().iterator().next().toArray()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(read.ints().keySet()).containsExactly("i");
    assertThat(read.ints().values().iterator().next().toArray()).containsExactly(200, 1);
  }

  @Test
  void npzFilesKeepNamesOrderAndBits() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("z", Tensor.of(arena, Shape.of(2), Float.NaN, -0f));
    tensors.put("a/b \u00e4", Tensor.allocate(arena, Shape.of(300, 300)).fill(1));
    Map<String, IntTensor> ints = Map.of("n", IntTensor.of(arena, Shape.of(1), -4));
    Npz.write(file, tensors, ints);
    byte[] first = Files.readAllBytes(file);
    Npz.File read = Npz.read(file, arena);
    assertThat(read.tensors().keySet()).containsExactly("z", "a/b \u00e4");
    assertThat(read.tensors().values()).extracting(Tensor::toArray).containsExactlyElementsOf(
        tensors.values().stream().map(Tensor::toArray).toList());
    assertThat(read.ints().values()).extracting(IntTensor::toArray).containsExactly(new int[] {-4});
    Npz.write(file, tensors, ints);
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
    assertThatThrownBy(() -> Npz.write(file, tensors, Map.of("z", IntTensor.of(arena, Shape.of(1), 1))))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("both called z");
  }

  /** Found by a damaged file of {@link ReaderFuzzProperties}: with its first entry and its directory gone it counted as one without entries. */
  @Test
  void anNpzFileThatLostItsEntriesIsNoEmptyOne() throws IOException {
    Npz.write(file, Map.of("w", Tensor.of(arena, Shape.of(2), 1, 2)), Map.of());
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 0, 4, (byte) 0);
    Arrays.fill(bytes, bytes.length - 18, bytes.length, (byte) 0);
    Files.write(file, bytes);
    assertThatThrownBy(() -> Npz.read(file, arena)).isInstanceOf(FormatException.class)
        .hasMessage(file + ", byte " + (bytes.length - 22)
            + ": found an end that names a directory of 0 bytes from 0 on, expected one that ends here");
    Npz.write(file, Map.of(), Map.of());
    assertThat(Npz.read(file, arena)).isEqualTo(new Npz.File(Map.of(), Map.of()));
  }

  private void zip(String name, byte[] content) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
    }
  }

  @Test
  void damagedNpzFilesAreRefused() throws IOException {
    zip("readme.txt", new byte[3]);
    assertThatThrownBy(() -> Npz.read(file, arena)).isInstanceOf(FormatException.class)
        .hasMessageContaining("x.npy!readme.txt").hasMessageContaining("names that end in .npy");
    zip("bomb.npy", NpyHeader.render(ElementType.F32, Shape.of(1 << 30, 1 << 10)));
    assertThatThrownBy(() -> Npz.read(file, arena)).isInstanceOf(FormatException.class)
        .hasMessageContaining("an array of 4398046511104 bytes").hasMessageContaining("all that a zip file of this length can hold");
    zip("long.npy", Arrays.copyOf(NpyHeader.render(ElementType.F32, Shape.of(2)), 128 + 9));
    assertThatThrownBy(() -> Npz.read(file, arena)).isInstanceOf(FormatException.class)
        .hasMessageContaining("x.npy!long.npy, byte 136: found more bytes, expected the end of the file");
    zip("short.npy", NpyHeader.render(ElementType.F32, Shape.of(2)));
    assertThatThrownBy(() -> Npz.read(file, arena)).isInstanceOf(FormatException.class)
        .hasMessageContaining("x.npy!short.npy, byte 128: found the end of the file, expected 8 more bytes of elements");
    Files.write(file, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> Npz.read(file, arena)).isInstanceOf(FormatException.class).hasMessageContaining("damaged zip file");
    Files.write(file, new byte[0]);
    assertThatThrownBy(() -> Npz.read(file, arena)).isInstanceOf(FormatException.class).hasMessageContaining("damaged zip file");
  }
}
