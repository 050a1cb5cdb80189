package dev.lanewise.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.layers.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import org.junit.jupiter.api.Test;

final class GenerationBenchTest {
  private static final int CONTEXT = 12;

  /** The last scores are those of the model over the whole context at once. */
  @Test
  void context() {
    GenerationBench bench = new GenerationBench();
    bench.threads = 1;
    bench.context = CONTEXT;
    bench.setUp();
    Rate.Text rate = new Rate.Text();
    try (Workspace workspace = Workspace.open()) {
      Tensor scores = bench.context(rate);
      Pass pass = Pass.of(workspace, bench.workers(), 0);
      pass.begin(0);
      Tensor ids = workspace.tensor(Shape.of(1, CONTEXT));
      for (int i = 0; i < CONTEXT; i++) {
        ids.set(i, bench.text.get(i));
      }
      Tensor whole = bench.model.infer(ids, pass);
      for (int j = 0; j < Letters.COUNT; j++) {
        assertThat(scores.get(j)).isEqualTo(whole.get((CONTEXT - 1) * Letters.COUNT + j));
      }
    } finally {
      bench.closeGenerator();
      bench.close();
    }
    assertThat(rate.tokens).isEqualTo(CONTEXT);
  }
}
