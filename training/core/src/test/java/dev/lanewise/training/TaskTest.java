package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.layers.Activation;
import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Flatten;
import dev.lanewise.layers.Model;
import dev.lanewise.layers.Params;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Saved;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.Batch;
import dev.lanewise.training.data.Dataset;
import dev.lanewise.training.data.ImageDataset;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are no plain chain, and data with many labels per example, by the same trainer. */
class TaskTest {
  private final Arena arena = Arena.ofShared();
  private final ImageDataset train = Fixtures.bars(arena, 100, 1);

  @TempDir Path folder;

  @AfterEach
  void free() {
    arena.close();
  }

  /** A coder squeezes an image to two numbers, a decoder draws it from them; each has an optimizer, and noise has a count of its own. */
  private static final class Squeeze implements Task, Model {
    private final Params params;
    private final Sequential coder;
    private final Sequential decoder;
    private final Saved saved = new Saved();
    private final List<Part> parts;
    private long drawn;
    private int rows;
    private double largest;

    private record Nets(Sequential coder, Sequential decoder) {}

    Squeeze(long seed, Arena arena) {
      Params.Built<Nets> built = Params.build(seed, arena, params -> {
        Sequential coder = Sequential.spec(Flatten.of(), Dense.of(6, Activation.TANH), Dense.of(2)).build(Shape.of(8, 8, 1), params);
        return new Nets(coder, Sequential.spec(Dense.of(64, Activation.SIGMOID)).build(coder.outputShape(), params));
      });
      params = built.params();
      coder = built.model().coder();
      decoder = built.model().decoder();
      int first = coder.params().size();
      parts = List.of(new Part("coder", params.range(0, first), Adam.of(0.01f)),
          new Part("decoder", params.range(first, params.list().size()), Sgd.of(0.5f).withMomentum(0.5f)));
    }

    @Override
    public Model model() {
      return this;
    }

    @Override
    public String name() {
      return "squeeze";
    }

    @Override
    public Params parameters() {
      return params;
    }

    @Override
    public String summary() {
      return "";
    }

    @Override
    public String architecture() {
      return "coder and decoder";
    }

    @Override
    public List<Part> parts() {
      return parts;
    }

    @Override
    public String settings() {
      return "square";
    }

    @Override
    public void requireFits(Dataset data, int batch) {
      assertThat(data.inputShape()).isEqualTo(coder.inputShape());
    }

    @Override
    public double train(Batch batch, Pass pass, Updates updates) {
      Tensor y = decoder.forward(coder.forward(batch.x(), saved.child(0), pass), saved.child(1), pass);
      Tensor dy = pass.workspace().tensor(y.shape());
      double loss = loss(batch, y, dy);
      drawn++;
      Tensor code = Objects.requireNonNull(decoder.backward(dy, saved.child(1), pass, true));
      updates.apply(1, loss);
      // The carried count reaches the bits, so that a resume which forgot it would show.
      code.set(0, code.get(0) + 0.001f * drawn);
      coder.backward(code, saved.child(0), pass, false);
      updates.apply(0, loss);
      return loss;
    }

    @Override
    public double evaluate(Batch batch, Pass pass) {
      Tensor y = decoder.infer(coder.infer(batch.x(), pass), pass);
      return loss(batch, y, pass.workspace().tensor(y.shape()));
    }

    private double loss(Batch batch, Tensor y, Tensor dy) {
      rows = batch.count();
      largest = 0;
      double sum = 0;
      for (int row = 0; row < rows; row++) {
        double worst = 0;
        for (int i = row * 64; i < row * 64 + 64; i++) {
          float error = y.get(i) - batch.x().get(i);
          dy.set(i, 2 * error / rows);
          sum += error * error;
          worst = Math.max(worst, Math.abs(error));
        }
        largest += worst;
      }
      return sum;
    }

    @Override
    public int rows() {
      return rows;
    }

    @Override
    public List<String> figures() {
      return List.of("largest_error");
    }

    @Override
    public double figure(int i) {
      return largest;
    }

    @Override
    public void save(Snapshot into) {
      into.put("drawn", drawn);
    }

    @Override
    public void restore(Snapshot from) {
      drawn = from.number("drawn");
    }
  }

  @Test
  void twoNetworksWithTwoOptimizersLearnAndResume() {
    Squeeze whole = new Squeeze(1, arena);
    History want;
    try (Trainer trainer = Trainer.of(whole).validation(train).callbacks(StopOnNan.onGradientsToo())) {
      want = trainer.fit(train, 4, 16);
      assertThat(want.last().values().keySet()).containsExactly("loss", "largest_error", "val_loss", "val_largest_error");
      assertThat(want.last().loss()).isLessThan(want.epochs().getFirst().loss());
      assertThat(want.last().value("largest_error")).isBetween(0.0, 1.0);
    }
    try (Trainer trainer = Trainer.of(new Squeeze(1, arena)).validation(train).checkpoints(Checkpoints.in(folder))
        .callbacks(StopOnNan.onGradientsToo(), new Callback() {
          @Override
          public void onStep(Run run) {
            if (run.globalStep() == 10) {
              run.interrupt("for now");
            }
          }
        })) {
      trainer.fit(train, 4, 16);
    }
    Squeeze resumed = new Squeeze(2, arena);
    try (Trainer trainer = Trainer.of(resumed).validation(train).callbacks(StopOnNan.onGradientsToo()).workers(Crew.of(2))
        .resume(folder)) {
      assertThat(trainer.fit(train, 4, 16).last().values()).isEqualTo(want.last().values());
    }
    assertThat(Fingerprint.parametersSha256(resumed.parameters())).isEqualTo(Fingerprint.parametersSha256(whole.parameters()));
  }

  @Test
  void whatATaskDoesNotHaveIsRefusedByName() {
    try (Trainer trainer = Trainer.of(new Squeeze(1, arena)).metrics(Metric.accuracy())) {
      assertThatThrownBy(() -> trainer.fit(train, 1, 16)).hasMessageContaining("accuracy").hasMessageContaining("squeeze");
      assertThatThrownBy(() -> trainer.loss(Loss.MSE)).hasMessageContaining("has its own loss");
      assertThatThrownBy(() -> trainer.predict(train, arena)).hasMessageContaining("squeeze");
    }
  }

  @Test
  void aNanInsideIsFoundInTheParametersOrTheirGradients() {
    Squeeze broken = new Squeeze(1, arena);
    broken.parameters().list().getLast().value().set(3, Float.NaN);
    try (Trainer trainer = Trainer.of(broken).callbacks(StopOnNan.onLoss())) {
      assertThatThrownBy(() -> trainer.fit(train, 1, 16)).isInstanceOf(TrainingDivergedException.class)
          .hasMessageContaining("dense_2/bias").hasMessageContaining("step 1");
    }
  }
}
