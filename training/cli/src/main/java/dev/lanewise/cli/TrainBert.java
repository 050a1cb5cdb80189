package dev.lanewise.cli;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Sequential;
import dev.lanewise.training.Callback;
import dev.lanewise.training.Checkpoints;
import dev.lanewise.training.EarlyStopping;
import dev.lanewise.training.History;
import dev.lanewise.training.Run;
import dev.lanewise.training.StopOnNan;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.text.Polarity;
import dev.lanewise.training.data.text.Sentences;
import dev.lanewise.training.models.Bert;
import dev.lanewise.training.models.MaskedLanguageModel;
import dev.lanewise.training.models.TaughtBert;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code train bert}: whether a sentence praises or blames. */
@Command(name = "bert", sortOptions = false, description = {
    "Train an encoder of sentences: first to guess hidden words, without labels, then to tell praise from blame. --data names the",
    "folder that holds sentiment/ or rt-polarity.pos and .neg. Every tenth line of each file is to test on; the epoch is chosen by",
    "the accuracy on another tenth. At the end the same classifier is trained without the first part, to show what that was worth."})
final class TrainBert extends TrainCommand {
  private static final int PATIENCE = 2;

  @Option(names = "--pretrain-rounds", paramLabel = "N", converter = Converters.Count.class, description = "How often to go through the sentences with words hidden (default: 5).") private @Nullable Integer rounds;

  @Override
  Course course(TrainingOptions options, Arena arena, Terminal terminal) throws IOException {
    Polarity data = Polarity.find(options.data, terminal.listener());
    Bert bert = Bert.of(data.train().sentences());
    terminal.line("data        %s: %,d sentences to train on, %,d to choose the epoch by, %,d to test on; %,d words", data.name(),
        data.train().labels().length, data.validation().labels().length, data.test().labels().length, bert.tokenizer().size());
    Map<String, Double> figures = new LinkedHashMap<>();
    MaskedLanguageModel teacher = null;
    if (options.resume != null && Files.exists(options.resume.resolve(Checkpoints.LAST))) {
      terminal.line("pre-training was done before the checkpoint that the run goes on from");
    } else {
      teacher = MaskedLanguageModel.build(bert, data.train().sentences(), options.seed(), arena);
      figures.put("maskedLoss", pretrain(teacher, bert, data, options, terminal));
    }
    Sentences test = bert.examples(data.test());
    return Course.of(data.name(), new TaughtBert(bert, teacher), bert.examples(data.train()).limit(options.limit()),
        Course.Unit.tokens(Bert.CONTEXT))
        .withValidation(bert.examples(data.validation())).withTest(test).withHeadlines("testLoss", "testAccuracy", "testMacroF1")
        .withOutcome((model, workers) -> {
          figures.put("testAccuracyWithoutPretraining", without(bert, data, options, workers));
          return figures;
        });
  }

  private double pretrain(MaskedLanguageModel teacher, Bert bert, Polarity data, TrainingOptions options, Terminal terminal) {
    terminal.line("pre-training %s", teacher.architecture());
    try (Workers workers = Workers.threads(options.threads());
        Trainer trainer = teacher.trainer().workers(workers).seed(options.seed())
            .callbacks(StopOnNan.onLoss(), new Said(terminal))) {
      int times = rounds == null ? MaskedLanguageModel.ROUNDS : rounds;
      History history = trainer.fit(MaskedLanguageModel.examples(bert, data.train().sentences(), times, options.seed()), 1,
          MaskedLanguageModel.BATCH);
      return history.last().loss();
    }
  }

  private static double without(Bert bert, Polarity data, TrainingOptions options, Workers workers) {
    try (Arena arena = Arena.ofShared()) {
      Sequential fresh = bert.build(options.seed(), arena);
      try (Trainer trainer = bert.trainer(fresh)) {
        options.adjust(trainer);
        trainer.workers(workers).seed(options.seed()).validation(bert.examples(data.validation())).callbacks(chooser());
        trainer.fit(bert.examples(data.train()).limit(options.limit()), options.epochs(bert), options.batch(bert));
        return trainer.evaluate(bert.examples(data.test())).accuracy();
      }
    }
  }

  private static EarlyStopping chooser() {
    return EarlyStopping.on("val_accuracy", PATIENCE).withRestoreBest();
  }

  @Override
  List<Callback> callbacks() {
    return List.of(chooser());
  }

  /** A line now and then. */
  private record Said(Terminal terminal) implements Callback {
    private static final int EVERY = 200;

    @Override
    public void onStep(Run run) {
      if (run.step() % EVERY == 0 || run.step() == run.stepsPerEpoch()) {
        terminal.line("pre-training step %,d of %,d, loss %.4f nats per hidden word", run.step(), run.stepsPerEpoch(), run.loss());
      }
    }
  }
}
