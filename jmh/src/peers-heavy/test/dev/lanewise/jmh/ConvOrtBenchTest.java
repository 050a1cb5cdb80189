package dev.lanewise.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import ai.onnxruntime.OrtException;
import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.jmh.shapes.ConvolutionShape;
import dev.lanewise.jmh.shapes.Shapes;
import dev.lanewise.kernels.testkit.Bounds;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConvOrtBenchTest {
  /** Against our own pass on the same numbers, whose twin is in ConvBenchTest: both are within gamma_k of the truth. */
  @ParameterizedTest
  @ValueSource(strings = {"conv1", "conv2_b1", "resnet_7", "resnet_28_s2"})
  void forward(String convolution) throws OrtException, PeerAbsentException {
    ConvOrtBench bench = new ConvOrtBench();
    bench.convolution = convolution;
    bench.peer = "onnxruntime";
    bench.setUp();
    bench.forward(new Rate.Arithmetic());
    float[] got = bench.output();
    bench.release();
    bench.close();
    ConvBench ours = new ConvBench();
    ours.convolution = convolution;
    ours.setUp();
    ours.forward(new Rate.Arithmetic());
    float[] want = ours.y.toArray(JAVA_FLOAT);
    absolute(ours.x);
    absolute(ours.w);
    ours.forward(new Rate.Arithmetic());
    float[] sums = ours.y.toArray(JAVA_FLOAT);
    ours.close();
    ConvolutionShape shape = Shapes.convolution(convolution);
    int k = shape.kernelHeight() * shape.kernelWidth() * shape.channels();
    double[] wide = new double[want.length];
    double[] magnitudes = new double[want.length];
    for (int i = 0; i < want.length; i++) {
      wide[i] = want[i];
      // The sums are rounded too, by at most gamma_k of themselves.
      magnitudes[i] = 2 * sums[i] / (1 - Bounds.gammaOf(k));
    }
    Bounds.gamma(k).times(magnitudes).holds(got, wide);
  }

  private static void absolute(MemorySegment values) {
    for (long i = 0; i < values.byteSize() / 4; i++) {
      values.setAtIndex(JAVA_FLOAT, i, Math.abs(values.getAtIndex(JAVA_FLOAT, i)));
    }
  }
}
