package dev.lanewise.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Param;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Each optimizer over many steps against its published recurrence in double. With the same recurrence on magnitudes (no
 * term cancels another) every quantity is a sum of products of which each passed through at most c roundings per step,
 * so after t steps its error is at most gamma_(c t) times its magnitude.
 */
class OptimizerTest {
  private static final int STEPS = 25;
  private static final int INPUTS = 7;
  private static final int OUTPUTS = 5;
  private static final int N = INPUTS * OUTPUTS;

  private final Arena arena = Arena.ofConfined();
  private final Sequential model = Sequential.build(Shape.of(INPUTS), 3, arena, Dense.of(OUTPUTS));
  private final Param kernel = model.parameters().list().getFirst();

  @AfterEach
  void free() {
    arena.close();
  }

  /** One element: its weight, its state and their magnitudes, one step further by the published formula. */
  private interface Recurrence {
    /**
     * @param s w, |w|, then up to two state variables, each followed by its magnitude
     * @param g gradient
     * @param lr learning rate
     * @param t step, from 1
     */
    void step(double[] s, double g, double lr, int t);
  }

  @Test
  void sgd() {
    follows(Sgd.of(0.05f), 3, (s, g, lr, t) -> {
      s[0] -= lr * g;
      s[1] += lr * Math.abs(g);
    });
  }

  @Test
  void sgdWithWeightDecay() {
    double decay = 0.1f;
    follows(Sgd.of(0.05f).withWeightDecay(0.1f), 6, (s, g, lr, t) -> {
      s[0] -= lr * decay * s[0] + lr * g;
      s[1] += lr * decay * s[1] + lr * Math.abs(g);
    });
  }

  @Test
  void momentum() {
    double m = 0.9f;
    follows(Sgd.of(0.05f).withMomentum(0.9f), 5, (s, g, lr, t) -> {
      velocity(s, g, lr, m);
      s[0] += s[2];
      s[1] += s[3];
    });
  }

  @Test
  void nesterov() {
    double m = 0.9f;
    follows(Sgd.of(0.05f).withMomentum(0.9f).withNesterov(), 6, (s, g, lr, t) -> {
      velocity(s, g, lr, m);
      s[0] += m * s[2] - lr * g;
      s[1] += m * s[3] + lr * Math.abs(g);
    });
  }

  private static void velocity(double[] s, double g, double lr, double momentum) {
    s[2] = momentum * s[2] - lr * g;
    s[3] = momentum * s[3] + lr * Math.abs(g);
  }

  @Test
  void rmsprop() {
    double rho = 0.9f;
    double epsilon = 1e-7f;
    follows(RmsProp.of(0.01f), 10, (s, g, lr, t) -> {
      s[2] = rho * s[2] + (1 - rho) * g * g;
      double update = lr * g / Math.sqrt(s[2] + epsilon);
      s[0] -= update;
      s[1] += Math.abs(update);
    });
  }

  @Test
  void adam() {
    follows(Adam.of(0.01f), 12, (s, g, lr, t) -> moments(s, g, lr, t));
  }

  @Test
  void adamW() {
    double decay = 0.25f;
    follows(AdamW.of(0.01f).withWeightDecay(0.25f), 15, (s, g, lr, t) -> {
      s[0] -= lr * decay * s[0];
      s[1] += lr * decay * s[1];
      moments(s, g, lr, t);
    });
  }

