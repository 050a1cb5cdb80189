package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.layers.Param;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.io.Safetensors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  private final Arena arena = Arena.ofShared();

  @TempDir Path folder;

  @AfterEach
  void free() {
    arena.close();
  }

  @Test
  void everyTensorAndTextComesBackBitForBit() {
    Sequential model = Fixtures.network(arena, 1);
    OptimizerState state = Adam.of(0.1f).start(model.parameters(), arena);
    List<Part> parts = List.of(new Part("model", model.parameters(), Adam.of(0.1f)));
    for (Param param : model.parameters().list()) {
      param.gradient().copyFrom(Data.seeded(3).uniform((int) param.gradient().size(), -1, 1));
    }
    state.step(0.1f, Crew.of(1));
    state.step(0.2f, Crew.of(1));
    model.parameters().list().getFirst().value().set(0, Float.NaN);
    Snapshot snapshot = new Snapshot().put("text", "caf\u00e9 \"quoted\"\n\\").put("number", -7L).put("real", 0.1);
    snapshot.under("part").put("nan", Double.NaN);
    Checkpoint.putState(snapshot, model, parts, new OptimizerState[] {state}, null);
    Path file = folder.resolve("a b.safetensors");
    Checkpoint.write(file, snapshot);

    Sequential other = Fixtures.network(arena, 2);
    OptimizerState restored = Adam.of(0.1f).start(other.parameters(), arena);
    Snapshot read = Checkpoint.read(file, arena);
    Checkpoint.takeState(read, other, parts, new OptimizerState[] {restored}, null);
    assertThat(Fingerprint.parametersSha256(other.parameters()))
        .isEqualTo(Fingerprint.parametersSha256(model.parameters()));
    assertThat(restored.slot(0).toArray()).isEqualTo(state.slot(0).toArray());
    assertThat(restored.slot(1).toArray()).isEqualTo(state.slot(1).toArray());
    assertThat(restored.steps()).isEqualTo(2);
    assertThat(read.text("text")).isEqualTo("caf\u00e9 \"quoted\"\n\\");
    assertThat(read.number("number")).isEqualTo(-7);
    assertThat(read.real("real")).isEqualTo(0.1);
    assertThat(read.under("part").real("nan")).isNaN();
    assertThat(read.textsUnder("part").keySet()).containsExactly("nan");
  }

  @Test
  void whatIsMissingOrDoesNotFitIsNamed() {
    Snapshot snapshot = new Snapshot().put("epoch", "two").put("w", Tensor.allocate(arena, Shape.of(2, 3)));
    assertThatThrownBy(() -> snapshot.text("step")).isInstanceOf(CheckpointException.class)
        .hasMessage("no entry 'step'; it holds epoch");
    assertThatThrownBy(() -> snapshot.number("epoch")).hasMessage("entry 'epoch' is 'two', not a whole number");
    assertThatThrownBy(() -> snapshot.real("epoch")).hasMessage("entry 'epoch' is 'two', not a number");
    assertThatThrownBy(() -> snapshot.read("v", Tensor.allocate(arena, Shape.of(2)))).hasMessage("no tensor 'v'; it holds w");
    assertThatThrownBy(() -> snapshot.read("w", Tensor.allocate(arena, Shape.of(3, 2))))
        .hasMessage("tensor 'w' is [2, 3] but [3, 2] is needed; was it written by another model?");
  }

  /** Whatever is cut off or overwritten: an error that names the file, or the very same content; never a crash. */
  @Test
  void aDamagedFileIsAnErrorThatNamesIt() throws IOException {
    Path file = folder.resolve("x.safetensors");
    Checkpoint.write(file, new Snapshot().put("a", "b").put("w", Tensor.of(arena, Shape.of(3), 1, 2, 3)));
    byte[] whole = Files.readAllBytes(file);
    for (int length : List.of(0, 7, 8, 20, whole.length - 1)) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Checkpoint.read(file, arena)).as("cut to %d bytes", length)
          .isInstanceOf(CheckpointException.class).hasMessageContaining(file.toString());
    }
    Files.writeString(file, "this is no safetensors file at all, but a text that is long enough");
    assertThatThrownBy(() -> Checkpoint.read(file, arena)).isInstanceOf(CheckpointException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aFileOfSomeoneElseIsToldApart() throws IOException {
    Path file = folder.resolve("other.safetensors");
    Safetensors.write(file, Map.of("w", Tensor.of(arena, Shape.of(3), 1, 2, 3)), Map.of("format", "pt"));
    assertThatThrownBy(() -> Checkpoint.read(file, arena)).isInstanceOf(CheckpointException.class)
        .hasMessageContaining("was not written by Lanewise");
  }

  @Test
  void aSecondWriteReplacesTheFirstAndLeavesNothingElse() throws IOException {
    Path file = folder.resolve("x.safetensors");
    Checkpoint.write(file, new Snapshot().put("a", "first"));
    Checkpoint.write(file, new Snapshot().put("a", "second"));
    assertThat(Checkpoint.read(file, arena).text("a")).isEqualTo("second");
    assertThat(folder.toFile().list()).containsExactly("x.safetensors");
  }

  @Test
  void bestAndLastAreKeptAndBestIsTheBest() {
    Sequential model = Fixtures.network(arena, 1);
    try (Trainer trainer = Fixtures.trainer(model, 2).validation(Fixtures.bars(arena, 30, 2))
        .checkpoints(Checkpoints.in(folder.resolve("made/here")).keepBest("val_accuracy"))) {
      History history = trainer.fit(Fixtures.bars(arena, 60, 1), 6, 16);
      double[] accuracies = history.values("val_accuracy");
      int best = 0;
      for (int i = 0; i < accuracies.length; i++) {
        best = accuracies[i] > accuracies[best] ? i : best;
      }
      Snapshot kept = Checkpoint.read(folder.resolve("made/here").resolve(Checkpoints.BEST), arena);
      assertThat(kept.under("run").number("epoch")).isEqualTo(best + 2);
      Snapshot last = Checkpoint.read(folder.resolve("made/here").resolve(Checkpoints.LAST), arena);
      assertThat(last.under("run").number("epoch")).isEqualTo(7);
    }
  }
}
