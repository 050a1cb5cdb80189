package dev.lanewise.training.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Activation;
import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Flatten;
import dev.lanewise.layers.GradientCheck;
import dev.lanewise.layers.Layer;
import dev.lanewise.layers.Param;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Reshape;
import dev.lanewise.layers.Saved;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import dev.lanewise.training.Adam;
import dev.lanewise.training.data.Batch;
import java.lang.foreign.Arena;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The negative evidence lower bound of one image as a layer, so that the whole task is checked against its formula in double. */
class ElboGradientTest {
  private static final float[] IMAGE = {0.1f, 0.9f, 0f, 1f};
  private static final int HIDDEN = 3;
  private static final int LATENT = 2;

  /** y = x + bound; x is there because a layer has an input. */
  private static final class Bound implements Layer, AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final Workspace workspace = Workspace.open();
    private final Pass inner = Pass.of(workspace, Workers.single(), 9);
    private final VariationalAutoencoder model = VariationalAutoencoder.build(Shape.of(2, 2, 1), 1, arena,
        Sequential.spec(Flatten.of(), Dense.of(HIDDEN, Activation.TANH), Dense.of(2 * LATENT)),
        Sequential.spec(Dense.of(HIDDEN, Activation.TANH), Dense.of(4), Reshape.to(Shape.of(2, 2, 1))));
    private final ElboTask task = new ElboTask(model, Adam.of(1));
    private final Batch batch =
        new Batch(Tensor.of(arena, Shape.of(1, 2, 2, 1), IMAGE), IntTensor.allocate(arena, Shape.of(1)), null, 1);

    /** The numbers that the draw uses: those of a normal variable that is standard already. */
    double[] eps() {
      inner.begin(0);
      float[] z = model.middle().forward(Tensor.allocate(arena, Shape.of(1, 2 * LATENT)), new Saved(), inner).toArray();
      return new double[] {z[0], z[1]};
    }

    @Override
    public String name() {
      return "bound";
    }

    @Override
    public Shape inputShape() {
      return Shape.of(1);
    }

    @Override
    public Shape outputShape() {
      return Shape.of(1);
    }

    @Override
    public List<Param> params() {
      return model.parameters().list();
    }

    @Override
    public Tensor infer(Tensor x, Pass pass) {
      return forward(x, new Saved(), pass);
    }

    @Override
    public Tensor forward(Tensor x, Saved saved, Pass pass) {
      Tensor before = Tensor.allocate(arena, model.parameters().gradients().shape());
      if (pass.accumulateGradients()) {
        before.copyFrom(model.parameters().gradients());
      }
      saved.keep(before, before);
      inner.begin(0);
      Tensor y = pass.workspace().tensor(1, 1);
      y.set(0, (float) (x.get(0) + task.train(batch, inner, (part, loss) -> {})));
      return y;
    }

    @Override
    public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
      Tensor gradients = model.parameters().gradients();
      for (long i = 0; i < gradients.size(); i++) {
        gradients.set(i, Math.fma(dy.get(0), gradients.get(i), saved.input().get(i)));
      }
      return inputGradient ? dy : null;
    }

    @Override
    public void close() {
      workspace.close();
      arena.close();
    }
  }

  private static double[] dense(double[] x, double[] w, double[] b) {
    double[] y = b.clone();
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < y.length; j++) {
        y[j] += x[i] * w[i * y.length + j];
      }
    }
    return y;
  }

  private static double[] tanh(double[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = Math.tanh(x[i]);
    }
    return y;
  }

  private static double bound(double[][] p, double[] eps) {
    double[] image = new double[IMAGE.length];
    for (int i = 0; i < image.length; i++) {
      image[i] = IMAGE[i];
    }
    double[] h = dense(tanh(dense(image, p[0], p[1])), p[2], p[3]);
    double[] z = new double[LATENT];
    double loss = 0;
    for (int j = 0; j < LATENT; j++) {
      z[j] = h[j] + Math.exp(h[LATENT + j] / 2) * eps[j];
      loss += 0.5 * (h[j] * h[j] + Math.exp(h[LATENT + j]) - 1 - h[LATENT + j]);
    }
    double[] logits = dense(tanh(dense(z, p[4], p[5])), p[6], p[7]);
    for (int i = 0; i < image.length; i++) {
      loss += Math.log1p(Math.exp(logits[i])) - image[i] * logits[i];
    }
    return loss;
  }

  @Test
  void theGradientIsThatOfTheBound() {
    try (Bound layer = new Bound()) {
      double[] eps = layer.eps();
      // Forward 5 + 4 + 3 + 5 terms and 4 functions of at most 4 units each, backward as many again.
      GradientCheck.Report report = GradientCheck
          .of((input, params) -> layer, Shape.of(1), (x, params) -> new double[] {x[0] + bound(params, eps)})
          .batch(1).roundings(66).run();
      System.out.println(report);
      assertThat(report.worst()).isPositive();
    }
  }
}
