package dev.lanewise.jmh.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.bytedeco.mkl.global.mkl_rt.CblasNoTrans;
import static org.bytedeco.mkl.global.mkl_rt.CblasRowMajor;
import static org.bytedeco.mkl.global.mkl_rt.CblasTrans;
import static org.bytedeco.mkl.global.mkl_rt.MKL_Get_Version_String;
import static org.bytedeco.mkl.global.mkl_rt.MKL_Set_Num_Threads;
import static org.bytedeco.mkl.global.mkl_rt.cblas_sgemm;

import dev.lanewise.jmh.shapes.ProductShape;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.mkl.global.mkl_rt;

/** MKL through JavaCPP's JNI binding, on native memory. */
public final class Mkl implements Multiplier {
  private final ProductShape shape;
  private final MemorySegment result;
  private final Address a;
  private final Address b;
  private final Address c;

  /**
   * Copies the operands.
   *
   * @throws PeerAbsentException if the library does not load here
   * @throws IllegalStateException if OpenBLAS is in this process
   */
  public Mkl(Operands operands, int threads) throws PeerAbsentException {
    NativeBlas.claim("MKL");
    try {
      Loader.load(mkl_rt.class);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new PeerAbsentException("MKL is not in this build for " + Loader.getPlatform(), e);
    }
    MKL_Set_Num_Threads(threads);
    this.shape = operands.shape();
    this.result = operands.nativeResult();
    this.a = new Address(operands.nativeCopy(operands.a()));
    this.b = new Address(operands.nativeCopy(operands.b()));
    this.c = new Address(result);
  }

  /** Its version and the processor that its kernels were chosen for. */
  public static String description() {
    byte[] text = new byte[256];
    MKL_Get_Version_String(text, text.length);
    return new String(text, StandardCharsets.US_ASCII).replace('\0', ' ').strip();
  }

  @Override
  public void multiply() {
    cblas_sgemm(CblasRowMajor, shape.transposeA() ? CblasTrans : CblasNoTrans, shape.transposeB() ? CblasTrans : CblasNoTrans,
        shape.m(), shape.n(), shape.k(), 1f, a, shape.lda(), b, shape.ldb(), 0f, c, shape.n());
  }

  @Override
  public float[] result() {
    return result.toArray(JAVA_FLOAT);
  }
}
