package dev.lanewise.cli;

import dev.lanewise.kernels.Kernels;
import dev.lanewise.kernels.Workers;
import dev.lanewise.training.Checkpoints;
import dev.lanewise.training.Evaluation;
import dev.lanewise.training.Fingerprint;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.models.ModelFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code evaluate MODEL}: loss and metrics on the test part of the data. */
@Command(name = "evaluate", sortOptions = false, description = "Show the loss of a trained model, and accuracy or the like, on the test part of the data.")
final class Evaluate implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "What train --out wrote, or a folder of checkpoints.") private Path model;

  @Option(names = "--data", paramLabel = "DIR", description = "Folder with the data; else LANEWISE_DATA, this user's cache, a download.") private @Nullable Path data;

  @Option(names = "--threads", paramLabel = "N", converter = Converters.Count.class, defaultValue = "1", description = "Threads that compute (default: 1).") private int threads;

  @Option(names = "--judge", paramLabel = "CNN", description = "Of a model that draws images: a model of train cnn that looks at 10,000 of them.") private @Nullable Path judge;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to this file.") private @Nullable Path json;

  @Override
  public Integer call() throws IOException {
    if (json != null) {
      JsonFile.requireWritable("--json", json);
    }
    Terminal terminal = Terminal.ofProcess();
    try (Arena arena = Arena.ofShared();
        Workers workers = Workers.threads(threads)) {
      ModelFile file = ModelFile.load(Checkpoints.lastOf(model), arena);
      terminal.line("model       %s", Predict.describe(file, model));
      Subject.Exam exam = Subject.of(file).exam(file.recipe(), data, arena, terminal);
      try (Trainer trainer = file.recipe().trainer(file.model()).workers(workers)) {
        Evaluation test = trainer.evaluate(exam.test());
        terminal.line("test        %s", Figures.ofTest(test, exam.what(), exam.data()));
        Map<String, Double> verdict = judge == null ? Map.of() : Judge.of(judge, file.model(), workers);
        verdict.forEach((figure, value) -> terminal.line("%-13s %.4f", figure, value));
        if (json != null) {
          JsonFile.write(json, out -> {
            out.writeStringField("model", file.recipe().name());
            out.writeStringField("data", exam.data());
            out.writeNumberField("threads", threads);
            out.writeNumberField("vectorBits", Kernels.vectorBits());
            out.writeNumberField("parameters", file.model().parameters().count());
            RunReport.writeTest(out, test);
            for (Map.Entry<String, Double> figure : verdict.entrySet()) {
              out.writeNumberField(figure.getKey(), figure.getValue());
            }
            out.writeStringField("parametersSha256", Fingerprint.parametersSha256(file.model().parameters()));
            out.writeNumberField("peakRssBytes", ResidentMemory.peakBytes());
          });
        }
      }
    }
    return 0;
  }
}
