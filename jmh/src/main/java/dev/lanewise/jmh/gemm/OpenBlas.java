package dev.lanewise.jmh.gemm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.jspecify.annotations.Nullable;

/**
 * OpenBLAS as JavaCPP ships it, loaded once: JNI goes through JavaCPP's binding, FFM to the same library in the same place.
 */
@SuppressWarnings("restricted") // native code is what a peer is
public final class OpenBlas {
  /** The binding's own library first: once another peer has unpacked its OpenBLAS beside it, that would be loaded too, and be the one told its threads. */
  private static final List<String> LIBRARY_NAMES =
      List.of("libopenblas_nolapack.so.0", "libopenblas.so.0", "libopenblas.0.dylib", "libopenblas.dylib", "libopenblas.dll");

  private static @Nullable OpenBlas instance;

  private final String description;
  private final MethodHandle setThreads;
  private final MethodHandle sgemm;

  /**
   * Unpacks and loads the library at the first call.
   *
   * @throws PeerAbsentException if this jar was built without it, or it does not load here
   */
  public static synchronized OpenBlas load() throws PeerAbsentException {
    if (instance == null) {
      NativeBlas.claim("OpenBLAS");
      instance = new OpenBlas(library());
    }
    return instance;
  }

  private static Path library() throws PeerAbsentException {
    String binding;
    try {
      binding = Loader.load(openblas_nolapack.class);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new PeerAbsentException("OpenBLAS is not in this build for " + Loader.getPlatform() + "; build with -Ppeers", e);
    }
    if (binding == null) {
      throw new PeerAbsentException("OpenBLAS is not in this build; build with -Ppeers", null);
    }
    Path folder = Path.of(binding).resolveSibling(".").normalize();
    return LIBRARY_NAMES.stream().map(folder::resolve).filter(Files::exists).findFirst().orElseThrow(
        () -> new PeerAbsentException("OpenBLAS was unpacked to " + folder + " without any of " + LIBRARY_NAMES, null));
  }

  private OpenBlas(Path library) {
    SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
    AddressLayout text = ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(1024, JAVA_BYTE));
    String config = text(handle(symbols, "openblas_get_config", FunctionDescriptor.of(text)));
    String core = text(handle(symbols, "openblas_get_corename", FunctionDescriptor.of(text)));
    this.description = config.strip() + ", kernel for " + core.strip();
    this.setThreads = handle(symbols, "openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
    this.sgemm = handle(symbols, "cblas_sgemm", FunctionDescriptor.ofVoid(
        JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_FLOAT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_FLOAT,
        ADDRESS, JAVA_INT));
  }

  private static MethodHandle handle(SymbolLookup symbols, String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), descriptor);
  }

  private static String text(MethodHandle getter) {
    try {
      return ((MemorySegment) getter.invokeExact()).getString(0);
    } catch (Throwable e) {
      throw new IllegalStateException("OpenBLAS does not say what it is", e);
    }
  }

  /** Version, options and the processor that its kernels were chosen for. */
  public String description() {
    return description;
  }

  /** The function itself; its arguments are those of the C header. */
  MethodHandle sgemm() {
    return sgemm;
  }

  /** How many threads each following call of the process uses. */
  public void useThreads(int threads) {
    try {
      setThreads.invokeExact(threads);
    } catch (Throwable e) {
      throw new IllegalStateException("OpenBLAS cannot be told to use " + threads + " threads", e);
    }
  }
}
