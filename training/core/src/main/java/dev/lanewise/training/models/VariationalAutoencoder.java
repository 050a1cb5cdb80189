package dev.lanewise.training.models;

import dev.lanewise.kernels.Activations;
import dev.lanewise.layers.Model;
import dev.lanewise.layers.Params;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Reparameterize;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;

/**
 * An encoder that describes each image by means and variances of a few normal variables, and a decoder that draws an image from them.
 *
 * <pre>x -> encoder -> [mu | log variance] -> z = mu + sigma eps -> decoder -> logits of the pixels</pre>
 *
 * <p>Source: Kingma and Welling, Auto-Encoding Variational Bayes, 2014.
 */
public final class VariationalAutoencoder implements Model, ImageMaker {
  private final Shape image;
  private final Sequential encoder;
  private final Reparameterize middle;
  private final Sequential decoder;
  private final Params parameters;

  private VariationalAutoencoder(Shape image, Layers layers, Params parameters) {
    this.image = image;
    this.encoder = layers.encoder;
    this.middle = layers.middle;
    this.decoder = layers.decoder;
    this.parameters = parameters;
  }

  private record Layers(Sequential encoder, Reparameterize middle, Sequential decoder) {}

  /**
   * Builds the two networks on one set of parameters.
   *
   * @param image shape of an image, which the encoder takes
   * @param encoder ends in twice as many numbers as there are latent variables
   * @param decoder takes the latent variables and ends in a logit for each pixel
   */
  static VariationalAutoencoder build(Shape image, long seed, Arena arena, Sequential.Spec encoder, Sequential.Spec decoder) {
    Params.Built<Layers> built = Params.build(seed, arena, params -> {
      Sequential first = encoder.build(image, params);
      Reparameterize middle = (Reparameterize) Reparameterize.of().build(first.outputShape(), params);
      return new Layers(first, middle, decoder.build(middle.outputShape(), params));
    });
    return new VariationalAutoencoder(image, built.model(), built.params());
  }

  /** From images to means and logarithms of variances, [n, 2 latent]. */
  public Sequential encoder() {
    return encoder;
  }

  /** The draw in between. */
  public Reparameterize middle() {
    return middle;
  }

  /** From latent variables to logits of the pixels. */
  public Sequential decoder() {
    return decoder;
  }

  @Override
  public int latent() {
    return middle.outputShape().dim(0);
  }

  @Override
  public Shape image() {
    return image;
  }

  @Override
  public Tensor draw(Tensor z, Pass pass) {
    Tensor logits = decoder.infer(z, pass);
    Tensor images = pass.workspace().batch(z.dim(0), image);
    Activations.sigmoid(logits.size(), logits.segment(), images.segment(), pass.workers());
    return images;
  }

  /**
   * What the model makes of images: drawn again from the means alone.
   *
   * @param x [n, height, width, channels]
   */
  public Tensor reconstruct(Tensor x, Pass pass) {
    return draw(middle.infer(encoder.infer(x, pass), pass), pass);
  }

  @Override
  public String name() {
    return "variational_autoencoder";
  }

  @Override
  public Params parameters() {
    return parameters;
  }

  @Override
  public String summary() {
    return "Encoder\n" + encoder.summary() + "\nDecoder of " + latent() + " latent variables\n" + decoder.summary();
  }

  @Override
  public String architecture() {
    return encoder.architecture() + " > " + decoder.architecture();
  }

  /** The encoder's, and the decoder's with the gradient for its input, which the encoder needs. */
  @Override
  public long trainingFlops() {
    return encoder.trainingFlops() + 3 * decoder.flops();
  }
}
