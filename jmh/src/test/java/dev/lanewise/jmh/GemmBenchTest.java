package dev.lanewise.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.lanewise.jmh.gemm.Peer;
import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.jmh.shapes.ProductShape;
import dev.lanewise.jmh.shapes.Shapes;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class GemmBenchTest {
  /** Every peer at every transposition and a little of every family, but not at sizes that take a twin long. */
  static List<Arguments> cases() {
    List<ProductShape> shapes = Shapes.all().products().stream().filter(s -> s.gflop() < 0.01).toList();
    assertThat(shapes).anyMatch(ProductShape::transposeB).hasSizeGreaterThan(10);
    return Arrays.stream(Peer.values()).map(Peer::label)
        .flatMap(peer -> Stream.concat(shapes.stream().map(ProductShape::name), Stream.of("dense_dW_TN", "conv2_nhwc_dW_TN"))
            .map(shape -> Arguments.of(peer, shape)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void multiply(String peer, String product) {
    GemmBench bench = new GemmBench();
    bench.peer = peer;
    bench.product = product;
    try {
      bench.setUp();
    } catch (PeerAbsentException e) {
      abort(e.getMessage());
    }
    Rate.Arithmetic rate = new Rate.Arithmetic();
    bench.multiply(rate);
    float[] got = bench.result();
    bench.close();
    ProductShape shape = Shapes.product(product);
    ProductTwin.check(shape, got, peer.equals("lanewise"));
    assertThat(rate.gflop).isCloseTo(2e-9 * shape.m() * shape.n() * shape.k(), within(1e-15));
  }
}
