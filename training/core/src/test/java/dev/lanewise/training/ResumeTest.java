package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.layers.Sequential;
import dev.lanewise.training.data.ImageDataset;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is broken off and resumed by fresh objects ends as the one that never stopped. */
class ResumeTest {
  private static final int EPOCHS = 3;
  private static final int BATCH = 16;
  private static final int STEPS = 7; // of an epoch: 100 examples

  private final Arena arena = Arena.ofShared();
  private final ImageDataset train = Fixtures.bars(arena, 100, 1);
  private final ImageDataset validation = Fixtures.bars(arena, 40, 2);

  @TempDir Path folder;

  @AfterEach
  void free() {
    arena.close();
  }

  /** As a process that dies: nothing of the trainer is told. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private Trainer trainer(Sequential model) {
    return Fixtures.trainer(model, 5).validation(validation);
  }

  private static Callback killAfter(long globalStep) {
    return new Callback() {
      @Override
      public void onStep(Run run) {
        if (run.globalStep() == globalStep) {
          throw new Killed();
        }
      }
    };
  }

  private record Outcome(String parameters, List<EpochLog> epochs, byte[] checkpoint) {}

  private Outcome outcome(Sequential model, History history) throws IOException {
    return new Outcome(Fingerprint.parametersSha256(model.parameters()), history.epochs(),
        Files.readAllBytes(folder.resolve(Checkpoints.BEST)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7, 8, 13, 20})
  void killedAnywhereItResumesToTheSameBits(int step) throws IOException {
    Sequential whole = Fixtures.network(arena, 3);
    Checkpoints checkpoints = Checkpoints.in(folder).everySteps(3).keepBest("val_loss");
    Outcome want;
    try (Trainer trainer = trainer(whole).checkpoints(checkpoints).callbacks(early())) {
      want = outcome(whole, trainer.fit(train, EPOCHS, BATCH));
    }
    Files.delete(folder.resolve(Checkpoints.LAST));
    Files.delete(folder.resolve(Checkpoints.BEST));

    try (Trainer trainer = trainer(Fixtures.network(arena, 3)).checkpoints(checkpoints)
        .callbacks(early(), killAfter(step))) {
      assertThatThrownBy(() -> trainer.fit(train, EPOCHS, BATCH)).isInstanceOf(Killed.class);
    }
    // Another seed: every parameter must come from the file.
    Sequential resumed = Fixtures.network(arena, 999);
    Checkpoints fresh = Checkpoints.in(folder).everySteps(3).keepBest("val_loss");
    try (Trainer trainer = trainer(resumed).checkpoints(fresh).callbacks(early()).resume(folder)) {
      Outcome got = outcome(resumed, trainer.fit(train, EPOCHS, BATCH));
      assertThat(got.parameters()).isEqualTo(want.parameters());
      assertThat(got.epochs()).hasSize(EPOCHS);
      for (int i = 0; i < EPOCHS; i++) {
        assertThat(got.epochs().get(i).values()).isEqualTo(want.epochs().get(i).values());
        assertThat(got.epochs().get(i).learningRate()).isEqualTo(want.epochs().get(i).learningRate());
        assertThat(got.epochs().get(i).examples()).isEqualTo(100);
      }
    }
  }

  private static EarlyStopping early() {
    return EarlyStopping.on("val_loss", 5).withRestoreBest();
  }

  @Test
  void anInterruptedRunWritesWhereItStandsAndResumes() {
    Sequential whole = Fixtures.network(arena, 3);
    try (Trainer trainer = trainer(whole)) {
      trainer.fit(train, EPOCHS, BATCH);
    }
    try (Trainer trainer = trainer(Fixtures.network(arena, 3)).checkpoints(Checkpoints.in(folder)).callbacks(
        new Callback() {
          @Override
          public void onStep(Run run) {
            if (run.globalStep() == STEPS + 2) {
              run.interrupt("enough for today");
            }
          }
        })) {
      History history = trainer.fit(train, EPOCHS, BATCH);
      assertThat(history.stopReason()).isEqualTo("enough for today");
      assertThat(history.epochs()).hasSize(1);
    }
    Snapshot snapshot = Checkpoint.read(folder.resolve(Checkpoints.LAST), arena);
    assertThat(snapshot.under("run").number("global_step")).isEqualTo(STEPS + 2);
    Sequential resumed = Fixtures.network(arena, 4);
    try (Trainer trainer = trainer(resumed).resume(folder.resolve(Checkpoints.LAST))) {
      assertThat(trainer.fit(train, EPOCHS, BATCH).stopReason()).isEmpty();
    }
    assertThat(Fingerprint.parametersSha256(resumed.parameters()))
        .isEqualTo(Fingerprint.parametersSha256(whole.parameters()));
  }

  @Test
  void aRunThatStoppedEarlyStaysStopped() {
    Sequential first = Fixtures.network(arena, 3);
    History history;
    try (Trainer trainer = trainer(first).checkpoints(Checkpoints.in(folder)).callbacks(stopIn(2))) {
      history = trainer.fit(train, EPOCHS, BATCH);
    }
    assertThat(history.epochs()).hasSize(2);
    Sequential second = Fixtures.network(arena, 4);
    try (Trainer trainer = trainer(second).callbacks(stopIn(3)).resume(folder)) {
      assertThat(trainer.fit(train, EPOCHS, BATCH)).isEqualTo(history);
    }
    assertThat(Fingerprint.parametersSha256(second.parameters()))
        .isEqualTo(Fingerprint.parametersSha256(first.parameters()));
  }

  private static Callback stopIn(int epoch) {
    return new Callback() {
      @Override
      public void onEpochEnd(Run run, EpochLog log) {
        if (log.epoch() == epoch) {
          run.stop("as told");
        }
      }
    };
  }

  @Test
  void moreEpochsContinueARunWhoseScheduleDoesNotKnowItsLength() {
    Sequential whole = Fixtures.network(arena, 3);
    try (Trainer trainer = trainer(whole).schedule(Schedule.parse("step"))) {
      trainer.fit(train, 2, BATCH);
    }
    try (Trainer trainer = trainer(Fixtures.network(arena, 3)).schedule(Schedule.parse("step"))
        .checkpoints(Checkpoints.in(folder))) {
      trainer.fit(train, 1, BATCH);
    }
    Sequential resumed = Fixtures.network(arena, 4);
    try (Trainer trainer = trainer(resumed).schedule(Schedule.parse("step")).resume(folder)) {
      assertThat(trainer.fit(train, 2, BATCH).epochs()).hasSize(2);
    }
    assertThat(Fingerprint.parametersSha256(resumed.parameters()))
        .isEqualTo(Fingerprint.parametersSha256(whole.parameters()));
  }

  @Test
  void otherSettingsAreRefusedByName() {
    try (Trainer trainer = trainer(Fixtures.network(arena, 3)).checkpoints(Checkpoints.in(folder))) {
      trainer.fit(train, 1, BATCH);
    }
    refuses(t -> t.seed(6), BATCH, "seed is 5 in the checkpoint but 6 here");
    refuses(t -> t, 8, "batch is 16 in the checkpoint but 8 here");
    refuses(t -> t.dataName("mnist"), BATCH, "data is bars in the checkpoint but mnist here");
    refuses(t -> t.optimizer(Sgd.of(0.1f)), BATCH,
        "optimizer is Adam[learningRate=0.003, beta1=0.9, beta2=0.999, epsilon=1.0E-7] in the checkpoint but "
            + "Sgd[learningRate=0.1, momentum=0.0, nesterov=false, weightDecay=0.0] here");
    refuses(t -> t.schedule(Schedule.constant()), BATCH, "schedule is cosine:warmup=5,end=0.0 in the checkpoint but constant here");
    refuses(t -> t.callbacks(EarlyStopping.on("loss", 1)), BATCH, "callbacks is none in the checkpoint but EarlyStopping[");
    refuses(t -> t.seed(6).dataName("mnist"), BATCH, "but mnist here; seed is 5");
    try (Trainer trainer = trainer(Fixtures.network(arena, 3)).resume(folder)) {
      assertThatThrownBy(() -> trainer.fit(train, 2, BATCH))
          .isInstanceOf(CheckpointException.class).hasMessageContaining("epochs is 1 in the checkpoint but 2 here");
    }
  }

  private void refuses(UnaryOperator<Trainer> change, int batch, String message) {
    Sequential model = Fixtures.network(arena, 3);
    String before = Fingerprint.parametersSha256(model.parameters());
    try (Trainer trainer = change.apply(trainer(model)).resume(folder)) {
      assertThatThrownBy(() -> trainer.fit(train, 1, batch)).isInstanceOf(CheckpointException.class)
          .hasMessageContaining(message).hasMessageContaining(Checkpoints.LAST);
    }
    assertThat(Fingerprint.parametersSha256(model.parameters())).isEqualTo(before);
  }

  @Test
  void aFolderWithoutACheckpointIsNamed() {
    try (Trainer trainer = trainer(Fixtures.network(arena, 3)).resume(folder)) {
      assertThatThrownBy(() -> trainer.fit(train, 1, BATCH)).isInstanceOf(CheckpointException.class)
          .hasMessage("Checkpoint " + folder.resolve("last.safetensors") + ": there is no such file");
    }
  }
}
