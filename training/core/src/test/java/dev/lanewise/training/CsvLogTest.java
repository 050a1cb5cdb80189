package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvLogTest {
  @TempDir Path folder;

  @Test
  void writesOneLinePerEpochWithTheVeryNumbersOfTheHistory() throws IOException {
    Path file = folder.resolve("log.csv");
    try (Arena arena = Arena.ofShared();
        Trainer trainer = Fixtures.trainer(Fixtures.network(arena, 1), 2)
            .validation(Fixtures.bars(arena, 20, 2)).callbacks(CsvLog.to(file))) {
      History history = trainer.fit(Fixtures.bars(arena, 60, 1), 3, 16);
      List<String> lines = Files.readAllLines(file);
      assertThat(lines).hasSize(4);
      assertThat(lines.getFirst()).isEqualTo("epoch,loss,accuracy,top_2_accuracy,val_loss,val_accuracy,"
          + "val_top_2_accuracy,learning_rate,seconds");
      for (EpochLog log : history.epochs()) {
        String[] cells = lines.get(log.epoch()).split(",");
        assertThat(cells).hasSize(9);
        assertThat(Integer.parseInt(cells[0])).isEqualTo(log.epoch());
        assertThat(Double.parseDouble(cells[1])).isEqualTo(log.loss());
        assertThat(Double.parseDouble(cells[5])).isEqualTo(log.value("val_accuracy"));
        assertThat(Float.parseFloat(cells[7])).isEqualTo(log.learningRate());
        assertThat(Double.parseDouble(cells[8])).isEqualTo(log.seconds());
      }
    }
    assertThat(folder.toFile().list()).containsExactly("log.csv");
  }

  @Test
  void aResumedRunLeavesNoGapAndNoLineTwice() throws IOException {
    Path file = folder.resolve("log.csv");
    try (Arena arena = Arena.ofShared()) {
      try (Trainer trainer = Fixtures.trainer(Fixtures.network(arena, 1), 2).schedule(Schedule.constant())
          .checkpoints(Checkpoints.in(folder)).callbacks(CsvLog.to(file))) {
        trainer.fit(Fixtures.bars(arena, 60, 1), 2, 16);
      }
      Files.delete(file);
      try (Trainer trainer = Fixtures.trainer(Fixtures.network(arena, 1), 2).schedule(Schedule.constant())
          .resume(folder).callbacks(CsvLog.to(file))) {
        trainer.fit(Fixtures.bars(arena, 60, 1), 3, 16);
      }
    }
    assertThat(Files.readAllLines(file)).hasSize(4).extracting(line -> line.substring(0, line.indexOf(',')))
        .containsExactly("epoch", "1", "2", "3");
  }

  @Test
  void aFolderThatIsMissingIsNamed() {
    Path file = folder.resolve("missing/log.csv");
    try (Arena arena = Arena.ofShared();
        Trainer trainer = Fixtures.trainer(Fixtures.network(arena, 1), 2)
            .callbacks(CsvLog.to(file))) {
      assertThatThrownBy(() -> trainer.fit(Fixtures.bars(arena, 20, 1), 1, 16))
          .isInstanceOf(UncheckedIOException.class).hasMessageContaining(file.toString());
    }
  }
}
