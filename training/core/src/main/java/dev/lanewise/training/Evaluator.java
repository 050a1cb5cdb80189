package dev.lanewise.training;

import dev.lanewise.layers.Layer;
import dev.lanewise.layers.Pass;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Batch;
import dev.lanewise.training.data.Batches;
import dev.lanewise.training.data.Dataset;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Runs a model over a data set in its own order, by the inference path. */
final class Evaluator {
  private static final int BATCH = 100;

  private final Task task;
  private final List<Metric> metrics;

  Evaluator(Task task, List<Metric> metrics) {
    this.task = task;
    this.metrics = metrics;
  }

  Evaluation evaluate(Dataset data, Pass pass) {
    Tally tally = new Tally(task, metrics);
    try (Batches batches = Batches.inOrder(data, task.evaluationBatch(data), null)) {
      batches.startEpoch(0);
      pass.carried().reset();
      task.startEvaluation();
      int step = 0;
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        pass.begin(step++);
        tally.add(task.evaluate(batch, pass), batch.count());
      }
    }
    return new Evaluation(tally.loss(), tally.values(), data.size());
  }

  static Tensor predict(Layer model, Dataset data, Arena into, Pass pass) {
    Tensor all = Tensor.allocate(into, model.outputShape().batch(data.size()));
    long done = 0;
    try (Batches batches = Batches.inOrder(data, BATCH, null)) {
      batches.startEpoch(0);
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        pass.begin(0);
        Tensor y = model.infer(batch.x(), pass);
        MemorySegment.copy(y.segment(), 0, all.segment(), done, y.size() * Float.BYTES);
        done += y.size() * Float.BYTES;
      }
    }
    return all;
  }
}
