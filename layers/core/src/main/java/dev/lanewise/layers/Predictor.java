package dev.lanewise.layers;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.Workers;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.MemorySegment;

/**
 * Predictions on memory planned once: after construction no call allocates, on heap or off.
 *
 * <p>One call at a time; a service makes one per thread, all on the same model. Close it to give back its memory; the model and the workers
 * stay the caller's. Parameters are read at each call, so a model that learns on can be used meanwhile between its steps.
 */
public final class Predictor implements AutoCloseable {
  private final Layer model;
  private final int batch;
  private final int in;
  private final int out;
  private final Workspace inputs;
  private final Workspace workspace;
  private final Pass pass;

  private Predictor(Layer model, int batch, Workers workers) {
    this.model = model;
    this.batch = batch;
    this.in = Math.toIntExact(model.inputShape().size());
    this.out = Math.toIntExact(model.outputShape().size());
    this.inputs = Workspace.open();
    this.workspace = Workspace.open();
    this.pass = Pass.of(workspace, workers, 0);
  }

  /**
   * Plans the memory by a first run on zeros.
   *
   * @param batch examples computed at a time, at least 1: 1 for the shortest answer, more for the most answers per second
   */
  public static Predictor of(Layer model, int batch, Workers workers) {
    if (batch < 1) {
      throw new IllegalArgumentException("Predictor: batches of " + batch + "; at least 1 is needed");
    }
    Predictor predictor = new Predictor(model, batch, workers);
    predictor.infer(predictor.inputs.batch(batch, model.inputShape()));
    return predictor;
  }

  /**
   * Predicts any number of examples, in row-major order one after the other.
   *
   * @param x as many inputs as there are examples
   * @param y their outputs, overwritten
   * @throws ShapeException if x is no whole number of examples or y has no room for exactly as many outputs
   */
  public void predict(float[] x, float[] y) {
    int n = x.length / Math.max(in, 1);
    if ((long) n * in != x.length || (long) n * out != y.length) {
      throw new ShapeException("Predictor: " + x.length + " inputs and " + y.length + " outputs, but an example has " + in
          + " inputs " + model.inputShape() + " and " + out + " outputs " + model.outputShape());
    }
    for (int from = 0; from < n; from += batch) {
      int count = Math.min(batch, n - from);
      inputs.reset();
      Tensor input = inputs.batch(count, model.inputShape());
      MemorySegment.copy(
          x, from * in, input.segment(), JAVA_FLOAT, 0, count * in);
      Tensor output = infer(input);
      MemorySegment.copy(
          output.segment(), JAVA_FLOAT, 0, y, from * out, count * out);
    }
  }

  /**
   * Predicts any number of examples.
   *
   * @param x [n, inputShape]
   * @param y [n, outputShape], overwritten
   * @throws ShapeException if a shape differs
   */
  public void predict(Tensor x, Tensor y) {
    if (!x.shape().isBatchOf(model.inputShape()) || !y.shape().isBatchOf(x.dim(0), model.outputShape())) {
      throw new ShapeException("Predictor: inputs " + x.shape() + " and outputs " + y.shape() + ", but "
          + Shapes.batch(model.inputShape()) + " and " + Shapes.batch(model.outputShape()) + " of the same n are expected");
    }
    int n = x.dim(0);
    for (int from = 0; from < n; from += batch) {
      int count = Math.min(batch, n - from);
      inputs.reset();
      Tensor input = inputs.batch(count, model.inputShape());
      long bytes = input.segment().byteSize();
      MemorySegment.copy(x.segment(), 4L * from * in, input.segment(), 0, bytes);
      Tensor output = infer(input);
      MemorySegment.copy(output.segment(), 0, y.segment(), 4L * from * out, output.segment().byteSize());
    }
  }

  private Tensor infer(Tensor x) {
    pass.begin(0);
    return model.infer(x, pass);
  }

  /** Gives back the memory. */
  @Override
  public void close() {
    inputs.close();
    workspace.close();
  }
}
