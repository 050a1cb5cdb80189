package dev.lanewise.training;

import dev.lanewise.kernels.Elementwise;
import dev.lanewise.kernels.Losses;
import dev.lanewise.kernels.Workers;
import java.lang.foreign.MemorySegment;

/**
 * What training makes small: a loss per row of the output, whose mean over the rows of a batch is the loss of the batch.
 *
 * <p>A row is one example, or one position of one example where the output has more dimensions: [n, t, classes] has
 * n t rows. Gradients are those of the mean over the rows.
 *
 * <p>The three cross-entropies work on logits, where neither exponential nor logarithm can overflow or lose its digits. Of
 * a model that ends in {@code Softmax} the trainer leaves that layer out and lets the loss do it; a model that ends in a
 * linear layer is taken to end in logits; one whose last layer has a sigmoid of its own is refused. The other losses work
 * on what the model puts out.
 */
public enum Loss {
  /** -log softmax(z)[label], with one int32 label per row. */
  SPARSE_CATEGORICAL_CROSSENTROPY("sparse_categorical_crossentropy", Link.SOFTMAX, true),
  /** -sum of t log softmax(z) over the columns, with a distribution t per row, such as a one-hot label. */
  CATEGORICAL_CROSSENTROPY("categorical_crossentropy", Link.SOFTMAX, false),
  /** Mean over the columns of -(t log sigmoid(z) + (1 - t) log(1 - sigmoid(z))), with t from 0 to 1. */
  BINARY_CROSSENTROPY("binary_crossentropy", Link.SIGMOID, false),
  /** Keras's mean squared error: mean over the columns of (y - t)^2, and so over all elements of a batch. */
  MSE("mse", Link.NONE, false),
  /** The article's: half the sum over the columns of (y - t)^2, so that its gradient is y - t; m rows make 1/(2m). */
  HALF_MSE("half_mse", Link.NONE, false);

  /** The activation that a loss on logits does itself. */
  public enum Link {
    NONE,
    SOFTMAX,
    SIGMOID
  }

  private final String id;
  private final Link link;
  private final boolean labels;

  Loss(String id, Link link, boolean labels) {
    this.id = id;
    this.link = link;
    this.labels = labels;
  }

  /** Keras's name, "sparse_categorical_crossentropy"; "half_mse" is ours. */
  public String id() {
    return id;
  }

  /** The activation that this loss does itself: it works on what comes before. */
  public Link link() {
    return link;
  }

  /** Whether targets are one int32 label per row; otherwise they are floats in the shape of the output. */
  public boolean takesLabels() {
    return labels;
  }

  /**
   * The loss of each row.
   *
   * @param outputs fp32 [rows, cols]: logits for the cross-entropies
   * @param targets int32 [rows] or fp32 [rows, cols], see {@link #takesLabels}
   * @param losses fp32 [rows], written
   */
  public void forward(
      int rows, int cols, MemorySegment outputs, MemorySegment targets, MemorySegment losses, Workers workers) {
    switch (this) {
      case SPARSE_CATEGORICAL_CROSSENTROPY -> Losses.sparseCrossEntropy(rows, cols, outputs, targets, losses, workers);
      case CATEGORICAL_CROSSENTROPY -> Losses.crossEntropy(rows, cols, outputs, targets, losses, workers);
      case BINARY_CROSSENTROPY -> Losses.binaryCrossEntropy(rows, cols, outputs, targets, losses, workers);
      case MSE -> Losses.squaredError(rows, cols, outputs, targets, losses, workers);
      case HALF_MSE -> {
        Losses.squaredError(rows, cols, outputs, targets, losses, workers);
        Elementwise.scale(rows, halfOf(cols), losses, losses);
      }
    }
  }

  /**
   * The loss of each row and, in the same pass, the gradient of their mean with respect to the outputs.
   *
   * @param outputs fp32 [rows, cols]: logits for the cross-entropies
   * @param targets int32 [rows] or fp32 [rows, cols], see {@link #takesLabels}
   * @param losses fp32 [rows], written
   * @param gradient fp32 [rows, cols], written: the gradient of a row's loss times {@code scale}
   * @param scale 1 / rows for the mean over the rows
   */
  public void forwardBackward(
      int rows,
      int cols,
      MemorySegment outputs,
      MemorySegment targets,
      MemorySegment losses,
      MemorySegment gradient,
      float scale,
      Workers workers) {
    switch (this) {
      case SPARSE_CATEGORICAL_CROSSENTROPY ->
        Losses.sparseCrossEntropy(rows, cols, outputs, targets, losses, gradient, scale, workers);
      case CATEGORICAL_CROSSENTROPY ->
        Losses.crossEntropy(rows, cols, outputs, targets, losses, gradient, scale, workers);
      case BINARY_CROSSENTROPY ->
        Losses.binaryCrossEntropy(rows, cols, outputs, targets, losses, gradient, scale, workers);
      case MSE -> Losses.squaredError(rows, cols, outputs, targets, losses, gradient, scale, workers);
      case HALF_MSE -> {
        Losses.squaredError(rows, cols, outputs, targets, losses, gradient, scale * halfOf(cols), workers);
        Elementwise.scale(rows, halfOf(cols), losses, losses);
      }
    }
  }

  /** From the mean over the columns to half of the sum. */
  private static float halfOf(int cols) {
    return 0.5f * cols;
  }

  /**
   * The loss of that name.
   *
   * @throws IllegalArgumentException listing the names
   */
  public static Loss named(String id) {
    for (Loss loss : values()) {
      if (loss.id.equals(id)) {
        return loss;
      }
    }
    StringBuilder choices = new StringBuilder();
    for (Loss loss : values()) {
      choices.append(choices.isEmpty() ? "" : ", ").append(loss.id);
    }
    throw new IllegalArgumentException("Loss: '" + id + "' is unknown; choices are " + choices);
  }
}
