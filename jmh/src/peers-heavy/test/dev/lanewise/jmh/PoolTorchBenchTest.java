package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.kernels.testkit.Bounds;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against our own passes on the same numbers, whose twins are in PoolBenchTest. */
final class PoolTorchBenchTest {
  private final PoolTorchBench bench = new PoolTorchBench();
  private final PoolBench ours = new PoolBench();
  private final Rate.Traffic rate = new Rate.Traffic();
  private final Rate.Traffic ourRate = new Rate.Traffic();

  private void setUp(int size, String peer) throws PeerAbsentException {
    bench.size = size;
    bench.peer = peer;
    bench.setUp();
    ours.size = size;
    ours.setUp();
  }

  private void close() {
    assertThat(rate.gb).isEqualTo(ourRate.gb);
    bench.release();
    bench.close();
    ours.close();
  }

  @ParameterizedTest
  @CsvSource({"26, pytorch", "26, pytorch-channels-last", "11, pytorch", "11, pytorch-channels-last"})
  void maxForward(int size, String peer) throws PeerAbsentException {
    setUp(size, peer);
    bench.maxForward(rate);
    ours.maxForward(ourRate);
    assertThat(bench.result()).isEqualTo(ours.y.toArray(JAVA_FLOAT));
    close();
  }

  @ParameterizedTest
  @CsvSource({"26, pytorch", "11, pytorch-channels-last"})
  void maxForwardWithArgmax(int size, String peer) throws PeerAbsentException {
    setUp(size, peer);
    bench.maxForwardWithArgmax(rate);
    ours.maxForwardWithArgmax(ourRate);
    assertThat(bench.result()).isEqualTo(ours.y.toArray(JAVA_FLOAT));
    close();
  }

  /** Three sums of numbers below 1, whatever their order, and a quotient by 4, which is exact: both are that close to the truth. */
  @ParameterizedTest
  @CsvSource({"26, pytorch", "26, pytorch-channels-last", "11, pytorch", "11, pytorch-channels-last"})
  void averageForward(int size, String peer) throws PeerAbsentException {
    setUp(size, peer);
    bench.averageForward(rate);
    ours.averageForward(ourRate);
    float[] want = ours.y.toArray(JAVA_FLOAT);
    double[] wide = new double[want.length];
    Arrays.setAll(wide, i -> want[i]);
    double[] sizes = new double[want.length];
    Arrays.fill(sizes, 2);
    Bounds.gamma(3).times(sizes).holds(bench.result(), wide);
    close();
  }
}
