package dev.lanewise.tensor.io;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Safetensors files: named tensors and texts, which other frameworks read and write too.
 *
 * <p>Format: 8 bytes little-endian length of the header; the header, JSON; the elements, little-endian, without a gap. Written are F32 and
 * I32; F64 (rounded to float), I64 (if they fit an int) and U8 are read too.
 *
 * <p>Each file written here carries a CRC-32C over all that it says, as the text {@code lanewise.crc32c}; where a file has one it is
 * checked, so that no changed bit goes unnoticed but in that text's own name. It is no part of {@link File#metadata()}.
 *
 * <p>Source: the safetensors format, huggingface.co/docs/safetensors.
 */
public final class Safetensors {
  private static final int MOST_HEADER_BYTES = 100 << 20;
  private static final String SUM = "lanewise.crc32c";

  private Safetensors() {}

  /**
   * What a file holds, each map in the order of the file.
   *
   * @param tensors of F32 and F64
   * @param ints of I32, I64 and U8
   * @param metadata texts
   */
  public record File(Map<String, Tensor> tensors, Map<String, IntTensor> ints, Map<String, String> metadata) {
    /** Keeps unmodifiable views. */
    public File {
      tensors = Collections.unmodifiableMap(tensors);
      ints = Collections.unmodifiableMap(ints);
      metadata = Collections.unmodifiableMap(metadata);
    }

    /** @throws IllegalArgumentException naming those that are there, if none of F32 or F64 has this name */
    public Tensor tensor(String name) {
      return required("tensor", name, tensors);
    }

    /** @throws IllegalArgumentException naming those that are there, if none of I32, I64 or U8 has this name */
    public IntTensor intTensor(String name) {
      return required("int tensor", name, ints);
    }

    private static <T> T required(String kind, String name, Map<String, T> all) {
      T found = all.get(name);
      if (found == null) {
        throw new IllegalArgumentException("Safetensors: no " + kind + " is called " + name + "; there are " + all.keySet());
      }
      return found;
    }
  }

  /** As {@link #write(Path, Map, Map, Map)}, without int tensors. */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
    write(file, tensors, Map.of(), metadata);
  }

  /**
   * Writes a file whole or not at all: under another name in the same folder, forced to the disk, then renamed over what was there.
   * The same maps in the same order give the same bytes.
   *
   * @param file in a folder that exists
   * @param tensors by name, written as F32
   * @param ints by name, written as I32, after the others
   * @param metadata texts
   * @throws IllegalArgumentException if a name is used twice or reserved ({@code __metadata__}, the text {@code lanewise.crc32c}), or the
   *     header would pass 100 MB
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, IntTensor> ints, Map<String, String> metadata)
      throws IOException {
    ElementWriter writer = new ElementWriter();
    byte[] header = header(tensors, ints, metadata, writer);
    AtomicFile.write(file, channel -> {
      writer.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array(), channel);
      writer.write(header, channel);
      for (Tensor tensor : tensors.values()) {
        writer.write(tensor.segment(), channel);
      }
      for (IntTensor tensor : ints.values()) {
        writer.write(tensor.segment(), channel);
      }
    });
  }

  private static byte[] header(
      Map<String, Tensor> tensors, Map<String, IntTensor> ints, Map<String, String> metadata, ElementWriter writer) {
    List<SafetensorsHeader.Entry> entries = new ArrayList<>();
    tensors.forEach((name, tensor) -> add(entries, name, ElementType.F32, tensor.shape()));
    ints.forEach((name, tensor) -> {
      if (tensors.containsKey(name)) {
        throw new IllegalArgumentException("Safetensors: a tensor and an int tensor are both called " + name + "; rename one");
      }
      add(entries, name, ElementType.I32, tensor.shape());
    });
    if (metadata.containsKey(SUM)) {
      throw new IllegalArgumentException("Safetensors: the text " + SUM + " is reserved; rename it");
    }
    Map<String, String> texts = new LinkedHashMap<>(metadata);
    SafetensorsHeader header = new SafetensorsHeader(entries, texts);
    CRC32C sum = new CRC32C();
    tensors.values().forEach(tensor -> writer.sum(tensor.segment(), sum));
    ints.values().forEach(tensor -> writer.sum(tensor.segment(), sum));
    header.addTo(sum, SUM);
    texts.put(SUM, hex(sum));
    byte[] bytes = header.render();
    if (bytes.length > MOST_HEADER_BYTES) {
      throw new IllegalArgumentException(
          "Safetensors: names and texts of " + bytes.length + " bytes; a header has at most " + MOST_HEADER_BYTES);
    }
    return bytes;
  }

  private static void add(List<SafetensorsHeader.Entry> entries, String name, ElementType type, Shape shape) {
    if (name.equals(SafetensorsHeader.METADATA)) {
      throw new IllegalArgumentException("Safetensors: the name " + name + " is reserved; rename the tensor");
    }
    long begin = entries.isEmpty() ? 0 : entries.getLast().end();
    entries.add(new SafetensorsHeader.Entry(name, type, shape, begin, begin + shape.size() * type.bytes));
  }

  /**
   * Reads a whole file.
   *
   * @param arena where the tensors live
   * @throws FormatException if the file is no safetensors file, is damaged or has tensors of another type; nothing is handed out then
   * @throws IOException if it cannot be read
   */
  public static File read(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      ElementReader reader = new ElementReader(file.toString(), channel);
      long length = ByteBuffer.wrap(reader.bytes(8, "the header's length")).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (length < 0 || length > MOST_HEADER_BYTES || length > size - 8) {
        throw reader.damage(0, "a header of " + Long.toUnsignedString(length) + " bytes",
            "at most " + Math.min(MOST_HEADER_BYTES, size - 8) + "; is it a safetensors file, and all of it?");
      }
      byte[] json = reader.bytes((int) length, "the header");
      return content(reader, SafetensorsHeader.parse(reader.file(), 8, json, size - 8 - length), arena);
    }
  }

  private static File content(ElementReader reader, SafetensorsHeader header, Arena arena) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, IntTensor> ints = new LinkedHashMap<>();
    for (SafetensorsHeader.Entry entry : header.entries()) {
      if (entry.type().isFloat()) {
        tensors.put(entry.name(), reader.floats(entry.type(), ByteOrder.LITTLE_ENDIAN, entry.shape(), arena));
      } else {
        ints.put(entry.name(), reader.ints(entry.type(), ByteOrder.LITTLE_ENDIAN, entry.shape(), arena));
      }
    }
    reader.requireEnd();
    header.addTo(reader.sum(), SUM);
    Map<String, String> metadata = new LinkedHashMap<>(header.metadata());
    String sum = metadata.remove(SUM);
    if (sum != null && !sum.equals(hex(reader.sum()))) {
      throw reader.damage(0, "contents with the CRC-32C " + hex(reader.sum()), sum + ", written with them: the file is damaged,"
          + " or was changed on purpose and keeps the text " + SUM + ", which must then go");
    }
    return new File(tensors, ints, metadata);
  }

  private static String hex(CRC32C sum) {
    return String.format("%08x", sum.getValue());
  }
}
