package dev.lanewise.jmh.gemm;

import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** The address of native memory in the form that JavaCPP's bindings take: JNI passes it on, nothing is copied. */
public final class Address extends FloatPointer {
  /** The address only: the memory belongs to the segment's arena, which must outlive the last call. */
  public Address(MemorySegment segment) {
    super((Pointer) null);
    this.address = segment.address();
  }
}
