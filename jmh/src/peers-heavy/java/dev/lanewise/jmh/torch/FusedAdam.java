package dev.lanewise.jmh.torch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Objects;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * PyTorch's Adam in one pass, {@code torch.optim.Adam(fused=True)}: the binding leaves it out, so it is called through the JDK's foreign functions by
 * the name that a C++ compiler gives {@code at::_ops::_fused_adam_::call}.
 */
@SuppressWarnings("restricted") // native code is what a peer is
public final class FusedAdam {
  private static final String NAME =
      "_ZN2at4_ops12_fused_adam_4callEN3c108ArrayRefINS_6TensorEEES5_S5_S5_S5_S5_dddddbbRKSt8optionalIS4_ES9_";

  /** {@code c10::ArrayRef}: where the tensors lie, and how many there are. */
  private static final StructLayout LIST = MemoryLayout.structLayout(ADDRESS, JAVA_LONG);

  /** A constant to the JIT, without which a call through it is slow. */
  private static final MethodHandle HANDLE = Linker.nativeLinker().downcallHandle(symbol(), FunctionDescriptor.ofVoid(
      LIST, LIST, LIST, LIST, LIST, LIST, JAVA_DOUBLE, JAVA_DOUBLE, JAVA_DOUBLE, JAVA_DOUBLE, JAVA_DOUBLE, JAVA_BOOLEAN, JAVA_BOOLEAN,
      ADDRESS, ADDRESS));

  private final MemorySegment w;
  private final MemorySegment g;
  private final MemorySegment m;
  private final MemorySegment v;
  private final MemorySegment nothing;
  private final MemorySegment steps;
  private final MemorySegment empty;

  /**
   * The tensors and the arena must outlive the last call.
   *
   * @param step one float, the number of the step
   */
  public FusedAdam(Arena arena, Tensor w, Tensor g, Tensor m, Tensor v, Tensor step) {
    this.w = list(arena, w.address(), 1);
    this.g = list(arena, g.address(), 1);
    this.m = list(arena, m.address(), 1);
    this.v = list(arena, v.address(), 1);
    this.nothing = list(arena, 0, 0);
    this.steps = list(arena, step.address(), 1);
    // std::optional<Tensor> without a value: a pointer and a flag that is 0.
    this.empty = arena.allocate(16, 8);
  }

  private static MemorySegment symbol() {
    String binding = Objects.requireNonNull(Loader.load(torch.class));
    Path library = Path.of(binding).resolveSibling("libtorch_cpu.so");
    return SymbolLookup.libraryLookup(library, Arena.global()).findOrThrow(NAME);
  }

  private static MemorySegment list(Arena arena, long address, long count) {
    MemorySegment list = arena.allocate(LIST);
    list.set(JAVA_LONG, 0, address);
    list.set(JAVA_LONG, 8, count);
    return list;
  }

  /** One step without weight decay. */
  public void step(double rate, double beta1, double beta2, double epsilon) {
    try {
      HANDLE.invokeExact(w, g, m, v, nothing, steps, rate, beta1, beta2, 0.0, epsilon, false, false, empty, empty);
    } catch (Throwable e) {
      throw new IllegalStateException("_fused_adam_ cannot be called", e);
    }
  }
}
