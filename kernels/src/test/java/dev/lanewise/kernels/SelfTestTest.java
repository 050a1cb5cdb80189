package dev.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lanewise.kernels.reference.Conv2dReference;
import dev.lanewise.kernels.selftest.SelfTest;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.lane.Lanes;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
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
    for (Family family : Family.values()) {
      assertThat(SelfTest.difference(family.tried())).as(family.toString()).isNull();
    }
    assertThat(Kernels.selfTest()).isEmpty();
  }

  @ParameterizedTest(name = "{0} without {1}.{2}")
  @CsvSource({
      "Activations.relu, activation.ActivationsVector, relu, RELU",
      "Activations.gelu, math.GeluKernel, run, GELU",
      "Activations.geluBackward, math.GeluKernel, backward, GELU_BACKWARD",
      "Activations.tanh, math.TanhKernel, run, TANH",
      "Attention.forward, attention.RowKernels, scale, forward",
      "Attention.forward, attention.RowKernels, addRest, forward",
      "Attention.forward, attention.RowKernels, max, the probabilities of forward",
      "Attention.backward, attention.RowKernels, dot, backward",
      "Attention.backward, attention.RowKernels, softmaxBackward, backward",
      "Attention.step, attention.HeadStep, one, step",
      "Attention.step, attention.HeadStep, four, step",
      "Attention.step, attention.RowKernels, sum, step",
      "Conv2d.forward, conv.PixelRuns, packRun, forward",
      "Conv2d.backwardInput, gemm.GemmKernel12x1, rows, backwardInput",
      "Conv2d.backwardInput, conv.TurnedWeights, copy, backwardInput",
      "Conv2d.backwardWeights, conv.PixelRuns, packRun, backwardWeights",
      "Conv2d.depthwiseForward, conv.DepthwiseKernel, pixels, forward",
      "Conv2d.depthwiseBackwardInput, conv.DepthwiseKernel, pixels, backwardInput",
      "Conv2d.depthwiseBackwardWeights, conv.DepthwiseKernel, taps, backwardWeights",
      "Conv2d.shallowBackwardInput, conv.ShallowInputKernel, rows, backwardInput",
      "Conv2d.shallowBackwardWeights, conv.ShallowWeightsKernel, elements, backwardWeights",
      "Elementwise.add, elementwise.ElementwiseVector, add, ADD",
      "Elementwise.subtract, elementwise.ElementwiseVector, subtract, SUBTRACT",
      "Elementwise.multiply, elementwise.ElementwiseVector, multiply, MULTIPLY",
      "Elementwise.scale, elementwise.ElementwiseVector, scale, SCALE",
      "Elementwise.axpy, elementwise.ElementwiseVector, axpy, AXPY",
      "Elementwise.fill, elementwise.ElementwiseVector, fill, FILL",
      "Elementwise.addRow, elementwise.ElementwiseVector, addRow, ADD_ROW",
      "Elementwise.scaleBytes, elementwise.ElementwiseVector, scaleBytes, SCALE_BYTES",
      "Elementwise.transpose, elementwise.TransposeKernel, run, transpose",
      "Gemm.fewRows, gemm.GemvKernel8V, one, a row",
      "Gemm.wideRows, gemm.GemvKernel8V, eight, the tile",
      "Gemm.dots, gemm.GemvKernel12R, twelve, a row",
      "Gemm.dots, gemm.GemvKernel16R, groups, a row",
      "Gemm.pairs, gemm.GemmKernel8x8Pairs, run, a product of pairs of rows",
      "Gemm.spread, gemm.GemmKernel8x2VSpread, two, the tile",
      "Gemm.spreadOne, gemm.GemmKernel8x2VSpread, one, the tile",
      "Gemm.inPlace, gemm.GemmKernel8x2VInPlace, two, the tile",
      "Gemm.inPlace, gemm.Tile, loadTwo, a row",
      "Gemm.inPlace, gemm.Tile, finishTwo, a row",
      "Gemm.inPlaceOne, gemm.GemmKernel8x2VInPlace, one, the tile",
      "Gemm.inPlaceOne, gemm.Tile, finishOne, a row",
      "Gemm.narrow, gemm.GemmKernel8x2VInPlace, narrow, the tile",
      "Gemm.narrow, gemm.Copy, spread, a row",
      "Gemm.direct, gemm.Tile, load, a row",
      "Gemm.packed, gemm.Copy, rows, a row",
      "Gemm.column, gemm.GemmKernel12x1, rows, the tile",
      "Gemm.turn, gemm.Turn, square, turning a square",
      "Gemm.turn, gemm.Copy, turn, packing a transpose",
      "Gemm.panels, gemm.GemvKernel4P, four, the tile",
      "Losses.squaredError, loss.PointwiseVector, squared, SQUARED_ERROR",
      "Losses.crossEntropy, loss.CrossEntropyVector, dense, CROSS_ENTROPY",
      "Embedding.gather, embedding.EmbeddingTask, range, gather",
      "Embedding.scatterAdd, embedding.EmbeddingTask, range, scatterAdd",
      "Optimizers.sgd, optim.OptimizersVector, sgd, SGD",
      "Optimizers.momentum, optim.OptimizersVector, momentum, MOMENTUM",
      "Optimizers.rmsprop, optim.OptimizersVector, rmsprop, RMSPROP",
      "Optimizers.adamW, optim.OptimizersVector, adamW, ADAM_W",
      "Optimizers.ema, optim.OptimizersVector, ema, EMA",
      "Pool2d.max, pool.MaxPoolKernel, maxRowOf2x2, maxForward without taps",
      "Pool2d.max, pool.MaxPoolKernel, argmax, maxForward",
      "Pool2d.maxBackward, pool.MaxUnpoolKernel, scatter, maxBackward",
      "Pool2d.maxBackward, pool.MaxUnpoolKernel, scatterAdd, maxBackward",
      "Pool2d.average, pool.AveragePoolKernel, average, averageForward",
      "Pool2d.averageBackward, pool.AveragePoolKernel, spread, averageBackward",
      "Pool2d.averageBackward, pool.AveragePoolKernel, spreadAdd, averageBackward",
      "Recurrent.lstm, recurrent.LstmKernel, show, the output",
      "Recurrent.lstmBackward, recurrent.LstmKernel, backward, the gradient for the state",
      "Recurrent.gruBackward, recurrent.GruKernel, backward, the gradient for the state",
      "Recurrent.rnnTanh, recurrent.Rows, copy, the output",
      "Recurrent.rnnReluBackward, recurrent.Rows, add, the gradient for the gates",
      "Reductions.dot, reduction.SumKernel, dot, dot",
      "Reductions.sum, reduction.SumKernel, sum, sum",
      "Rng.uniform, rng.PhiloxVector, group, UNIFORM",
      "Softmax.forward, softmax.SoftmaxVector, forward, FORWARD",
      "Softmax.backward, softmax.SoftmaxVector, backward, BACKWARD",
      "UpSample2d.forward, pool.UpSampleKernel, repeat, forward",
      "Variational.backward, variational.GaussianKernel, backward, backward"
  })
  void aFamilyThatComputesWronglyRunsItsTwinsAndSaysSoOnce(String family, String broken, String method, String named) throws Exception {
    runsItsTwinsAndSaysSoOnce(family, broken, method, named);
  }

  @ParameterizedTest(name = "{0} without {1}.{2}")
  @CsvSource({
      "Attention.backward, gemm.GemmKernel12x2V, columns, backward",
      "Conv2d.forward, gemm.GemmKernel6x2V, columns, forward",
      "Conv2d.backwardWeights, gemm.GemmKernel6x2V, rows, backwardWeights",
      "Conv2d.directForward, conv.DirectKernel, pixels, forward",
      "Conv2d.directBackwardInput, conv.DirectInputKernel, pixels, backwardInput",
      "Gemm.direct, gemm.GemmKernel12x2VDirect, rows, the tile",
      "Gemm.direct, gemm.GemmKernel8x2VDirect, rows, the tile",
      "Gemm.direct, gemm.GemmKernel6x2VDirect, rows, a row",
      "Gemm.directTransposed, gemm.GemmKernel12x2VDirect, columns, the tile",
      "Gemm.directTransposed, gemm.GemmKernel8x2VDirect, columns, the tile",
      "Gemm.directTransposed, gemm.GemmKernel6x2VDirect, columns, a row",
      "Gemm.packed, gemm.GemmKernel12x2V, rows, the tile",
      "Gemm.packed, gemm.GemmKernel8x2V, rows, the tile",
      "Gemm.packed, gemm.GemmKernel6x2V, rows, a row",
      "Gemm.packedTransposed, gemm.GemmKernel12x2V, columns, the tile",
      "Gemm.packedTransposed, gemm.GemmKernel8x2V, columns, the tile",
      "Gemm.packedTransposed, gemm.GemmKernel6x2V, columns, a row"
  })
  void soDoesOneOfTilesFor32Registers(String family, String broken, String method, String named) throws Exception {
    assumeTrue(Lanes.MANY_REGISTERS, "there are 16 registers, and other tiles");
    runsItsTwinsAndSaysSoOnce(family, broken, method, named);
  }

  @ParameterizedTest(name = "{0} without {1}.{2}")
  @CsvSource({
      "Gemm.dots, gemm.GemvKernel8R, eight, a row",
      "Attention.backward, gemm.GemmKernel6x2V, columns, backward",
      "Conv2d.forward, gemm.GemmKernel6x2V, columns, forward",
      "Conv2d.backwardWeights, gemm.GemmKernel4x2V, rows, backwardWeights",
      "Conv2d.directForward, conv.DirectKernel6x2V, runs, forward",
      "Conv2d.directForward, conv.DirectPairsKernel6x2V, runs, forward",
      "Conv2d.directForward, conv.DirectKernel6x2V, apart, forward",
      "Conv2d.directBackwardInput, conv.DirectInputKernel6x2V, pixels, backwardInput",
      "Conv2d.directBackwardInput, conv.DirectInputPairsKernel6x2V, pixels, backwardInput",
      "Gemm.direct, gemm.GemmKernel6x2VDirect, rows, the tile",
      "Gemm.direct, gemm.GemmKernel4x2VDirect, rows, the tile",
      "Gemm.directTransposed, gemm.GemmKernel6x2VDirect, columns, the tile",
      "Gemm.directTransposed, gemm.GemmKernel4x2VDirect, columns, the tile",
      "Gemm.packed, gemm.GemmKernel6x2V, rows, the tile",
      "Gemm.packed, gemm.GemmKernel4x2V, rows, a row",
      "Gemm.packed, gemm.GemmKernel6x2VBand, rows, the tile",
      "Gemm.packed, gemm.GemmKernel4x2VBand, rows, the tile",
      "Gemm.packedTransposed, gemm.GemmKernel6x2V, columns, the tile",
      "Gemm.packedTransposed, gemm.GemmKernel4x2V, columns, a row",
      "Gemm.packedTransposed, gemm.GemmKernel6x2VColumnBand, columns, the tile",
      "Gemm.packedTransposed, gemm.GemmKernel4x2VBand, columns, the tile"
  })
  void soDoesOneOfTilesFor16Registers(String family, String broken, String method, String named) throws Exception {
    assumeFalse(Lanes.MANY_REGISTERS, "there are 32 registers, and other tiles");
    runsItsTwinsAndSaysSoOnce(family, broken, method, named);
  }

  private static void runsItsTwinsAndSaysSoOnce(String family, String broken, String method, String named) throws Exception {
    assumeTrue(Kernels.vectorBits() >= least(family, broken), "narrower vectors take another way");
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

  /** Bits of the narrowest vectors that the broken method is for. */
  private static int least(String family, String broken) {
    return switch (family) {
      case "Gemm.pairs" -> 512;
      case "Activations.gelu" -> 256;
      case "Gemm.dots" -> broken.equals("gemm.GemvKernel16R") ? 512 : broken.equals("gemm.GemvKernel8R") ? 256 : 128;
      default -> 128;
    };
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
    public String call() {
      if (asked().vectors()) {
        return "vectors";
      }
      if (family.equals("Activations.relu")) {
        MemorySegment y = Data.segment(1f, 2f, 3f);
        Activations.relu(3, Data.segment(-1f, 4f, 5f), y, Workers.single());
        assertThat(y.toArray(JAVA_FLOAT)).containsExactly(0f, 4f, 5f);
      }
      if (family.equals("Gemm.fewRows")) {
        MemorySegment c = Data.segment(1f, 2f);
        Gemm.multiply(
            false, false, 1, 2, 1, Data.segment(3f), 1, Data.segment(4f, 5f), 2, c, 2, true, Epilogue.NONE, Workers.single());
        assertThat(c.toArray(JAVA_FLOAT)).containsExactly(13f, 17f);
      }
      if (family.startsWith("Gemm.packed")) {
        convolve();
      }
      return "scalar twin";
    }

    /** As a product of more rows than the case of convolutions has. */
    private static void convolve() {
      Conv2dGeometry geometry = new Conv2dGeometry(6, 6, 2, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
      Data data = Data.seeded(1);
      MemorySegment x = Data.segment(data.integers(6 * 6 * 2, 9));
      MemorySegment w = Data.segment(data.integers(3 * 3 * 2 * 3, 9));
      MemorySegment y = Data.segment(new float[6 * 6 * 3]);
      MemorySegment want = Data.segment(new float[6 * 6 * 3]);
      Conv2d.of(6, 6, 2, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1).forward(1, x, w, y, Epilogue.NONE, Workers.single());
      Conv2dReference.forward(geometry, 1, x, w, want, Epilogue.NONE);
      assertThat(y.toArray(JAVA_FLOAT)).containsExactly(want.toArray(JAVA_FLOAT));
    }

    private Family asked() {
      return Stream.of(Family.values()).filter(each -> each.toString().equals(family)).findFirst().orElseThrow();
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
