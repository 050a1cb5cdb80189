package dev.lanewise.training;

import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Batch;
import dev.lanewise.training.data.Batches;
import dev.lanewise.training.data.Dataset;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs a model over a data set in its own order, by the inference path. */
final class Evaluator {
  /** Large enough to keep all kernels busy, small enough for the activations to stay near the processor. */
  private static final int BATCH = 100;

  private final Supervised task;
  private final List<Metric> metrics;

  Evaluator(Supervised task, List<Metric> metrics) {
    this.task = task;
    this.metrics = metrics;
  }

  static Meter[] meters(List<Metric> metrics, Loss loss) {
    Meter[] meters = new Meter[metrics.size()];
    for (int i = 0; i < meters.length; i++) {
      meters[i] = metrics.get(i).start(loss);
    }
    return meters;
  }

  Evaluation evaluate(Dataset data, Pass pass) {
    Meter[] meters = meters(metrics, task.loss());
    double sum = 0;
    long rows = 0;
    try (Batches batches = Batches.inOrder(data, BATCH, null)) {
      batches.startEpoch(0);
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        pass.begin(0);
        sum += task.evaluate(batch.x(), batch.y(), data, batches.order(), batches.from(), pass);
        rows += task.rows();
        for (Meter meter : meters) {
          meter.add(task.rows(), task.cols(), task.outputs().segment(), task.targets());
        }
      }
    }
    Map<String, Double> values = new LinkedHashMap<>();
    for (Meter meter : meters) {
      values.put(meter.metric().name(), meter.value());
    }
    return new Evaluation(sum / rows, values, data.size());
  }

  static Tensor predict(Sequential model, Dataset data, Arena into, Pass pass) {
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
