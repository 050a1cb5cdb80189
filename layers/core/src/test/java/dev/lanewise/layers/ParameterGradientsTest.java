package dev.lanewise.layers;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Pass.ParameterGradients;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@link Pass#parameterGradients}: what backward does with the parameters' gradients is not seen in the gradient for the input. */
final class ParameterGradientsTest {
  private static final int N = 2;

  private final Arena arena = Arena.ofShared();
  private final Workers workers = Workers.single();
  private final Workspace workspace = Workspace.open();
  private final Sequential model = Sequential.build(Shape.of(6, 6, 2), 1, arena,
      Conv2d.of(3, 3, Activation.RELU), ConvTranspose2d.of(2, 2, Activation.LINEAR), Flatten.of(), Dense.of(4));

  @AfterEach
  void close() {
    workspace.close();
    workers.close();
    arena.close();
  }

  @Test
  void skippedOnesAreLeftAloneAndTheInputsGradientIsTheSame() {
    int[] wanted = inputGradient(ParameterGradients.OVERWRITE);
    model.parameters().gradients().fill(7);
    assertThat(inputGradient(ParameterGradients.SKIP)).isEqualTo(wanted);
    assertThat(model.parameters().gradients().toArray()).containsOnly(7f);
  }

  @Test
  void addedOnesStartFromWhatWasThere() {
    inputGradient(ParameterGradients.OVERWRITE);
    float[] once = model.parameters().gradients().toArray();
    model.parameters().gradients().fill(0);
    inputGradient(ParameterGradients.ADD);
    assertThat(model.parameters().gradients().toArray()).isEqualTo(once);
  }

  @Test
  void beginningAgainForgetsIt() {
    inputGradient(ParameterGradients.SKIP);
    model.parameters().gradients().fill(7);
    inputGradient(ParameterGradients.OVERWRITE);
    for (Param param : model.parameters().list()) {
      assertThat(param.gradient().toArray()).as(param.name()).doesNotContain(7f);
    }
  }

  private int[] inputGradient(ParameterGradients gradients) {
    Pass pass = Pass.of(workspace, workers, 1);
    pass.begin(0);
    Tensor x = pass.workspace().batch(N, model.inputShape());
    for (int i = 0; i < x.size(); i++) {
      x.set(i, (float) Math.sin(i));
    }
    Saved saved = new Saved();
    Tensor y = model.forward(x, saved, pass);
    Tensor dy = pass.workspace().batch(N, model.outputShape());
    for (int i = 0; i < y.size(); i++) {
      dy.set(i, (float) Math.cos(i));
    }
    if (gradients != ParameterGradients.OVERWRITE) {
      pass.parameterGradients(gradients);
    }
    return Objects.requireNonNull(model.backward(dy, saved, pass, true)).segment().toArray(JAVA_INT);
  }
}
