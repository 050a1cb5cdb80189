package dev.lanewise.cli;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Sequential;
import dev.lanewise.training.Callback;
import dev.lanewise.training.EarlyStopping;
import dev.lanewise.training.History;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.text.Polarity;
import dev.lanewise.training.data.text.Sentences;
import dev.lanewise.training.models.Bert;
import dev.lanewise.training.models.MaskedLanguageModel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code train bert}: whether a sentence praises or blames. */
@Command(name = "bert", sortOptions = false, description = {
    "Train an encoder of sentences: first to guess hidden words, without labels, then to tell praise from blame. --data names the",
    "folder that holds sentiment/ or rt-polarity.pos and .neg; of a sentence the first 48 words are read. Every tenth line of each file",
    "is to test on; the epoch is chosen by the accuracy on another tenth. At the end the same classifier is trained without the first",
    "part, to show what that was worth."})
final class TrainBert extends TrainCommand {
  private static final int PATIENCE = 2;

  @Option(names = "--pretrain-rounds", paramLabel = "N", converter = Converters.Count.class, description = "How often to go through the sentences with words hidden (default: 50).") private @Nullable Integer rounds;

  @Override
  Course course(TrainingOptions options, Arena arena, Terminal terminal) throws IOException {
    Polarity data = Polarity.find(options.data, terminal.listener()).limit(options.limit());
    Bert bert = Bert.of(data.train().sentences());
    terminal.line("data        %s: %,d sentences to train on, %,d to choose the epoch by, %,d to test on; %,d words", data.name(),
        data.train().labels().length, data.validation().labels().length, data.test().labels().length, bert.tokenizer().size());
    Map<String, Double> figures = new LinkedHashMap<>();
    Sentences test = bert.examples(data.test());
    return Course.of(data.name(), bert, bert.examples(data.train()), Course.Unit.tokens(Bert.CONTEXT))
        .withValidation(bert.examples(data.validation())).withTest(test).withHeadlines("testLoss", "testAccuracy", "testMacroF1")
        .withFirst((model, stage) -> {
          if (stage.over()) {
            stage.terminal().line("pre-training was done before the checkpoint that the run goes on from");
            return true;
          }
          History history = pretrain(bert, data, (Sequential) model, stage);
          if (history != null) {
            figures.put("maskedLoss", history.last().loss());
            figures.put("maskedValidationLoss", history.last().value("val_loss"));
          }
          return history != null;
        })
        .withOutcome((model, workers) -> {
          figures.put("testAccuracyWithoutPretraining", without(bert, data, options, workers));
          return figures;
        });
  }

  private @Nullable History pretrain(Bert bert, Polarity data, Sequential pupil, FirstStage stage) {
    List<String> sentences = data.train().sentences();
    long seed = stage.options().seed();
    try (Arena arena = Arena.ofShared()) {
      MaskedLanguageModel teacher = MaskedLanguageModel.build(bert, sentences, seed, arena);
      stage.terminal().line("pre-training %s", teacher.architecture());
      int times = or(rounds, MaskedLanguageModel.ROUNDS);
      try (Trainer trainer = teacher.trainer().validation(MaskedLanguageModel.examples(bert, data.validation().sentences(), 1, seed))) {
        History history = stage.fit(trainer, stage.data() + ", words hidden",
            MaskedLanguageModel.examples(bert, sentences, times, seed), 1, MaskedLanguageModel.BATCH, Course.Unit.tokens(Bert.CONTEXT));
        teacher.teach(pupil);
        return history;
      }
    }
  }

  private static double without(Bert bert, Polarity data, TrainingOptions options, Workers workers) {
    try (Arena arena = Arena.ofShared()) {
      Sequential fresh = bert.build(options.seed(), arena);
      try (Trainer trainer = bert.trainer(fresh)) {
        options.adjust(trainer);
        trainer.workers(workers).seed(options.seed()).validation(bert.examples(data.validation())).callbacks(chooser());
        trainer.fit(bert.examples(data.train()), options.epochs(bert), options.batch(bert));
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
}
