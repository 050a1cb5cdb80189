package dev.lanewise.training.models;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.Losses;
import dev.lanewise.layers.Pass;
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
 * Teaches a {@link VariationalAutoencoder} by the negative evidence lower bound of each image, in nats:
 *
 * <pre>
 * loss = reconstruction + kl
 * reconstruction  sum over the pixels of -(x log p + (1 - x) log(1 - p)), p = sigmoid(logit), for one draw of z
 * kl              1/2 sum over the latent variables of mu^2 + sigma^2 - 1 - log sigma^2
 * </pre>
 *
 * <p>Grey levels x from 0 to 1 are taken as they are, as in PyTorch's example. An evaluation draws z too: a bound computed at the means
 * would be none. Its draws belong to the examples, so that it depends on model and data alone.
 */
final class ElboTask implements Task {
  private static final List<String> FIGURES = List.of("reconstruction", "kl");
  private static final long EVALUATION_SEED = 0;

  private final VariationalAutoencoder model;
  private final List<Part> parts;
  private final Saved encoded = new Saved();
  private final Saved drawn = new Saved();
  private final Saved decoded = new Saved();

  private long evaluated;
  private int rows;
  private double reconstruction;
  private double divergence;

  ElboTask(VariationalAutoencoder model, Optimizer optimizer) {
    this.model = model;
    this.parts = List.of(new Part("model", model.parameters(), optimizer));
  }

  @Override
  public VariationalAutoencoder model() {
    return model;
  }

  @Override
  public List<Part> parts() {
    return parts;
  }

  @Override
  public String settings() {
    return "negative_elbo";
  }

  @Override
  public void requireFits(Dataset data, int batch) {
    if (!data.inputShape().equals(model.image())) {
      throw new ShapeException("vae: the model takes " + model.image() + " but the examples are " + data.inputShape());
    }
  }

  @Override
  public void startEvaluation() {
    evaluated = 0;
  }

  @Override
  public double train(Batch batch, Pass pass, Updates updates) {
    int n = batch.count();
    Tensor z = model.middle().forward(model.encoder().forward(batch.x(), encoded, pass), drawn, pass);
    Tensor logits = model.decoder().forward(z, decoded, pass);
    int pixels = (int) (logits.size() / n);
    Tensor losses = pass.workspace().tensor(n);
    Tensor dlogits = pass.workspace().tensor(logits.shape());
    // The kernel's loss is a mean over the pixels: their number makes it the sum, 1 / n the mean over the images.
    Losses.binaryCrossEntropy(n, pixels, logits.segment(), batch.x().segment(), losses.segment(), dlogits.segment(),
        (float) pixels / n, pass.workers());
    double loss = sum(n, pixels, losses, pass);
    Tensor dz = Objects.requireNonNull(model.decoder().backward(dlogits, decoded, pass, true));
    Tensor dh = Objects.requireNonNull(model.middle().backward(dz, drawn, pass, true));
    model.middle().addDivergenceGradient(drawn, 1f / n, dh, pass);
    model.encoder().backward(dh, encoded, pass, false);
    updates.apply(0, loss);
    return loss;
  }

  @Override
  public double evaluate(Batch batch, Pass pass) {
    int n = batch.count();
    Tensor h = model.encoder().infer(batch.x(), pass);
    Tensor z = model.middle().sampleAt(EVALUATION_SEED, evaluated, h, drawn, pass);
    evaluated += n;
    Tensor logits = model.decoder().infer(z, pass);
    int pixels = (int) (logits.size() / n);
    Tensor losses = pass.workspace().tensor(n);
    Losses.binaryCrossEntropy(n, pixels, logits.segment(), batch.x().segment(), losses.segment(), pass.workers());
    return sum(n, pixels, losses, pass);
  }

  /** Adds up both terms over the images of the batch. */
  private double sum(int n, int pixels, Tensor losses, Pass pass) {
    Tensor divergences = pass.workspace().tensor(n);
    model.middle().divergence(drawn, divergences, pass);
    rows = n;
    reconstruction = 0;
    divergence = 0;
    for (int i = 0; i < n; i++) {
      reconstruction += (double) losses.segment().getAtIndex(JAVA_FLOAT, i) * pixels;
      divergence += divergences.segment().getAtIndex(JAVA_FLOAT, i);
    }
    return reconstruction + divergence;
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
    return i == 0 ? reconstruction : divergence;
  }
}
