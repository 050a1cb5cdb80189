package dev.lanewise.cli;

import dev.lanewise.training.Checkpoints;
import dev.lanewise.training.models.ModelFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code generate MODEL}: text or images that a model draws. */
@Command(name = "generate", sortOptions = false, description = "Draw text or images from a trained model.")
final class Generate implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "What train --out wrote, or a folder of checkpoints.") private Path model;

  @Mixin private GenerateOptions options;

  @Override
  public Integer call() throws IOException {
    try (Arena arena = Arena.ofShared()) {
      ModelFile file = ModelFile.load(Checkpoints.lastOf(model), arena);
      Subject.of(file).generate(file, options, Terminal.ofProcess());
    }
    return 0;
  }
}
