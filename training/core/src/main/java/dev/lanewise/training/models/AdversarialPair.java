package dev.lanewise.training.models;

import dev.lanewise.layers.Model;
import dev.lanewise.layers.Params;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;

/**
 * A generator that draws images from random numbers, and a discriminator that tells them from real ones: two networks, each with parameters
 * of its own, which stand one after the other in the flat tensors of the pair.
 *
 * <p>Source: Goodfellow and others, Generative Adversarial Nets, 2014.
 */
public final class AdversarialPair implements Model, ImageMaker {
  private final Sequential generator;
  private final Sequential discriminator;
  private final Params parameters;
  private final int split;

  private AdversarialPair(Networks networks, Params parameters) {
    this.generator = networks.generator;
    this.discriminator = networks.discriminator;
    this.parameters = parameters;
    this.split = networks.split;
  }

  private record Networks(Sequential generator, Sequential discriminator, int split) {}

  /**
   * Builds the two networks on one set of parameters.
   *
   * @param latent random numbers that an image is drawn from
   * @param generator ends in an image with levels from 0 to 1
   * @param discriminator takes such an image and ends in one logit, positive for real ones
   */
  static AdversarialPair build(int latent, long seed, Arena arena, Sequential.Spec generator, Sequential.Spec discriminator) {
    Params.Built<Networks> built = Params.build(seed, arena, params -> {
      Sequential first = generator.build(Shape.of(latent), params);
      int split = params.count();
      return new Networks(first, discriminator.build(first.outputShape(), params), split);
    });
    return new AdversarialPair(built.model(), built.params());
  }

  /** From random numbers to images. */
  public Sequential generator() {
    return generator;
  }

  /** From images to a logit each. */
  public Sequential discriminator() {
    return discriminator;
  }

  /** What the generator learns and keeps. */
  public Params ofGenerator() {
    return parameters.range(0, split);
  }

  /** What the discriminator learns and keeps. */
  public Params ofDiscriminator() {
    return parameters.range(split, parameters.list().size());
  }

  @Override
  public int latent() {
    return generator.inputShape().dim(0);
  }

  @Override
  public Shape image() {
    return generator.outputShape();
  }

  @Override
  public Tensor draw(Tensor z, Pass pass) {
    return generator.infer(z, pass);
  }

  @Override
  public String name() {
    return "adversarial_pair";
  }

  @Override
  public Params parameters() {
    return parameters;
  }

  @Override
  public String summary() {
    return "Generator\n" + generator.summary() + "\nDiscriminator\n" + discriminator.summary();
  }

  @Override
  public String architecture() {
    return generator.architecture() + " > " + discriminator.architecture();
  }

  /**
   * Of a real image and a drawn one: the generator forward and backward, the discriminator on both with its gradients, and once more on the
   * drawn one, with the gradient for the image alone.
   */
  @Override
  public long trainingFlops() {
    return generator.trainingFlops() + 2 * discriminator.trainingFlops() + 2 * discriminator.flops();
  }
}
