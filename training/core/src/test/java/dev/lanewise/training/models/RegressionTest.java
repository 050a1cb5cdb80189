package dev.lanewise.training.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.layers.Sequential;
import dev.lanewise.training.Evaluation;
import dev.lanewise.training.Loss;
import dev.lanewise.training.PassTrace;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.table.RegressionData;
import dev.lanewise.training.data.table.Table;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

class RegressionTest {
  @TempDir Path folder;

  private final Arena arena = Arena.ofShared();

  @AfterEach
  void close() {
    arena.close();
  }

  /** The fate of ten starts: who is alive learns, who is dead keeps to the mean, and a redraw makes all ten learn. */
  @Test
  void aStartLearnsUnlessALayerIsDead() {
    int alive = 0;
    for (int seed = 1; seed <= 10; seed++) {
      Sequential model = new Regression(false).build(seed, arena);
      boolean dead = !Regression.dead(model).isEmpty();
      train(new Regression(false), model, seed);
      if (dead) {
        assertThat(Regression.dead(model)).as("seed %d", seed).isNotEmpty();
        assertThat(Regression.loss(model)).as("seed %d", seed).isBetween(3.99, 4.5); // the mean: 4, from above
        assertThat(Regression.answer(model, 6)).isEqualTo(Regression.answer(model, 1));
      } else {
        alive++;
        assertLearned(model, seed);
      }
      Sequential again = new Regression(true).build(seed, arena);
      assertThat(Regression.dead(again)).isEmpty();
      train(new Regression(true), again, seed);
      assertLearned(again, seed);
    }
    assertThat(alive).as("starts of both kinds, or this shows nothing").isBetween(1, 9);
  }

  private void train(Regression recipe, Sequential model, long seed) {
    try (Trainer trainer = recipe.trainer(model).seed(seed)) {
      trainer.fit(Regression.examples(arena), recipe.epochs(), recipe.batch());
    }
  }

  private static void assertLearned(Sequential model, int seed) {
    assertThat(Regression.loss(model)).as("seed %d", seed).isLessThan(1e-3);
    assertThat(Regression.answer(model, 6)).as("seed %d", seed).isBetween(11.8f, 12.2f);
  }

  @Test
  void aRedrawKeepsAStartThatIsAlive() {
    for (int seed = 1; seed <= 10; seed++) {
      Sequential model = new Regression(false).build(seed, arena);
      Sequential redrawn = new Regression(true).build(seed, arena);
      boolean same = model.parameters().values().segment().mismatch(redrawn.parameters().values().segment()) < 0;
      assertThat(same).as("seed %d", seed).isEqualTo(Regression.dead(model).isEmpty());
    }
  }

  /** The numbers of the first step, worked out by hand: first units with weights and biases of 1, second ones of 0. */
  @Test
  void theTraceShowsTheNumbersOfAStep() {
    Sequential model = new Regression(false).build(1, arena);
    model.parameters().values().fill(0);
    for (int i : new int[] {0, 1, 2, 3}) {
      model.params().get(i).value().set(0, 1); // the first unit of both hidden layers; biases 1
    }
    model.params().get(4).value().set(0, 1);
    float[] before = model.parameters().values().toArray();
    String trace = PassTrace.of(model, Regression.inputs(arena), Regression.targets(arena), Loss.HALF_MSE, 0.1f);
    assertThat(model.parameters().values().toArray()).isEqualTo(before);
    // f(x) = (x + 1) + 1; f - y = 2 - x; the loss is (2 - x)^2 / 2 of 1..5: 0.5, 0, 0.5, 2, 4.5, on average 1.5.
    assertThat(trace).contains("  wanted: y\n            2\n            4\n")
        .contains("  loss: half_mse\n      0.50000         0   0.50000         2   4.50000\n  mean of these: 1.50000\n")
        .contains("  d L / d output: the mean's share of each example\n      0.20000\n            0\n     -0.20000\n     -0.40000\n")
        .contains("  dense_2/bias: 0 -> 0.10000\n");
    assertThatThrownBy(() -> PassTrace.of(model, Regression.inputs(arena), Regression.targets(arena),
        Loss.SPARSE_CATEGORICAL_CROSSENTROPY, 1)).hasMessageContaining("takes labels");
  }

  @Test
  void bothRecipesComeBackFromTheirFiles() throws IOException {
    Table table = Table.parse("t.csv", "a,b,y\n" + "1,2,3\n2,5,7\n3,1,4\n4,4,8\n".repeat(5));
    RegressionData data = RegressionData.of(table, "", TableRegression.TEST_SHARE, 3, arena);
    for (Recipe recipe : new Recipe[] {new Regression(true), TableRegression.of(data, 3)}) {
      Sequential model = (Sequential) recipe.build(3, arena);
      Path file = folder.resolve(recipe.name());
      ModelFile.save(file, recipe, model, Map.of());
      ModelFile loaded = ModelFile.load(file, arena);
      assertThat(loaded.recipe().options()).isEqualTo(recipe.options());
      assertThat(loaded.model().parameters().values().segment().mismatch(model.parameters().values().segment())).isNegative();
    }
    assertThatThrownBy(() -> Recipes.find("table_regression", Map.of("inputs", "x"))).hasMessageContaining("inputs are 'x'");
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "LANEWISE_DATA", matches = ".+")
  void airfoilNoiseIsForetoldWithin2point2Decibels() throws IOException {
    Table table = Table.read(Path.of(System.getenv("LANEWISE_DATA"), "tabular/airfoil_self_noise.dat"));
    RegressionData data = RegressionData.of(table, "", TableRegression.TEST_SHARE, 1, arena);
    TableRegression recipe = TableRegression.of(data, 1);
    Sequential model = recipe.build(1, arena);
    try (Trainer trainer = recipe.trainer(model).seed(1)) {
      trainer.fit(data.train(), recipe.epochs(), recipe.batch());
      Evaluation test = trainer.evaluate(data.test());
      System.out.println("airfoil, 301 rows held out: " + test);
      assertThat(test.metrics().get("rmse")).isLessThan(2.2);
    }
  }
}
