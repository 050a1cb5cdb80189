package dev.lanewise.tensor.io;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands before the elements of an npy file: a magic word, a version, and a Python dictionary. */
record NpyHeader(String descr, ElementType type, ByteOrder order, Shape shape) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MOST_BYTES = 1 << 20;

  static NpyHeader read(ElementReader reader) throws IOException {
    byte[] magic = reader.bytes(MAGIC.length, "the magic word");
    if (!Arrays.equals(magic, MAGIC)) {
      throw reader.damage(0, "other first bytes", "\\x93NUMPY; is it an npy file?");
    }
    byte[] version = reader.bytes(2, "the version");
    if (version[0] < 1 || version[0] > 3 || version[1] != 0) {
      throw reader.damage(6, "version " + version[0] + "." + version[1], "1.0, 2.0 or 3.0");
    }
    long at = reader.offset();
    ByteBuffer length = ByteBuffer.wrap(reader.bytes(version[0] == 1 ? 2 : 4, "the header's length"))
        .order(ByteOrder.LITTLE_ENDIAN);
    long bytes = version[0] == 1 ? length.getShort() & 0xFFFF : length.getInt() & 0xFFFF_FFFFL;
    if (bytes > MOST_BYTES) {
      throw reader.damage(at, "a header of " + bytes + " bytes", "at most " + MOST_BYTES);
    }
    long start = reader.offset();
    return parse(new HeaderText(reader.file(), start, reader.bytes((int) bytes, "the header")));
  }

  private static NpyHeader parse(HeaderText text) throws FormatException {
    @Nullable String descr = null;
    @Nullable Boolean fortran = null;
    @Nullable Shape shape = null;
    int descrAt = 0;
    text.expect('{');
    while (!text.take('}')) {
      text.skipSpace();
      int at = text.position();
      String key = text.string('\'');
      text.expect(':');
      text.skipSpace();
      if (key.equals("descr") && descr == null) {
        descrAt = text.position();
        descr = text.string('\'');
      } else if (key.equals("fortran_order") && fortran == null) {
        int word = text.position();
        fortran = text.takeWord("True");
        if (fortran) {
          throw text.damage(word, "elements in Fortran's order", "False; save numpy.ascontiguousarray of it");
        }
        if (!text.takeWord("False")) {
          throw text.unexpected("True or False");
        }
      } else if (key.equals("shape") && shape == null) {
        shape = shape(text);
      } else {
        throw text.damage(at, "the key " + key, "descr, fortran_order and shape, each once");
      }
      if (!text.take(',')) {
        text.expect('}');
        break;
      }
    }
    text.expectEnd();
    if (descr == null || fortran == null || shape == null) {
      throw text.unexpected("descr, fortran_order and shape before it");
    }
    return typed(text, descrAt, descr, shape);
  }

  private static NpyHeader typed(HeaderText text, int at, String descr, Shape shape) throws FormatException {
    ElementType type = descr.isEmpty() ? null : ElementType.ofNumpy(descr.substring(1));
    char order = descr.isEmpty() ? ' ' : descr.charAt(0);
    if (type == null || (order != '<' && order != '>' && (order != '|' || type.bytes != 1))) {
      throw text.damage(at, "elements of type " + descr, "<f4, <f8, <i4, <i8 or |u1; convert it with astype");
    }
    return new NpyHeader(descr, type, order == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, shape);
  }

  private static Shape shape(HeaderText text) throws FormatException {
    List<Integer> dims = new ArrayList<>();
    text.skipSpace();
    int at = text.position();
    text.expect('(');
    while (!text.take(')')) {
      long dim = text.number();
      if (dim > Integer.MAX_VALUE) {
        throw text.damage(at, "an axis of " + dim, "at most 2^31 - 1");
      }
      dims.add((int) dim);
      if (!text.take(',')) {
        if (dims.size() == 1) {
          throw text.unexpected("',' after the only axis");
        }
        text.expect(')');
        break;
      }
    }
    try {
      return Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
    } catch (ShapeException e) {
      throw text.damage(at, "a shape of more than 2^48 elements", "a smaller one");
    }
  }

  /** Bytes of the elements. */
  long dataBytes() {
    return shape.size() * type.bytes;
  }

  /** Version 1.0, or 2.0 for a shape of very many axes; the elements after it begin at a multiple of 64 bytes. */
  static byte[] render(ElementType type, Shape shape) {
    String dims = shape.toString().replace("[", "(").replace("]", shape.rank() == 1 ? ",)" : ")");
    String dictionary = "{'descr': '<" + type.numpy + "', 'fortran_order': False, 'shape': " + dims + ", }";
    int lengthBytes = dictionary.length() < 65_000 ? 2 : 4;
    int before = MAGIC.length + 2 + lengthBytes;
    int total = (before + dictionary.length() + 1 + 63) / 64 * 64;
    ByteBuffer header = ByteBuffer.allocate(total).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) (lengthBytes / 2)).put((byte) 0);
    if (lengthBytes == 2) {
      header.putShort((short) (total - before));
    } else {
      header.putInt(total - before);
    }
    header.put(dictionary.getBytes(StandardCharsets.US_ASCII));
    while (header.remaining() > 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').array();
  }
}
