package dev.lanewise.kernels;

import java.lang.foreign.MemorySegment;

/** What every door checks before it calls down: below a door nothing is checked any more. */
final class Segments {
  private Segments() {}

  /**
   * Requires native memory for a number of 4-byte elements.
   *
   * @param door who asks, for the message
   * @param name what the operand is called, for the message
   * @throws IllegalArgumentException naming both sizes, or the remedy for a heap segment
   */
  static void require(String door, String name, MemorySegment segment, long elements) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException(
          door + ": " + name + " is a heap segment; copy it to a native one, e.g. of arena.allocate(bytes, 64)");
    }
    if (elements < 0) {
      throw new IllegalArgumentException(door + ": " + name + " has a negative size, " + elements);
    }
    if (segment.byteSize() / 4 < elements) {
      throw new IllegalArgumentException(
          door + ": " + name + " holds " + segment.byteSize() / 4 + " elements but " + elements + " are needed");
    }
    if ((segment.address() & 3) != 0) {
      throw new IllegalArgumentException(
          door + ": " + name + " begins at an address that is no multiple of 4: " + segment.address());
    }
  }

  /** Requires that an output shares no byte with an input. */
  static void requireApart(
      String door, String out, MemorySegment o, long outElements, String in, MemorySegment i, long inElements) {
    long o0 = o.address();
    long i0 = i.address();
    if (o0 < i0 + 4 * inElements && i0 < o0 + 4 * outElements) {
      throw new IllegalArgumentException(
          door + ": " + out + " overlaps " + in + "; give the output memory of its own");
    }
  }

  /** Requires that an output is either the very memory of an input or shares no byte with it. */
  static void requireSameOrApart(String door, String out, MemorySegment o, String in, MemorySegment i, long elements) {
    if (o.address() != i.address()) {
      requireApart(door, out, o, elements, in, i, elements);
    }
  }
}
