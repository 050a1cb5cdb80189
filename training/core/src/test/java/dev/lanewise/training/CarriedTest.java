package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Flatten;
import dev.lanewise.layers.Layer;
import dev.lanewise.layers.LayerSpec;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Saved;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.ImageDataset;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What layers carry from batch to batch, by the trainer. */
class CarriedTest {
  private final Arena arena = Arena.ofShared();
  private final ImageDataset train = Fixtures.bars(arena, 100, 1);

  @TempDir Path folder;

  @AfterEach
  void free() {
    arena.close();
  }

  /** y = x + half of the last y of the same place in the batch. */
  private record Echo(Shape inputShape, String name) implements Layer {
    static LayerSpec of() {
      return (input, params) -> new Echo(input, params.name("echo"));
    }

    @Override
    public Shape outputShape() {
      return inputShape;
    }

    @Override
    public Tensor infer(Tensor x, Pass pass) {
      Tensor y = pass.workspace().tensor(x.shape());
      Tensor state = pass.carried().state(name, x.dim(0), inputShape);
      for (long i = 0; i < x.size(); i++) {
        y.set(i, x.get(i) + 0.5f * state.get(i));
      }
      state.copyFrom(y);
      return y;
    }

    @Override
    public Tensor forward(Tensor x, Saved saved, Pass pass) {
      return infer(x, pass);
    }

    @Override
    public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
      return inputGradient ? dy : null;
    }
  }

  private Sequential echo(long seed) {
    return Sequential.build(Shape.of(8, 8, 1), seed, arena, Flatten.of(), Echo.of(), Dense.of(4));
  }

  private Trainer streaming(Sequential model) {
    return Trainer.of(model).shuffle(false).validation(train);
  }

  @Test
  void whatLayersCarryIsForgottenBeforeEachEpochAndKeptByCheckpoints() {
    Sequential whole = echo(1);
    History want;
    try (Trainer trainer = streaming(whole)) {
      want = trainer.fit(train, 3, 20);
      assertThat(trainer.evaluate(train).loss()).isEqualTo(want.last().value("val_loss"));
    }
    try (Trainer trainer = streaming(echo(1)).checkpoints(Checkpoints.in(folder)).callbacks(new Callback() {
      @Override
      public void onStep(Run run) {
        if (run.globalStep() == 7) {
          run.interrupt("in the middle");
        }
      }
    })) {
      trainer.fit(train, 3, 20);
    }
    Sequential resumed = echo(2);
    try (Trainer trainer = streaming(resumed).resume(folder)) {
      assertThat(trainer.fit(train, 3, 20).last().values()).isEqualTo(want.last().values());
    }
    assertThat(Fingerprint.parametersSha256(resumed.parameters())).isEqualTo(Fingerprint.parametersSha256(whole.parameters()));
  }
}
