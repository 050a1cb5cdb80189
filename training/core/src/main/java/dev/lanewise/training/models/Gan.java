package dev.lanewise.training.models;

import dev.lanewise.layers.Activation;
import dev.lanewise.layers.BatchNorm;
import dev.lanewise.layers.Conv2d;
import dev.lanewise.layers.ConvTranspose2d;
import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Flatten;
import dev.lanewise.layers.LeakyRelu;
import dev.lanewise.layers.Model;
import dev.lanewise.layers.Padding;
import dev.lanewise.layers.Relu;
import dev.lanewise.layers.Reshape;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.training.Adam;
import dev.lanewise.training.Task;
import dev.lanewise.training.Trainer;
import java.lang.foreign.Arena;
import java.util.Map;

/**
 * A pair of convolutional networks that learn from each other to draw grey images: digits, on MNIST.
 *
 * <pre>
 * generator      latent > dense 256, norm, relu > dense h/4 w/4 128, norm, relu
 *                > transposed 32 of 4x4, stride 2, norm, relu > transposed 1 of 4x4, stride 2, sigmoid
 * discriminator  image > 32 of 4x4, stride 2, leaky > 64 of 4x4, stride 2, norm, leaky > dense 256, norm, leaky > dense 1
 * </pre>
 *
 * <p>Without the dense layers of 256 each network sees an image only in pieces of a few pixels, and strokes stay broken. Both are trained by Adam with a learning rate
 * of 2e-4 and beta1 0.5, in batches of 32, since it is steps that they need; the generator that is kept is the moving average of its
 * parameters, which wavers less. Source: Radford, Metz and Chintala, Unsupervised Representation Learning with Deep Convolutional Generative
 * Adversarial Networks, 2016; the dense layers: Chen and others, InfoGAN, 2016, appendix C.1; the average: Yazici and others, The Unusual Effectiveness of Averaging in GAN Training, 2019.
 *
 * @param height of an image, a multiple of 4
 * @param width of an image, a multiple of 4
 * @param latent random numbers that an image is drawn from, at least 1
 */
public record Gan(int height, int width, int latent) implements Recipe {
  /** On the command line and in files. */
  public static final String NAME = "gan";

  private static final int DRAWN = 128;
  private static final int WIDE = 64;
  private static final int NARROW = 32;
  private static final int DENSE = 256;
  private static final float SLOPE = 0.2f;
  private static final float MOMENTUM = 0.9f;
  private static final float AVERAGE = 0.999f;

  public Gan {
    if (height < 4 || width < 4 || height % 4 != 0 || width % 4 != 0 || latent < 1) {
      throw new IllegalArgumentException("Gan: images of " + height + "x" + width + " from " + latent
          + " random numbers; sides that are multiples of 4 and at least 1 number are needed");
    }
  }

  /** For MNIST. */
  public static Gan digits() {
    return new Gan(28, 28, 64);
  }

  @Override
  public AdversarialPair build(long seed, Arena arena) {
    return AdversarialPair.build(latent, seed, arena, generator(), discriminator());
  }

  private Sequential.Spec generator() {
    int h = height / 4;
    int w = width / 4;
    return Sequential.spec(
        Dense.of(DENSE),
        BatchNorm.of().withMomentum(MOMENTUM),
        Relu.of(),
        Dense.of(h * w * DRAWN),
        BatchNorm.of().withMomentum(MOMENTUM),
        Relu.of(),
        Reshape.to(Shape.of(h, w, DRAWN)),
        ConvTranspose2d.of(NARROW, 4, Activation.LINEAR).withPadding(Padding.SAME).withStrides(2, 2),
        BatchNorm.of().withMomentum(MOMENTUM),
        Relu.of(),
        ConvTranspose2d.of(1, 4, Activation.SIGMOID).withPadding(Padding.SAME).withStrides(2, 2));
  }

  private Sequential.Spec discriminator() {
    return Sequential.spec(
        Conv2d.of(NARROW, 4, Activation.LINEAR).withPadding(Padding.SAME).withStrides(2, 2),
        LeakyRelu.of(SLOPE),
        Conv2d.of(WIDE, 4, Activation.LINEAR).withPadding(Padding.SAME).withStrides(2, 2),
        BatchNorm.of().withMomentum(MOMENTUM),
        LeakyRelu.of(SLOPE),
        Flatten.of(),
        Dense.of(DENSE),
        BatchNorm.of().withMomentum(MOMENTUM),
        LeakyRelu.of(SLOPE),
        Dense.of(1));
  }

  @Override
  public Task task(Model model) {
    Adam adam = Adam.of(2e-4f).withBetas(0.5f, 0.999f);
    return new AdversarialTask((AdversarialPair) model, adam, adam);
  }

  @Override
  public Trainer trainer(Model model) {
    return Recipe.super.trainer(model).ema(AVERAGE);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> options() {
    return Map.of("height", "" + height, "width", "" + width, "latent", "" + latent);
  }

  @Override
  public int epochs() {
    return 16;
  }

  @Override
  public int batch() {
    return 32;
  }
}
