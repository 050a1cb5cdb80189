package dev.lanewise.training;

import dev.lanewise.kernels.Reductions;
import dev.lanewise.layers.Layer;
import dev.lanewise.layers.Param;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Saved;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Batch;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Repeats a training step layer by layer until a tensor is met that is not finite; of other models looks at the parameters. */
final class NonFiniteSearch {
  /** Numbers of a network that learns stay far below it. */
  private static final float LARGE = 1000;

  private final Run run;

  NonFiniteSearch(Run run) {
    this.run = run;
  }

  /** What went wrong in the step under way. */
  NonFinite inStep() {
    Batch batch = run.batch();
    Tensor x = batch.x();
    if (!finite(x)) {
      return found("input", "batch", x, List.of("the data holds it: row " + TensorStatistics.of(x).firstBad()
          / (x.size() / x.dim(0)) + " of this batch; look at how the data was read and scaled"));
    }
    Tensor targets = batch.targets();
    if (targets != null && !finite(targets)) {
      return found("loss", "targets", targets,
          List.of("the data holds it: look at how the targets were read and scaled"));
    }
    if (run.task() instanceof Supervised task && task.layer() instanceof Sequential model) {
      List<Layer> all = model.layers();
      return repeat(task, task.folded() ? all.subList(0, all.size() - 1) : all, batch);
    }
    return look();
  }

  /** Without knowing how the model computes: its parameters, then their gradients as the step left them. */
  private NonFinite look() {
    for (Param param : run.parameters().list()) {
      if (!finite(param.value())) {
        return found(layerOf(param), param.name(), param.value(), badParameter());
      }
    }
    for (Param param : run.parameters().list()) {
      if (!finite(param.gradient())) {
        return found(layerOf(param), "gradient of " + param.name(), param.gradient(), explodedGradient());
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      Tensor loss = Tensor.of(arena, Shape.of(1), (float) run.stepLoss());
      return found("loss", run.task().settings(), loss,
          List.of("parameters and gradients are finite: the loss overflows, divides by 0 or takes the logarithm of 0"));
    }
  }

  private static String layerOf(Param param) {
    int slash = param.name().lastIndexOf('/');
    return slash < 0 ? param.name() : param.name().substring(0, slash);
  }

  private NonFinite repeat(Supervised task, List<Layer> layers, Batch batch) {
    Pass pass = run.pass();
    pass.begin(pass.step());
    List<Saved> saved = new ArrayList<>();
    Tensor y = batch.x();
    for (Layer layer : layers) {
      for (Param param : layer.params()) {
        if (!finite(param.value())) {
          return found(layer.name(), param.name(), param.value(), badParameter());
        }
      }
      Tensor input = y;
      float inputLargest = TensorStatistics.of(input).largest();
      Saved kept = new Saved();
      saved.add(kept);
      y = layer.forward(input, kept, pass);
      if (!finite(y)) {
        return found(layer.name(), "output", y, overflow(layer, inputLargest));
      }
    }
    return backward(task, layers, task.prepare(y, batch, pass), y, saved, pass);
  }

  private NonFinite backward(
      Supervised task, List<Layer> layers, Tensor losses, Tensor outputs, List<Saved> saved, Pass pass) {
    Tensor gradient = pass.workspace().tensor(outputs.shape());
    task.loss(outputs, losses, gradient, pass);
    if (!finite(losses)) {
      return found("loss", task.loss().id(), losses, List.of("the outputs are finite but as large as "
          + TensorStatistics.of(outputs).largest() + ", too large for this loss: " + lowerRate()));
    }
    if (!finite(gradient)) {
      return found("loss", "gradient of the output", gradient, List.of(lowerRate()));
    }
    @Nullable Tensor dy = gradient;
    for (int i = layers.size() - 1; i >= 0 && dy != null; i--) {
      Layer layer = layers.get(i);
      dy = layer.backward(dy, saved.get(i), pass, i > 0);
      for (Param param : layer.params()) {
        if (!finite(param.gradient())) {
          return found(layer.name(), "gradient of " + param.name(), param.gradient(), explodedGradient());
        }
      }
      if (dy != null && !finite(dy)) {
        return found(layer.name(), "gradient of the input", dy, explodedGradient());
      }
    }
    return found("loss", task.loss().id(), losses,
        List.of("the step repeated is finite throughout, so its memory was changed meanwhile: is the model or the data "
            + "used by another thread?"));
  }

  /** What went wrong in the last update of an epoch whose losses were all finite. */
  NonFinite afterEpoch(EpochLog log) {
    for (Param param : run.parameters().list()) {
      if (!finite(param.value())) {
        return new NonFinite(log.epoch(), run.stepsPerEpoch(), (long) log.epoch() * run.stepsPerEpoch(), layerOf(param),
            param.name(), TensorStatistics.of(param.value()), badParameter());
      }
    }
    throw new IllegalStateException("NonFiniteSearch: all parameters are finite");
  }

  private NonFinite found(String layer, String tensor, Tensor bad, List<String> reasons) {
    return new NonFinite(run.epoch(), run.step() + 1, run.globalStep() + 1, layer, tensor, TensorStatistics.of(bad),
        reasons);
  }

  private static boolean finite(Tensor tensor) {
    return Reductions.firstNonFinite(tensor.size(), tensor.segment()) < 0;
  }

  private List<String> badParameter() {
    return run.globalStep() == 0
        ? List.of("it was so before the first step: look at the initialiser or at the file it was loaded from")
        : List.of("an update before this step made it so, by a gradient that was not finite or too large a step: "
            + lowerRate(), "StopOnNan.onGradientsToo() stops in the step whose gradient does it");
  }

  private List<String> overflow(Layer layer, float inputLargest) {
    List<String> reasons = new ArrayList<>();
    float weight = 0;
    for (Param param : layer.params()) {
      weight = Math.max(weight, TensorStatistics.of(param.value()).largest());
    }
    if (weight > LARGE) {
      reasons.add("its parameters are as large as " + weight + ", so its sums overflow: " + lowerRate());
    }
    if (inputLargest > LARGE) {
      reasons.add("its input is as large as " + inputLargest + (run.globalStep() == 0
          ? ": scale the data to about -1 to 1 (pixels / 255)"
          : ": layers before it have grown; " + lowerRate()));
    }
    if (reasons.isEmpty()) {
      reasons.add("its input and its parameters are of ordinary size (at most " + inputLargest + " and " + weight
          + "): the layer itself divides by 0, takes the logarithm of 0 or the like");
    }
    return reasons;
  }

  private List<String> explodedGradient() {
    return List.of("the forward pass is finite and the gradient is not: it grows from layer to layer; " + lowerRate());
  }

  private String lowerRate() {
    return "the learning rate is " + run.learningRate() + "; try a tenth of it, or a warm-up";
  }
}
