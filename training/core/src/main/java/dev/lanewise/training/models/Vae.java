package dev.lanewise.training.models;

import dev.lanewise.layers.Activation;
import dev.lanewise.layers.Conv2d;
import dev.lanewise.layers.ConvTranspose2d;
import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Flatten;
import dev.lanewise.layers.Model;
import dev.lanewise.layers.Padding;
import dev.lanewise.layers.Reshape;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.training.Adam;
import dev.lanewise.training.Task;
import java.lang.foreign.Arena;
import java.util.Map;

/**
 * A variational autoencoder of grey images: 784-400-20-400-784 on MNIST, as in PyTorch's example, or a convolutional one that fits the
 * images better.
 *
 * <p>It is trained with Adam, a learning rate of 1e-3, 10 epochs of batches of 128.
 *
 * @param height of an image, at least 1
 * @param width of an image, at least 1
 * @param latent variables, at least 1
 * @param convolutional whether the two networks are convolutional, which takes images whose sides are multiples of 4
 */
public record Vae(int height, int width, int latent, boolean convolutional) implements Recipe {
  /** On the command line and in files. */
  public static final String NAME = "vae";

  private static final int HIDDEN = 400;

  public Vae {
    if (height < 1 || width < 1 || latent < 1) {
      throw new IllegalArgumentException(
          "Vae: images of " + height + "x" + width + ", " + latent + " latent variables; all must be at least 1");
    }
    if (convolutional && (height % 4 != 0 || width % 4 != 0)) {
      throw new IllegalArgumentException("Vae: images of " + height + "x" + width
          + "; the convolutional one takes sides that are multiples of 4, the dense one any");
    }
  }

  /** The dense one for MNIST. */
  public static Vae dense() {
    return new Vae(28, 28, 20, false);
  }

  /** The convolutional one for MNIST. */
  public static Vae conv() {
    return new Vae(28, 28, 20, true);
  }

  @Override
  public VariationalAutoencoder build(long seed, Arena arena) {
    Shape image = Shape.of(height, width, 1);
    return convolutional
        ? VariationalAutoencoder.build(image, seed, arena, convEncoder(), convDecoder())
        : VariationalAutoencoder.build(image, seed, arena, denseEncoder(), denseDecoder());
  }

  private Sequential.Spec denseEncoder() {
    return Sequential.spec(
        Flatten.of(),
        Dense.of(HIDDEN, Activation.RELU),
        Dense.of(2 * latent));
  }

  private Sequential.Spec denseDecoder() {
    return Sequential.spec(
        Dense.of(HIDDEN, Activation.RELU),
        Dense.of(height * width),
        Reshape.to(Shape.of(height, width, 1)));
  }

  private Sequential.Spec convEncoder() {
    return Sequential.spec(
        Conv2d.of(32, 4, Activation.RELU).withPadding(Padding.SAME).withStrides(2, 2),
        Conv2d.of(64, 4, Activation.RELU).withPadding(Padding.SAME).withStrides(2, 2),
        Flatten.of(),
        Dense.of(256, Activation.RELU),
        Dense.of(2 * latent));
  }

  private Sequential.Spec convDecoder() {
    int h = height / 4;
    int w = width / 4;
    return Sequential.spec(
        Dense.of(256, Activation.RELU),
        Dense.of(h * w * 64, Activation.RELU),
        Reshape.to(Shape.of(h, w, 64)),
        ConvTranspose2d.of(32, 4, Activation.RELU).withPadding(Padding.SAME).withStrides(2, 2),
        ConvTranspose2d.of(1, 4, Activation.LINEAR).withPadding(Padding.SAME).withStrides(2, 2));
  }

  @Override
  public Task task(Model model) {
    return new ElboTask((VariationalAutoencoder) model, Adam.of(1e-3f));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> options() {
    return Map.of("height", "" + height, "width", "" + width, "latent", "" + latent, "convolutional", "" + convolutional);
  }

  @Override
  public int epochs() {
    return 10;
  }

  @Override
  public int batch() {
    return 128;
  }
}
