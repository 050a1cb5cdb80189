package dev.lanewise.training.models;

import dev.lanewise.layers.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;

/** A model that draws images: whatever latent vector it is given, a standard normal one gives an image like those it learned from. */
public interface ImageMaker {
  /** How many latent variables decide an image. */
  int latent();

  /** Height, width and channels of an image. */
  Shape image();

  /**
   * Draws.
   *
   * @param z [n, latent]
   * @param pass begun; the images live until it begins again
   * @return images [n, height, width, channels], levels from 0 to 1
   */
  Tensor draw(Tensor z, Pass pass);
}