  private static void moments(double[] s, double g, double lr, int t) {
    double beta1 = 0.9f;
    double beta2 = 0.999f;
    double epsilon = 1e-7f;
    s[2] = beta1 * s[2] + (1 - beta1) * g;
    s[3] = beta1 * s[3] + (1 - beta1) * Math.abs(g);
    s[4] = beta2 * s[4] + (1 - beta2) * g * g;
    double rate = lr * Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t));
    s[0] -= rate * s[2] / (Math.sqrt(s[4]) + epsilon);
    s[1] += rate * s[3] / (Math.sqrt(s[4]) + epsilon);
  }

  private void follows(Optimizer optimizer, int roundingsPerStep, Recurrence recurrence) {
    OptimizerState state = optimizer.start(model.parameters(), arena);
    double[][] twins = new double[N][6];
    for (int i = 0; i < N; i++) {
      twins[i][0] = kernel.value().get(i);
      twins[i][1] = Math.abs(twins[i][0]);
    }
    for (int t = 1; t <= STEPS; t++) {
      float[] gradient = Data.seeded(t).uniform(N, -1, 1);
      kernel.gradient().copyFrom(gradient);
      // A rate that changes, as under a schedule.
      float rate = optimizer.learningRate() / (1 + t % 3);
      state.step(rate, Crew.of(1));
      double[] want = new double[N];
      double[] magnitude = new double[N];
      for (int i = 0; i < N; i++) {
        recurrence.step(twins[i], gradient[i], rate, t);
        want[i] = twins[i][0];
        magnitude[i] = twins[i][1];
      }
      Bounds.gamma(roundingsPerStep * t).times(magnitude).holds(kernel.value().toArray(), want);
    }
    assertThat(state.steps()).isEqualTo(STEPS);
    // The bias had no gradient, and weight decay keeps 0 at 0.
    assertThat(model.parameters().list().getLast().value().toArray()).containsOnly(0f);
  }

  @Test
  void stateIsNamedAndParallelToTheParameters() {
    assertThat(Sgd.of(1).slots()).isEmpty();
    assertThat(Sgd.of(1).withMomentum(0.5f).slots()).containsExactly("velocity");
    assertThat(RmsProp.of(1).slots()).containsExactly("s");
    assertThat(Adam.of(1).slots()).containsExactly("m", "v").isEqualTo(AdamW.of(1).slots());
    OptimizerState state = Adam.of(1).start(model.parameters(), arena);
    assertThat(state.slot(1).shape()).isEqualTo(model.parameters().values().shape());
    assertThat(state.slot(1).toArray()).containsOnly(0f);
  }

  @Test
  void namesGiveKerassDefaults() {
    assertThat(Optimizer.named("sgd")).isEqualTo(new Sgd(0.01f, 0, false, 0));
    assertThat(Optimizer.named("rmsprop")).isEqualTo(new RmsProp(0.001f, 0.9f, 1e-7f, 0));
    assertThat(Optimizer.named("adam")).isEqualTo(new Adam(0.001f, 0.9f, 0.999f, 1e-7f));
    assertThat(Optimizer.named("adamw")).isEqualTo(new AdamW(0.001f, 0.9f, 0.999f, 1e-7f, 0.004f, false));
    for (String name : new String[] {"sgd", "rmsprop", "adam", "adamw"}) {
      assertThat(Optimizer.named(name).name()).isEqualTo(name);
      assertThat(Optimizer.named(name).withLearningRate(0.5f).learningRate()).isEqualTo(0.5f);
    }
    assertThatThrownBy(() -> Optimizer.named("adagrad"))
        .hasMessage("Optimizer: 'adagrad' is unknown; choices are sgd, rmsprop, adam, adamw");
  }

  @Test
  void numbersThatCannotWorkAreRefused() {
    assertThatThrownBy(() -> Adam.of(0)).hasMessage("Adam: learning rate is 0.0; a finite number above 0 is needed");
    assertThatThrownBy(() -> Adam.of(1).withBetas(1, 0.9f)).hasMessageContaining("beta1 is 1.0");
    assertThatThrownBy(() -> AdamW.of(1).withWeightDecay(-1)).hasMessageContaining("weight decay is -1.0");
    assertThatThrownBy(() -> RmsProp.of(1).withEpsilon(Float.NaN)).hasMessageContaining("epsilon is NaN");
    assertThatThrownBy(() -> Sgd.of(1).withNesterov()).hasMessageContaining("call withMomentum first");
  }
}
