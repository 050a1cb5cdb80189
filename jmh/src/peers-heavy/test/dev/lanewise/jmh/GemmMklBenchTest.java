package dev.lanewise.jmh;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.jmh.gemm.OpenBlas;
import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.jmh.shapes.Shapes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GemmMklBenchTest {
  @ParameterizedTest
  @ValueSource(strings = {"sq8", "sq128", "conv2_fwd_b1", "dense_fwd_NT", "dense_dW_TN", "gemv_1x1600x128"})
  void multiply(String product) throws PeerAbsentException {
    GemmMklBench bench = new GemmMklBench();
    bench.product = product;
    bench.peer = "mkl";
    bench.setUp();
    bench.multiply(new Rate.Arithmetic());
    float[] got = bench.result();
    bench.close();
    ProductTwin.check(Shapes.product(product), got, false);
  }

  @Test
  void measuresNobodyElse() {
    GemmMklBench bench = new GemmMklBench();
    bench.product = "sq8";
    bench.peer = "lanewise";
    assertThatThrownBy(bench::setUp).isInstanceOf(PeerAbsentException.class).hasMessage("GemmMklBench measures mkl, not lanewise");
    bench.close();
  }

  @AfterAll
  static void openBlasStaysOut() {
    assertThatIllegalStateException().isThrownBy(OpenBlas::load).withMessageContaining("MKL");
  }
}
