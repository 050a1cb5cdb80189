package dev.lanewise.jmh.torch;

import dev.lanewise.jmh.gemm.Address;
import dev.lanewise.jmh.gemm.NativeBlas;
import dev.lanewise.jmh.gemm.PeerAbsentException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * PyTorch through JavaCPP's JNI binding, on native memory. Its tensors are made and used in inference mode, where a call goes to its kernel without
 * passing the layers that record gradients. Results go to tensors that exist already wherever PyTorch's own way does not allocate.
 */
public final class Torch implements AutoCloseable {
  private final InferenceMode mode;

  /**
   * Loads the library and sets its threads; belongs to the calling thread, as the mode does.
   *
   * @throws PeerAbsentException if the library does not load here
   * @throws IllegalStateException if MKL is in this process, since PyTorch brings OpenBLAS
   */
  public Torch(int threads) throws PeerAbsentException {
    NativeBlas.claim("OpenBLAS");
    try {
      Loader.load(torch.class);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new PeerAbsentException("PyTorch is not in this build for " + Loader.getPlatform(), e);
    }
    torch.set_num_threads(threads);
    mode = new InferenceMode(true);
    System.out.println("# " + description());
  }

  /** Its version, the processor that its kernels were chosen for, and which libraries are behind them. */
  private static String description() {
    return "PyTorch, kernels for " + torch.get_cpu_capability().getString() + ", " + Arrays.stream(torch.show_config().getString().split("[,\n]"))
        .map(String::strip)
        .filter(setting -> setting.matches("(BLAS_INFO|TORCH_VERSION|USE_MKL|USE_MKLDNN)=.*"))
        .collect(Collectors.joining(", "));
  }

  /** A tensor on a segment's memory, which must outlive it. */
  public Tensor on(MemorySegment memory, long... sizes) {
    return torch.from_blob(new Address(memory), sizes);
  }

  @Override
  public void close() {
    mode.close();
  }
}
