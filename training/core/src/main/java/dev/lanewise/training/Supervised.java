package dev.lanewise.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Saved;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Dataset;
import dev.lanewise.training.data.ValueDataset;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One batch through a model and a loss: with gradients for training, without for evaluation. It decides whether the
 * loss takes over the model's last activation, and brings the targets into the form that the loss takes.
 */
final class Supervised {
  private final Sequential model;
  private final Loss loss;
  private final boolean folded;
  private final Saved saved = new Saved();

  private @Nullable Tensor outputs;
  private @Nullable MemorySegment targets;
  private int rows;
  private int cols;

  /** @throws IllegalArgumentException if the model ends in an activation that does not fit the loss */
  Supervised(Sequential model, Loss loss) {
    this.model = model;
    this.loss = loss;
    this.folded = loss.link() == Loss.Link.SOFTMAX && model.endsInSoftmax();
    if (loss.link() == Loss.Link.SIGMOID && model.endsInSoftmax()) {
      throw new IllegalArgumentException("Trainer: the loss " + loss.id() + " takes independent answers but the model ends "
          + "in a softmax; leave the softmax out, or use " + Loss.CATEGORICAL_CROSSENTROPY.id());
    }
    if (loss.link() != Loss.Link.NONE && model.endsInSigmoid()) {
      throw new IllegalArgumentException("Trainer: the loss " + loss.id() + " works on logits but the last layer applies a "
          + "sigmoid; make that layer linear, the loss does the rest");
    }
  }

  Sequential model() {
    return model;
  }

  Loss loss() {
    return loss;
  }

  /** Whether the loss takes over the model's last activation. */
  boolean folded() {
    return folded;
  }

  /** The outputs of the last batch: logits if {@link #folded}. Good until the pass begins again. */
  Tensor outputs() {
    return Objects.requireNonNull(outputs, "no batch yet");
  }

  /** The targets of the last batch. */
  MemorySegment targets() {
    return Objects.requireNonNull(targets, "no batch yet");
  }

  /** Rows of the last batch's outputs. */
  int rows() {
    return rows;
  }

  /** Columns of the last batch's outputs. */
  int cols() {
    return cols;
  }

  /** @throws ShapeException naming both sides if a data set does not fit the model and the loss */
  void requireFits(Dataset data) {
    if (!data.inputShape().equals(model.inputShape())) {
      throw new ShapeException(
          "Trainer: the model takes " + model.inputShape() + " but the examples are " + data.inputShape());
    }
    Shape output = model.outputShape();
    int last = output.dim(output.rank() - 1);
    if (data instanceof ValueDataset values) {
      if (loss.takesLabels()) {
        throw new ShapeException("Trainer: the loss " + loss.id() + " takes labels but the targets are numbers, "
            + values.targetShape() + "; use mse, half_mse or another loss on numbers");
      }
      if (!values.targetShape().equals(output)) {
        throw new ShapeException(
            "Trainer: the model puts out " + output + " but the targets are " + values.targetShape());
      }
    } else if (output.rank() != 1 || data.classes() > last) {
      throw new ShapeException("Trainer: the data has " + data.classes() + " classes but the model puts out " + output);
    }
  }

  /**
   * Forward, loss and backward: leaves the gradients of the mean loss in the model's parameters. Allocates nothing.
   *
   * @return the sum of the rows' losses, added up in double in ascending order
   */
  double train(Tensor x, IntTensor labels, Dataset data, int[] order, int from, Pass pass) {
    Tensor outputs = folded ? model.forwardLogits(x, saved, pass) : model.forward(x, saved, pass);
    MemorySegment targets = prepare(outputs, x.dim(0), labels, data, order, from, pass);
    Tensor losses = pass.workspace().tensor(rows);
    Tensor gradient = pass.workspace().tensor(outputs.shape());
    loss.forwardBackward(rows, cols, outputs.segment(), targets, losses.segment(), gradient.segment(), 1f / rows,
        pass.workers());
    if (folded) {
      model.backwardLogits(gradient, saved, pass);
    } else {
      model.backward(gradient, saved, pass, false);
    }
    return sum(losses.segment(), rows);
  }

  /**
   * Inference and loss. Allocates nothing.
   *
   * @return the sum of the rows' losses, added up in double in ascending order
   */
  double evaluate(Tensor x, IntTensor labels, Dataset data, int[] order, int from, Pass pass) {
    Tensor outputs = folded ? model.inferLogits(x, pass) : model.infer(x, pass);
    MemorySegment targets = prepare(outputs, x.dim(0), labels, data, order, from, pass);
    Tensor losses = pass.workspace().tensor(rows);
    loss.forward(rows, cols, outputs.segment(), targets, losses.segment(), pass.workers());
    return sum(losses.segment(), rows);
  }

  private MemorySegment prepare(
      Tensor outputs, int examples, IntTensor labels, Dataset data, int[] order, int from, Pass pass) {
    this.outputs = outputs;
    cols = outputs.dim(outputs.rank() - 1);
    rows = (int) (outputs.size() / cols);
    MemorySegment targets = loss.takesLabels() ? labels.segment() : dense(outputs, examples, labels, data, order, from, pass);
    this.targets = targets;
    return targets;
  }

  private MemorySegment dense(
      Tensor outputs, int examples, IntTensor labels, Dataset data, int[] order, int from, Pass pass) {
    Tensor dense = pass.workspace().tensor(outputs.shape());
    if (data instanceof ValueDataset values) {
      values.targets(order, from, examples, dense);
    } else {
      dense.fill(0);
      for (int row = 0; row < rows; row++) {
        dense.segment().setAtIndex(JAVA_FLOAT, (long) row * cols + labels.segment().getAtIndex(JAVA_INT, row), 1);
      }
    }
    return dense.segment();
  }

  private static double sum(MemorySegment losses, int rows) {
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      sum += losses.getAtIndex(JAVA_FLOAT, row);
    }
    return sum;
  }
}
