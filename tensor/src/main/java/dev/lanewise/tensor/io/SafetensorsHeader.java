package dev.lanewise.tensor.io;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The JSON header of a safetensors file: what tensors there are and where.
 *
 * @param entries in the order of their bytes, which they cover without a gap
 * @param metadata texts beside the tensors
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
  static final String METADATA = "__metadata__";

  /** @param begin first byte, counted from the end of the header, likewise end */
  record Entry(String name, ElementType type, Shape shape, long begin, long end) {}

  /** @param dataBytes how many bytes follow the header */
  static SafetensorsHeader parse(String file, long start, byte[] bytes, long dataBytes) throws FormatException {
    HeaderText text = new HeaderText(file, start, bytes);
    List<Entry> entries = new ArrayList<>();
    @Nullable Map<String, String> metadata = null;
    Set<String> names = new HashSet<>();
    text.expect('{');
    if (!text.take('}')) {
      do {
        text.skipSpace();
        int at = text.position();
        String name = text.string('"');
        if (!names.add(name)) {
          throw text.damage(at, "the name " + name + " again", "each name once");
        }
        text.expect(':');
        if (name.equals(METADATA)) {
          metadata = texts(text);
        } else {
          entries.add(entry(name, text, dataBytes));
        }
      } while (text.take(','));
      text.expect('}');
    }
    text.expectEnd();
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    requireNoGap(file, start, entries, dataBytes);
    return new SafetensorsHeader(entries, metadata == null ? new LinkedHashMap<>() : metadata);
  }

  private static Map<String, String> texts(HeaderText text) throws FormatException {
    Map<String, String> texts = new LinkedHashMap<>();
    text.expect('{');
    if (!text.take('}')) {
      do {
        text.skipSpace();
        int at = text.position();
        String key = text.string('"');
        text.expect(':');
        if (texts.putIfAbsent(key, text.string('"')) != null) {
          throw text.damage(at, "the key " + key + " again", "each key once");
        }
      } while (text.take(','));
      text.expect('}');
    }
    return texts;
  }

  private static Entry entry(String name, HeaderText text, long dataBytes) throws FormatException {
    @Nullable ElementType type = null;
    @Nullable Shape shape = null;
    long @Nullable [] offsets = null;
    text.skipSpace();
    int start = text.position();
    text.expect('{');
    do {
      text.skipSpace();
      int at = text.position();
      String key = text.string('"');
      text.expect(':');
      switch (key) {
        case "dtype" -> {
          requireFirst(text, at, key, type);
          type = type(name, text);
        }
        case "shape" -> {
          requireFirst(text, at, key, shape);
          shape = shape(name, text);
        }
        case "data_offsets" -> {
          requireFirst(text, at, key, offsets);
          offsets = numbers(text);
        }
        default -> throw text.damage(at, "the key " + key, "dtype, shape or data_offsets");
      }
    } while (text.take(','));
    text.expect('}');
    if (type == null || shape == null || offsets == null || offsets.length != 2) {
      throw text.damage(start, "an incomplete description of " + name, "dtype, shape and two data_offsets");
    }
    if (offsets[0] > offsets[1] || offsets[1] > dataBytes) {
      throw text.damage(start, name + " at bytes " + offsets[0] + " to " + offsets[1],
          "a range within the " + dataBytes + " bytes of data");
    }
    if (offsets[1] - offsets[0] != shape.size() * type.bytes) {
      throw text.damage(start, offsets[1] - offsets[0] + " bytes for " + name + " " + shape + " " + type.safetensors,
          shape.size() * type.bytes + " bytes");
    }
    return new Entry(name, type, shape, offsets[0], offsets[1]);
  }

  private static void requireFirst(HeaderText text, int at, String key, @Nullable Object before) throws FormatException {
    if (before != null) {
      throw text.damage(at, "the key " + key + " again", "each key once");
    }
  }

  private static ElementType type(String name, HeaderText text) throws FormatException {
    text.skipSpace();
    int at = text.position();
    String word = text.string('"');
    ElementType type = ElementType.ofSafetensors(word);
    if (type == null) {
      throw text.damage(at, name + " of dtype " + word, "F32, F64, I32, I64 or U8; convert it with the tool that wrote it");
    }
    return type;
  }

  private static Shape shape(String name, HeaderText text) throws FormatException {
    text.skipSpace();
    int at = text.position();
    long[] sizes = numbers(text);
    int[] dims = new int[sizes.length];
    for (int i = 0; i < dims.length; i++) {
      if (sizes[i] > Integer.MAX_VALUE) {
        throw text.damage(at, "an axis of " + sizes[i] + " in " + name, "at most 2^31 - 1");
      }
      dims[i] = (int) sizes[i];
    }
    try {
      return Shape.of(dims);
    } catch (ShapeException e) {
      throw text.damage(at, "a shape of more than 2^48 elements for " + name, "a smaller one");
    }
  }

  private static long[] numbers(HeaderText text) throws FormatException {
    List<Long> numbers = new ArrayList<>();
    text.expect('[');
    if (!text.take(']')) {
      do {
        numbers.add(text.number());
      } while (text.take(','));
      text.expect(']');
    }
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  private static void requireNoGap(String file, long start, List<Entry> entries, long dataBytes) throws FormatException {
    long end = 0;
    for (Entry entry : entries) {
      if (entry.begin != end) {
        throw new FormatException(
            file, start, entry.name + " from data byte " + entry.begin, "it from " + end + ", where the tensor before it ends");
      }
      end = entry.end;
    }
    if (end != dataBytes) {
      throw new FormatException(file, start, "tensors up to data byte " + end, "up to " + dataBytes + ", the end of the file");
    }
  }

  /** Everything the header says, but for the offsets, which follow from it. */
  void addTo(CRC32C sum, String leftOut) {
    for (Entry entry : entries) {
      sum.update((entry.name + "\n" + entry.type.safetensors + entry.shape + "\n").getBytes(StandardCharsets.UTF_8));
    }
    metadata.forEach((key, value) -> {
      if (!key.equals(leftOut)) {
        sum.update((key + "\n" + value + "\n").getBytes(StandardCharsets.UTF_8));
      }
    });
  }

  /** The JSON text, filled up with spaces so that the data after it begins at a multiple of 64 bytes. */
  byte[] render() {
    StringBuilder json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      string(METADATA, json);
      json.append(":{");
      metadata.forEach((key, value) -> {
        string(key, json);
        json.append(':');
        string(value, json);
        json.append(',');
      });
      json.setLength(json.length() - 1);
      json.append("},");
    }
    for (Entry entry : entries) {
      string(entry.name, json);
      json.append(":{\"dtype\":\"").append(entry.type.safetensors).append("\",\"shape\":")
          .append(entry.shape.toString().replace(" ", "")).append(",\"data_offsets\":[").append(entry.begin).append(',')
          .append(entry.end).append("]},");
    }
    if (json.length() > 1) {
      json.setLength(json.length() - 1);
    }
    json.append('}');
    try {
      int length = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(json)).remaining();
      json.append(" ".repeat((64 - (8 + length) % 64) % 64));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("Safetensors: a name or text has half of a surrogate pair; no file can hold it", e);
    }
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void string(String value, StringBuilder json) {
    json.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
