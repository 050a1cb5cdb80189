package dev.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernels.selftest.SelfTest;
import dev.lanewise.kernels.testkit.Data;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens on a machine whose vector kernels compute wrongly: here, since a copy of one of their methods does nothing. */
class SelfTestTest {
  @BeforeAll
  static void vectors() {
    assumeTrue(Kernels.vectors(), () -> "there are no vector kernels to try: " + Kernels.why());
  }

  @Test
  void everyFamilyAgreesWithItsTwins() {
    Checked.cases().forEach((family, tried) -> assertThat(SelfTest.difference(tried)).as(family).isNull());
    assertThat(Kernels.selfTest()).isEmpty();
  }

  @ParameterizedTest(name = "{0} without {1}.{2}")
  @CsvSource({
      "Activations.relu, activation.ActivationsVector, relu, RELU",
      "Activations.gelu, math.GeluKernel, backward, GELU_BACKWARD",
      "Activations.tanh, math.TanhKernel, run, TANH",
      "Attention, attention.RowKernels, dot, backward",
      "Attention, attention.RowKernels, scale, forward",
      "Attention, attention.RowKernels, addRest, forward",
      "Elementwise.transpose, elementwise.TransposeKernel, run, transpose",
      "Gemm, gemm.Turn, square, packing a transpose",
      "Conv2d, gemm.GemmKernel6x2V, rows, element 0",
      "Conv2d, conv.DepthwiseKernel, pixels, depthwise forward",
      "Conv2d, conv.DepthwiseKernel, taps, depthwise backwardWeights",
      "Elementwise, elementwise.ElementwiseVector, axpy, axpy",
      "Gemm, gemm.GemvKernel8V, one, a product of few rows",
      "Gemm, gemm.GemvKernel8R, eight, a product of few rows with a transpose",
      "Gemm, gemm.GemmKernel8x2VSpread, two, a small product",
      "Gemm, gemm.GemmKernel8x2VSpread, one, a small product",
      "Gemm, gemm.Turn, square, packing a transpose",
      "Gemm, gemm.GemmKernel8x2VInPlace, two, a product in place",
      "Gemm, gemm.GemmKernel8x2VInPlace, narrow, a product in place",
      "Gemm, gemm.GemmKernel12x2VDirect, rows, a blocked product",
      "Gemm, gemm.GemmKernel12x2V, rows, a blocked product",
      "Gemm, gemm.GemmKernel12x1, rows, a blocked product",
      "Gemm, gemm.GemmKernel12x2V, columns, a blocked product of a transpose",
      "Gemm, gemm.GemmKernel6x2VDirect, columns, a blocked product of a transpose",
      "UpSample2d, pool.UpSampleKernel, repeat, forward",
      "Variational, variational.GaussianKernel, backward, backward",
      "Losses.squaredError, loss.PointwiseVector, squared, SQUARED_ERROR",
      "Losses.crossEntropy, loss.CrossEntropyVector, dense, CROSS_ENTROPY",
      "Optimizers, optim.OptimizersVector, sgd, sgd",
      "Pool2d.max, pool.MaxPoolKernel, maxRowOf2x2, maxForward without taps",
      "Pool2d.max, pool.MaxPoolKernel, argmax, maxForward",
      "Pool2d.max, pool.MaxUnpoolKernel, scatter, maxBackward",
      "Pool2d.max, pool.MaxUnpoolKernel, scatterAdd, maxBackward",
      "Pool2d.average, pool.AveragePoolKernel, average, averageForward",
      "Pool2d.average, pool.AveragePoolKernel, spread, averageBackward",
      "Pool2d.average, pool.AveragePoolKernel, spreadAdd, averageBackward",
      "Recurrent.lstm, recurrent.LstmKernel, backward, LSTM backwards",
      "Recurrent.lstm, recurrent.LstmKernel, show, LSTM forwards",
      "Recurrent.gru, recurrent.GruKernel, backward, GRU backwards",
      "Recurrent.rnnTanh, recurrent.Rows, copy, RNN_TANH forwards",
      "Recurrent.rnnRelu, recurrent.Rows, add, the gates of RNN_RELU",
      "Reductions, reduction.ReductionsVector, dot, dot",
      "Rng.uniform, rng.PhiloxVector, group, UNIFORM",
      "Softmax, softmax.SoftmaxVector, backward, backward"
  })
  void aFamilyThatComputesWronglyRunsItsTwinsAndSaysSoOnce(String family, String broken, String method, String named)
      throws Exception {
    List<String> log = new ArrayList<>();
    Logger logger = Logger.getLogger("dev.lanewise.kernels");
    Handler handler = listener(log);
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      ClassLoader kernels = new Broken("dev.lanewise.kernels." + broken, method);
      Class<?> probe = Class.forName(Probe.class.getName(), true, kernels);
      assertThat(probe).isNotEqualTo(Probe.class);
      var trial = probe.getDeclaredConstructor(String.class);
      trial.setAccessible(true);
      Object outcome = ((Callable<?>) trial.newInstance(family)).call();
      assertThat(outcome).isEqualTo("scalar twin");
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
    assertThat(log).singleElement().asString()
        .startsWith("Lanewise runs the scalar kernels of " + family + ", since its vector kernels compute wrongly here: ")
        .contains(named);
  }

