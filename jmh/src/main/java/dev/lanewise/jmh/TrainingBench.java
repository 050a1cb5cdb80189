package dev.lanewise.jmh;

import dev.lanewise.layers.Model;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.Dataset;
import dev.lanewise.training.data.text.TokenStreams;
import dev.lanewise.training.data.text.TokenWindows;
import dev.lanewise.training.models.CharRnn;
import dev.lanewise.training.models.Gpt;
import dev.lanewise.training.models.Recipe;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Training of the article's sequence models by their recipes, gathering of batches, gradient clipping and optimizer
 * included: a run of some steps each call, its buffers made anew, on text of 65 characters.
 *
 * <p>lstm is one layer of 128 and the layer to 65 scores, batch 32, sequence 64; gpt has 4 blocks of 4 heads, 128 wide,
 * context 128, batch 16.
 */
public class TrainingBench extends KernelBenchmark {
  private static final int CONTEXT = 128;
  private static final int GPT_BATCH = 16;

  @Param({"lstm", "gpt"}) public String network;

  /** Steps a call; the test takes fewer. */
  int steps = 24;

  Recipe recipe;
  Model model;
  Dataset text;
  int batch;

  @Setup
  public void setUp() {
    open();
    if (network.equals("lstm")) {
      CharRnn lstm = CharRnn.of("lstm", Letters.tokenizer());
      recipe = lstm;
      batch = lstm.batch();
      text = TokenStreams.of(Letters.text(batch * (steps * lstm.steps()) + 1), batch, lstm.steps());
    } else {
      recipe = new Gpt(Letters.tokenizer(), 4, 4, 128, CONTEXT, 0);
      batch = GPT_BATCH;
      text = TokenWindows.sampled(Letters.text(20 * CONTEXT), CONTEXT, steps * batch, 1);
    }
    model = recipe.build(1, arena);
  }

  @Benchmark
  public void train(Rate.Text rate) {
    // A trainer makes one run; the model goes on from the call before.
    try (Trainer trainer = recipe.trainer(model).workers(workers())) {
      trainer.fit(text, 1, batch);
    }
    rate.tokens += (double) text.size() * text.labelsPerExample();
  }
}
