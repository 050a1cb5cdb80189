package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** T4: the same bits at every vector width, and by the scalar twins where there are no vectors. */
class WidthTest {
  @TempDir Path folder;

  @Test
  void narrowVectorsAndNoVectorsTrainToTheSameBits() throws IOException, InterruptedException {
    String here = "sum " + TrainingProcess.train(Files.createDirectory(folder.resolve("here")), 1, new Callback() {});
    assertThat(sum("narrow", List.of("--add-modules", "jdk.incubator.vector", "-XX:MaxVectorSize=16"))).isEqualTo(here);
    assertThat(sum("half", List.of("--add-modules", "jdk.incubator.vector", "-XX:MaxVectorSize=32"))).isEqualTo(here);
    assertThat(sum("scalar", List.of())).isEqualTo(here);
  }

  private String sum(String name, List<String> options) throws IOException, InterruptedException {
    Process child = TrainingProcess.start(Files.createDirectory(folder.resolve(name)), 1, options);
    try (BufferedReader output = child.inputReader()) {
      String last = output.lines().reduce("nothing printed", (before, line) -> line);
      assertThat(child.waitFor()).isZero();
      return last;
    }
  }
}