  private static Handler listener(List<String> log) {
    return new Handler() {
      @Override
      public void publish(LogRecord message) {
        log.add(message.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  /** Runs inside of the loader with the broken method: which path does the family's flag choose? */
  static final class Probe implements Callable<String> {
    private final String family;

    Probe(String family) {
      this.family = family;
    }

    @Override
    public String call() throws Exception {
      String name = family.substring(family.indexOf('.') + 1);
      // Maxima and averages are pools: OfMaxPool2d.
      String holder =
          "Of" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1) + (family.startsWith("Pool2d") ? "Pool2d" : "");
      var flag = Class.forName("dev.lanewise.kernels.Checked$" + holder).getDeclaredField("VECTORS");
      flag.setAccessible(true);
      if (flag.getBoolean(null)) {
        return "vectors";
      }
      if (family.equals("Activations.relu")) {
        MemorySegment y = Data.segment(1f, 2f, 3f);
        Activations.relu(3, Data.segment(-1f, 4f, 5f), y, Workers.single());
        assertThat(y.toArray(JAVA_FLOAT)).containsExactly(0f, 4f, 5f);
      }
      return "scalar twin";
    }
  }

  /** Loads Lanewise's classes anew, one method of one of them emptied. */
  private static final class Broken extends ClassLoader {
    private final String className;
    private final String methodName;

    Broken(String className, String methodName) {
      super(SelfTestTest.class.getClassLoader());
      this.className = className;
      this.methodName = methodName;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        if (known != null || !name.startsWith("dev.lanewise.")) {
          return known != null ? known : super.loadClass(name, resolve);
        }
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
          byte[] bytes = in.readAllBytes();
          byte[] loaded = name.equals(className) ? emptied(bytes) : bytes;
          return defineClass(name, loaded, 0, loaded.length);
        } catch (IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
    }

    private byte[] emptied(byte[] bytes) {
      ClassFile file = ClassFile.of();
      var model = file.parse(bytes);
      assertThat(model.methods()).as(className).anyMatch(this::chosen);
      return file.transformClass(model, (builder, element) -> {
        if (element instanceof MethodModel method && chosen(method)) {
          TypeKind result = TypeKind.from(method.methodTypeSymbol().returnType());
          builder.withMethodBody(method.methodName(), method.methodType(), method.flags().flagsMask(), code -> nothing(code, result));
        } else {
          builder.with(element);
        }
      });
    }

    /** Returns nothing, 0, or of a loop's end one behind all data, so that the scalar rest is left out too. */
    private void nothing(CodeBuilder code, TypeKind result) {
      switch (result) {
        case VOID -> code.return_();
        case FLOAT -> code.loadConstant(0f).freturn();
        case LONG -> code.loadConstant(1L << 40).lreturn();
        default -> throw new AssertionError(methodName + " returns " + result);
      }
    }

    private boolean chosen(MethodModel method) {
      return method.methodName().equalsString(methodName);
    }
  }
}
