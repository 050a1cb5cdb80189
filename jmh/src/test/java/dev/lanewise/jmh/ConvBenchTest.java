package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.jmh.shapes.Shapes;
import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.reference.Conv2dReference;
import dev.lanewise.kernels.testkit.Guarded;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ConvBenchTest {
  private final ConvBench bench = new ConvBench();
  private final Rate.Arithmetic rate = new Rate.Arithmetic();
  private Conv2dGeometry geometry;

  @BeforeEach
  void setUp() {
    bench.convolution = "conv2_b1";
    bench.setUp();
    geometry = Shapes.convolution("conv2_b1").kernel().geometry();
  }

  @AfterEach
  void countedAndClosed() {
    assertThat(rate.gflop).isEqualTo(2e-9 * 11 * 11 * 64 * 288);
    bench.close();
  }

  @Test
  void forward() {
    bench.forward(rate);
    Guarded y = Guarded.nanFilled(11 * 11 * 64);
    Conv2dReference.forward(geometry, 1, bench.x, bench.w, y.segment(), Epilogue.NONE);
    assertThat(bench.y.toArray(JAVA_FLOAT)).isEqualTo(y.floats());
  }

  @Test
  void backwardWeights() {
    bench.backwardWeights(rate);
    Guarded dw = Guarded.nanFilled(288 * 64);
    Conv2dReference.backwardWeights(geometry, 1, bench.x, bench.dy, dw.segment(), false);
    assertThat(bench.dw.toArray(JAVA_FLOAT)).isEqualTo(dw.floats());
  }

  @Test
  void backwardInput() {
    bench.backwardInput(rate);
    Guarded dx = Guarded.nanFilled(13 * 13 * 32);
    Conv2dReference.backwardInput(geometry, 1, bench.dy, bench.w, dx.segment(), Epilogue.NONE);
    assertThat(bench.dx.toArray(JAVA_FLOAT)).isEqualTo(dx.floats());
  }
}
