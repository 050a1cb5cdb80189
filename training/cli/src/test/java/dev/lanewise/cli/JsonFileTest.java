package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileTest {
  @TempDir Path folder;

  @Test
  void writesOneObjectAndLeavesNothingElse() throws IOException {
    Path file = folder.resolve("run.json");
    Files.writeString(file, "old");
    JsonFile.write(file, json -> json.writeNumberField("seed", 7));
    assertThat(file).hasContent("{\n  \"seed\" : 7\n}\n");
    assertThat(names()).containsExactly("run.json");
  }

  @Test
  void failureLeavesTheOldContent() throws IOException {
    Path file = folder.resolve("run.json");
    Files.writeString(file, "old");
    assertThatThrownBy(() -> JsonFile.write(file, json -> {
      json.writeNumberField("seed", 7);
      throw new IOException("disk");
    })).isInstanceOf(IOException.class).hasMessage("disk");
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("run.json");
  }

  private Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    }
  }
}
