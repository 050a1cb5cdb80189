package dev.lanewise.training.models;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.Losses;
import dev.lanewise.kernels.Rng;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Pass.ParameterGradients;
import dev.lanewise.layers.Saved;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.Optimizer;
import dev.lanewise.training.Part;
import dev.lanewise.training.Task;
import dev.lanewise.training.Updates;
import dev.lanewise.training.data.Batch;
import dev.lanewise.training.data.Dataset;
import java.util.List;
import java.util.Objects;

/**
 * Teaches an {@link AdversarialPair}, both networks in each step, on n real images x and n drawn ones G(z), z standard normal:
 *
 * <pre>
 * discriminator  mean of -log D(x) - log(1 - D(G(z)))        D the sigmoid of its logit
 * generator      mean of -log D(G(z)), the D that has just learned; the form whose gradient does not vanish where D is sure
 * </pre>
 *
 * <p>Real and drawn images go through the discriminator apart, so that batch normalisation never mixes them. The loss of the run is the sum
 * of both. z is a function of seed and step, so a resumed run goes on to the same bits and nothing needs to
 * be kept beside parameters and optimizers. Source: Goodfellow and others, Generative Adversarial Nets, 2014, section 3 and algorithm 1
 * with k = 1.
 */
final class AdversarialTask implements Task {
  private static final int GENERATOR = 0;
  private static final int DISCRIMINATOR = 1;
  private static final List<String> FIGURES = List.of("discriminator_loss", "generator_loss");

  private static final long DRAWS = 0x4741_4E5AL << 32; // "GANZ"
  private static final long EVALUATION_DRAWS = DRAWS + 1;
  private static final long EVALUATION_SEED = 0;

  private final AdversarialPair model;
  private final List<Part> parts;
  private final Saved generated = new Saved();
  private final Saved judged = new Saved();

  private long evaluated;
  private int rows;
  private double discriminatorLoss;
  private double generatorLoss;

  AdversarialTask(AdversarialPair model, Optimizer generator, Optimizer discriminator) {
    this.model = model;
    this.parts = List.of(
        new Part("generator", model.ofGenerator(), generator),
        new Part("discriminator", model.ofDiscriminator(), discriminator));
  }

  @Override
  public AdversarialPair model() {
    return model;
  }

  @Override
  public List<Part> parts() {
    return parts;
  }

  @Override
  public String settings() {
    return "adversarial";
  }

  @Override
  public void requireFits(Dataset data, int batch) {
    if (!data.inputShape().equals(model.image())) {
      throw new ShapeException("gan: the model draws " + model.image() + " but the examples are " + data.inputShape());
    }
  }

  @Override
  public void startEvaluation() {
    evaluated = 0;
  }

  @Override
  public double train(Batch batch, Pass pass, Updates updates) {
    if (pass.accumulateGradients()) {
      throw new IllegalStateException("gan: each batch changes both networks in turn, so gradients of several batches cannot be"
          + " added up; take larger batches instead");
    }
    int n = batch.count();
    Tensor z = pass.workspace().tensor(n, model.latent());
    Rng.normal(pass.seed(), DRAWS, pass.step() << 32, z.size(), z.segment(), 0, 1, pass.workers());
    Tensor drawn = model.generator().forward(z, generated, pass);

    Tensor gradient = pass.workspace().tensor(n, 1);
    discriminatorLoss = judge(batch.x(), true, gradient, pass);
    model.discriminator().backward(gradient, judged, pass, false);
    discriminatorLoss += judge(drawn, false, gradient, pass);
    pass.parameterGradients(ParameterGradients.ADD);
    model.discriminator().backward(gradient, judged, pass, false);
    rows = n;
    updates.apply(DISCRIMINATOR, discriminatorLoss);

    // This time the drawn images want to be taken for real ones. The discriminator's own gradients are of no use.
    generatorLoss = judge(drawn, true, gradient, pass);
    pass.parameterGradients(ParameterGradients.SKIP);
    Tensor forImages = Objects.requireNonNull(model.discriminator().backward(gradient, judged, pass, true));
    pass.parameterGradients(ParameterGradients.OVERWRITE);
    model.generator().backward(forImages, generated, pass, false);
    updates.apply(GENERATOR, generatorLoss);
    return discriminatorLoss + generatorLoss;
  }

  /**
   * The sum of losses of images that are to be taken for real or for drawn.
   *
   * @param gradient of the mean loss for the logits, written
   */
  private double judge(Tensor images, boolean real, Tensor gradient, Pass pass) {
    int n = images.dim(0);
    Tensor logits = model.discriminator().forward(images, judged, pass);
    Tensor targets = targets(n, real, pass);
    Tensor losses = pass.workspace().tensor(n);
    Losses.binaryCrossEntropy(n, 1, logits.segment(), targets.segment(), losses.segment(), gradient.segment(), 1f / n,
        pass.workers());
    return sum(losses);
  }

  @Override
  public double evaluate(Batch batch, Pass pass) {
    int n = batch.count();
    Tensor z = pass.workspace().tensor(n, model.latent());
    Rng.normal(EVALUATION_SEED, EVALUATION_DRAWS, evaluated * model.latent(), z.size(), z.segment(), 0, 1, pass.workers());
    evaluated += n;
    Tensor ofReal = model.discriminator().infer(batch.x(), pass);
    Tensor ofDrawn = model.discriminator().infer(model.generator().infer(z, pass), pass);
    rows = n;
    discriminatorLoss = loss(ofReal, true, pass) + loss(ofDrawn, false, pass);
    generatorLoss = loss(ofDrawn, true, pass);
    return discriminatorLoss + generatorLoss;
  }

  private static double loss(Tensor logits, boolean real, Pass pass) {
    int n = logits.dim(0);
    Tensor targets = targets(n, real, pass);
    Tensor losses = pass.workspace().tensor(n);
    Losses.binaryCrossEntropy(n, 1, logits.segment(), targets.segment(), losses.segment(), pass.workers());
    return sum(losses);
  }

  private static Tensor targets(int n, boolean real, Pass pass) {
    return pass.workspace().tensor(n, 1).fill(real ? 1 : 0);
  }

  private static double sum(Tensor losses) {
    double sum = 0;
    for (long i = 0; i < losses.size(); i++) {
      sum += losses.segment().getAtIndex(JAVA_FLOAT, i);
    }
    return sum;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public List<String> figures() {
    return FIGURES;
  }

  @Override
  public double figure(int i) {
    return i == 0 ? discriminatorLoss : generatorLoss;
  }
}
