package dev.lanewise.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the errors say, and what only some compressors write. */
class IdxTest {
  private static final byte[] PIXELS = IdxBytes.pixels(3 * 4, 5);
  private static final byte[] LABELS = {1, 9, 0};
  private static final byte[] IMAGES = IdxBytes.images(3, 2, 2, PIXELS);

  @TempDir Path folder;

  @Test
  void readsTheFilesOfAFolder() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      ImageDataset data = Idx.read(write("i", IMAGES), write("l", IdxBytes.gzip(IdxBytes.labels(LABELS))), 10, arena);
      assertThat(IdxBytes.holds(data, PIXELS, LABELS)).isTrue();
      assertThat(data.pixel(2, 1, 0)).isEqualTo(PIXELS[2 * 4 + 2] & 0xFF);
    }
  }

  @Test
  void namesFileOffsetFoundAndExpected() throws IOException {
    DataFileException e = damage(IMAGES, IdxBytes.labels(new byte[] {1, 2}));
    assertThat(e.file()).isEqualTo(folder.resolve("i").toString());
    assertThat(e.offset()).isEqualTo(4);
    assertThat(e.found()).isEqualTo("3 images");
    assertThat(e.expected()).isEqualTo("2, as many as there are labels in " + folder.resolve("l"));
    assertThat(e).hasMessage(folder.resolve("i") + ", byte 4: found 3 images, expected " + e.expected());
  }

  @Test
  void saysWhichMagicWasFound() throws IOException {
    assertThat(damage(IdxBytes.labels(LABELS), IdxBytes.labels(LABELS)))
        .hasMessageContaining("byte 0: found magic 0x00000801, expected magic 0x00000803");
  }

  @Test
  void saysWhichLabelIsOutOfRange() throws IOException {
    assertThat(damage(IMAGES, IdxBytes.labels(new byte[] {1, 10, 2})))
        .hasMessageContaining("byte 9: found label 10, expected 0 to 9");
    assertThat(damage(IMAGES, IdxBytes.gzip(IdxBytes.labels(new byte[] {1, 2, -1}))))
        .hasMessageContaining("byte 10: found label 255, expected 0 to 9");
  }

  @Test
  void saysHowLongATruncatedFileIs() throws IOException {
    assertThat(damage(Arrays.copyOf(IMAGES, 20), IdxBytes.labels(LABELS)))
        .hasMessageContaining("byte 20: found a file of 20 bytes, expected 28 bytes: 16 and 3 images of 2x2");
  }

  @Test
  void takesNoMemoryForWhatCannotBeThere() throws IOException {
    byte[] boast = ByteBuffer.allocate(16).putInt(0x803).putInt(3).putInt(1 << 15).putInt(1 << 15).array();
    assertThat(damage(boast, IdxBytes.labels(LABELS))).hasMessageContaining("3221225488 bytes");
    // The trailer can be made to fit modulo 2^32; then the ratio that DEFLATE cannot exceed tells.
    byte[] lie = IdxBytes.gzip(boast);
    ByteBuffer.wrap(lie).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(lie.length - 4, (int) 3221225488L);
    assertThat(damage(lie, IdxBytes.labels(LABELS))).hasMessageContaining("too short for its content");
    byte[] huge = ByteBuffer.allocate(16).putInt(0x803).putInt(3).putInt(-1 >>> 1).putInt(-1 >>> 1).array();
    assertThat(damage(huge, IdxBytes.labels(LABELS))).hasMessageContaining("less than 2^31 pixels");
  }

  @Test
  void checksTheCompressedContentsSum() throws IOException {
    byte[] file = IdxBytes.gzip(IMAGES);
    file[file.length - 8] ^= 1;
    assertThat(damage(file, IdxBytes.labels(LABELS))).hasMessageContaining("CRC of the content")
        .extracting(DataFileException::offset).isEqualTo(file.length - 4L);
  }

  @Test
  void readsEveryOptionalPartOfAGzipHeader() throws IOException {
    byte[] plain = IdxBytes.gzip(IMAGES);
    byte[] file = withFullHeader(plain);
    try (Arena arena = Arena.ofConfined()) {
      ImageDataset data = Idx.read(write("i", file), write("l", IdxBytes.labels(LABELS)), 10, arena);
      assertThat(IdxBytes.holds(data, PIXELS, LABELS)).isTrue();
    }
    file[12] ^= 1; // within the extra field, which only the header's own CRC covers
    assertThat(damage(file, IdxBytes.labels(LABELS))).hasMessageContaining("header CRC");
  }

  @Test
  void aMissingFileIsNotADamagedOne() {
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> Idx.read(folder.resolve("none"), folder.resolve("none"), 10, arena))
          .isInstanceOf(IOException.class).isNotInstanceOf(DataFileException.class);
    }
  }

  private static byte[] withFullHeader(byte[] gzip) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(gzip, 0, 3);
    out.write(1 | 2 | 4 | 8 | 16); // text, header CRC, extra, name, comment
    out.write(gzip, 4, 6);
    out.writeBytes(new byte[] {3, 0, 7, 8, 9});
    out.writeBytes("train\0a comment\0".getBytes(StandardCharsets.US_ASCII));
    CRC32 crc = new CRC32();
    crc.update(out.toByteArray());
    out.write((int) crc.getValue());
    out.write((int) crc.getValue() >>> 8);
    out.write(gzip, 10, gzip.length - 10);
    return out.toByteArray();
  }

  private DataFileException damage(byte[] images, byte[] labels) throws IOException {
    Path imageFile = write("i", images);
    Path labelFile = write("l", labels);
    try (Arena arena = Arena.ofConfined()) {
      return catchThrowableOfType(DataFileException.class, () -> Idx.read(imageFile, labelFile, 10, arena));
    }
  }

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }
}
