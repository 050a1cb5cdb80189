package dev.lanewise.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.kernels.Elementwise;
import dev.lanewise.layers.Layer;
import dev.lanewise.layers.Model;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Saved;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Batch;
import dev.lanewise.training.data.Dataset;
import dev.lanewise.training.data.ValueDataset;
import dev.lanewise.training.data.text.TokenStreams;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The task of a model that maps inputs to outputs, for which the data has the right ones: a label or a row of numbers for each row of the
 * output.
 *
 * <p>It decides whether the loss takes over the model's last activation, and brings the targets into the form that the loss takes. Rows
 * whose label is {@link Dataset#IGNORED} have loss 0 and gradient 0, and the mean is over the others.
 */
public final class Supervised implements Task {
  private static final String PART = "model";

  private final Model model;
  private final Layer layer;
  private final @Nullable Sequential folded;
  private final Loss loss;
  private final List<Part> parts;
  private final Saved saved = new Saved();

  private @Nullable Tensor outputs;
  private @Nullable MemorySegment targets;
  private @Nullable IntTensor labels;
  private int outputRows;
  private int rows;
  private int cols;

  private Supervised(Model model, Layer layer, Loss loss, Optimizer optimizer) {
    this.model = model;
    this.layer = layer;
    this.loss = loss;
    this.parts = List.of(new Part(PART, model.parameters(), optimizer));
    boolean softmax = layer instanceof Sequential sequential && sequential.endsInSoftmax();
    boolean sigmoid = layer instanceof Sequential sequential && sequential.endsInSigmoid();
    this.folded = loss.link() == Loss.Link.SOFTMAX && softmax ? (Sequential) layer : null;
    if (loss.link() == Loss.Link.SIGMOID && softmax) {
      throw new IllegalArgumentException("Trainer: the loss " + loss.id() + " takes independent answers but the model ends "
          + "in a softmax; leave the softmax out, or use " + Loss.CATEGORICAL_CROSSENTROPY.id());
    }
    if (loss.link() != Loss.Link.NONE && sigmoid) {
      throw new IllegalArgumentException("Trainer: the loss " + loss.id() + " works on logits but the last layer applies a "
          + "sigmoid; make that layer linear, the loss does the rest");
    }
  }

  /**
   * Teaches a model by a loss.
   *
   * @throws IllegalArgumentException if the model ends in an activation that does not fit the loss
   */
  public static <M extends Model & Layer> Supervised of(M model, Loss loss, Optimizer optimizer) {
    return new Supervised(model, model, loss, optimizer);
  }

  @Override
  public Model model() {
    return model;
  }

  Layer layer() {
    return layer;
  }

  /** What is made small. */
  public Loss loss() {
    return loss;
  }

  @Override
  public List<Part> parts() {
    return parts;
  }

  @Override
  public String settings() {
    return loss.id();
  }

  /** Whether the loss takes over the model's last activation. */
  boolean folded() {
    return folded != null;
  }

  /** The targets of the last batch. */
  MemorySegment targets() {
    return Objects.requireNonNull(targets, "no batch yet");
  }

  /** The rows of the last batch that count. */
  @Override
  public int rows() {
    return rows;
  }

  @Override
  public void requireFits(Dataset data, int batch) {
    if (!data.inputShape().equals(layer.inputShape())) {
      throw new ShapeException(
          "Trainer: the model takes " + layer.inputShape() + " but the examples are " + data.inputShape());
    }
    if (data instanceof TokenStreams streams && streams.streams() != batch) {
      throw new IllegalArgumentException("Trainer: the text is cut into " + streams.streams() + " streams but a batch has " + batch
          + " examples; a batch takes one piece of each stream, so choose the same number for both");
    }
    Shape output = layer.outputShape();
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
    } else if (data.classes() > last) {
      throw new ShapeException("Trainer: the data has " + data.classes() + " classes but the model puts out " + output);
    } else if (output.size() / last != data.labelsPerExample()) {
      throw new ShapeException("Trainer: the data has " + data.labelsPerExample()
          + (data.labelsPerExample() == 1 ? " label" : " labels") + " per example but the model puts out " + output + ", "
          + output.size() / last + (output.size() == last ? " row" : " rows"));
    }
  }

  /** A batch of streams is a piece of each of them, also in evaluation: example i goes on where example i of the batch before ended. */
  @Override
  public int evaluationBatch(Dataset data) {
    return data instanceof TokenStreams streams ? streams.streams() : Task.super.evaluationBatch(data);
  }

  @Override
  public double train(Batch batch, Pass pass, Updates updates) {
    Tensor outputs = folded != null ? folded.forwardLogits(batch.x(), saved, pass) : layer.forward(batch.x(), saved, pass);
    Tensor losses = prepare(outputs, batch, pass);
    Tensor gradient = pass.workspace().tensor(outputs.shape());
    loss(outputs, losses, gradient, pass);
    if (folded != null) {
      folded.backwardLogits(gradient, saved, pass);
    } else {
      layer.backward(gradient, saved, pass, false);
    }
    double sum = sum(losses.segment(), outputRows);
    updates.apply(0, sum);
    return sum;
  }

  @Override
  public double evaluate(Batch batch, Pass pass) {
    Tensor outputs = folded != null ? folded.inferLogits(batch.x(), pass) : layer.infer(batch.x(), pass);
    Tensor losses = prepare(outputs, batch, pass);
    loss.forward(outputRows, cols, outputs.segment(), targets(), losses.segment(), pass.workers());
    leaveOut(losses, null);
    return sum(losses.segment(), outputRows);
  }

  /** The losses of the last batch's rows and the gradient of their mean for these outputs of the model. */
  void loss(Tensor outputs, Tensor losses, Tensor gradient, Pass pass) {
    loss.forwardBackward(outputRows, cols, outputs.segment(), targets(), losses.segment(), gradient.segment(),
        rows == 0 ? 0 : 1f / rows, pass.workers());
    leaveOut(losses, gradient);
  }

  /** Notes the outputs and the targets of a batch; returns room for the losses of its rows. */
  Tensor prepare(Tensor outputs, Batch batch, Pass pass) {
    this.outputs = outputs;
    cols = outputs.dim(outputs.rank() - 1);
    outputRows = (int) (outputs.size() / cols);
    rows = outputRows;
    targets = loss.takesLabels() ? labels(batch.y(), pass) : dense(outputs, batch, pass);
    return pass.workspace().tensor(outputRows);
  }

  /** The labels as a loss takes them: where some are to be ignored a copy, with a class in their place. */
  private MemorySegment labels(IntTensor y, Pass pass) {
    // Asked for in any case: the requests of a steady run are always the same ones.
    IntTensor any = pass.workspace().ints(outputRows);
    for (int row = 0; row < outputRows; row++) {
      int label = y.get(row);
      rows -= label == Dataset.IGNORED ? 1 : 0;
      any.set(row, label == Dataset.IGNORED ? 0 : label);
    }
    labels = rows == outputRows ? null : y;
    return any.segment();
  }

  private MemorySegment dense(Tensor outputs, Batch batch, Pass pass) {
    Tensor given = batch.targets();
    if (given != null) {
      return given.segment();
    }
    Tensor dense = pass.workspace().tensor(outputs.shape());
    Elementwise.fill(dense.size(), 0, dense.segment());
    for (int row = 0; row < outputRows; row++) {
      int label = batch.y().get(row);
      if (label == Dataset.IGNORED) {
        throw new IllegalArgumentException("Trainer: a label is to be ignored but the loss " + loss.id()
            + " takes a target for each row; use " + Loss.SPARSE_CATEGORICAL_CROSSENTROPY.id());
      }
      dense.segment().setAtIndex(JAVA_FLOAT, (long) row * cols + label, 1);
    }
    return dense.segment();
  }

  /** Takes the rows that do not count out of a batch's losses and their gradient. */
  private void leaveOut(Tensor losses, @Nullable Tensor gradient) {
    if (labels == null) {
      return;
    }
    MemorySegment y = labels.segment();
    for (int row = 0; row < outputRows; row++) {
      if (y.getAtIndex(JAVA_INT, row) == Dataset.IGNORED) {
        losses.set(row, 0);
        for (int c = 0; gradient != null && c < cols; c++) {
          gradient.set((long) row * cols + c, 0);
        }
      }
    }
  }

  private static double sum(MemorySegment losses, int rows) {
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      sum += losses.getAtIndex(JAVA_FLOAT, row);
    }
    return sum;
  }

  @Override
  public Meter start(Metric metric) {
    return metric.start(loss);
  }

  @Override
  public void count(Meter meter) {
    Tensor answers = Objects.requireNonNull(outputs, "no batch yet");
    meter.add(outputRows, cols, answers.segment(), labels == null ? targets() : labels.segment());
  }
}
