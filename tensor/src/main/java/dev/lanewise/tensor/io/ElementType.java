package dev.lanewise.tensor.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The element types that files may hold, and how each becomes fp32 or int32. */
enum ElementType {
  F32("F32", "f4", 4),
  F64("F64", "f8", 8),
  I32("I32", "i4", 4),
  I64("I64", "i8", 8),
  U8("U8", "u1", 1);

  /** As safetensors calls it. */
  final String safetensors;

  /** As NumPy calls it, without the byte order. */
  final String numpy;

  final int bytes;

  ElementType(String safetensors, String numpy, int bytes) {
    this.safetensors = safetensors;
    this.numpy = numpy;
    this.bytes = bytes;
  }

  static @Nullable ElementType ofSafetensors(String name) {
    for (ElementType type : values()) {
      if (type.safetensors.equals(name)) {
        return type;
      }
    }
    return null;
  }

  static @Nullable ElementType ofNumpy(String name) {
    for (ElementType type : values()) {
      if (type.numpy.equals(name)) {
        return type;
      }
    }
    return null;
  }

  boolean isFloat() {
    return this == F32 || this == F64;
  }

  /**
   * Copies elements of a file into a tensor: F64 rounded to the nearest float, the other types exactly.
   *
   * @return -1, or the first of these elements that does not fit an int32
   */
  long copy(MemorySegment from, ByteOrder order, MemorySegment to, long at, long count) {
    switch (this) {
      case F32 -> MemorySegment.copy(
          from, ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(order), 0, to, JAVA_FLOAT, 4 * at, count);
      case I32 -> MemorySegment.copy(from, ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), 0, to, JAVA_INT, 4 * at, count);
      case F64 -> {
        var layout = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(order);
        for (long i = 0; i < count; i++) {
          to.setAtIndex(JAVA_FLOAT, at + i, (float) from.getAtIndex(layout, i));
        }
      }
      case U8 -> {
        for (long i = 0; i < count; i++) {
          to.setAtIndex(JAVA_INT, at + i, from.get(JAVA_BYTE, i) & 0xFF);
        }
      }
      case I64 -> {
        var layout = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
        for (long i = 0; i < count; i++) {
          long element = from.getAtIndex(layout, i);
          if (element != (int) element) {
            return i;
          }
          to.setAtIndex(JAVA_INT, at + i, (int) element);
        }
      }
    }
    return -1;
  }
}
