package dev.lanewise.jmh.gemm;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

final class NativeBlasTest {
  /** OpenBLAS, so that tests of it in this process go on. */
  @Test
  void oneNativeBlasInAProcess() {
    NativeBlas.claim("OpenBLAS");
    NativeBlas.claim("OpenBLAS");
    assertThatIllegalStateException().isThrownBy(() -> NativeBlas.claim("MKL"))
        .withMessageContaining("MKL").withMessageContaining("OpenBLAS").withMessageContaining("-f 1");
  }
}
