package dev.lanewise.layers;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;

/** What layers check of shapes: once per call, and without allocating where all is well. */
final class Shapes {
  private Shapes() {}

  /** Requires an input [n, example] and returns n. */
  static int requireInput(Layer layer, Tensor x) {
    if (!x.shape().isBatchOf(layer.inputShape())) {
      String remedy = x.shape().equals(layer.inputShape())
          ? "; for one example reshape it to " + x.shape().batch(1)
          : "; reshape it, or build the model for this input";
      throw new ShapeException(
          layer.name() + ": the input is " + x.shape() + " but " + batch(layer.inputShape()) + " is expected" + remedy);
    }
    return x.dim(0);
  }

  /** Requires a gradient for the output of n examples. */
  static void requireGradient(Layer layer, Tensor dy, int n) {
    if (!dy.shape().isBatchOf(n, layer.outputShape())) {
      throw new ShapeException(layer.name() + ": the gradient for the output is " + dy.shape() + " but the output was "
          + layer.outputShape().batch(n) + "; give the gradient of the loss for this very output");
    }
  }

  /** Requires one position of one sequence, [1, example]. */
  static void requireStep(Layer layer, Tensor x, Shape example) {
    if (!x.shape().isBatchOf(1, example)) {
      throw new ShapeException(
          layer.name() + ": a step takes one position of one sequence, " + example.batch(1) + ", but got " + x.shape());
    }
  }

  /** Requires a position that the layer has room for. */
  static void requirePosition(Layer layer, int position, int steps) {
    if (position < 0 || position >= steps) {
      throw new ShapeException(layer.name() + ": no position " + position + "; the context is " + steps
          + " positions, from 0: begin again with the latest of them, or build the model for a longer context");
    }
  }

  /** Requires sequences [t, width] as the input of a layer that is built. */
  static void requireSequence(String layer, Shape input) {
    if (input.rank() != 2) {
      throw new ShapeException(layer + ": the input is " + batch(input)
          + " but sequences [n, t, width] are expected; put Embedding.of(vocabulary, width) before it");
    }
  }

  /** Requires images [height, width, channels] as the input of a layer that is built. */
  static void requireImage(String layer, Shape input) {
    if (input.rank() != 3) {
      throw new ShapeException(layer + ": the input is " + batch(input) + " but images [n, height, width, channels] are expected"
          + "; give grey images an axis of 1 channel");
    }
  }

  /** As messages and summaries show a batch: {@code [n, 28, 28, 1]}. */
  static String batch(Shape example) {
    return example.rank() == 0 ? "[n]" : "[n, " + example.toString().substring(1);
  }
}
