package dev.lanewise.training.data;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Tensor;

/**
 * Draws one random map per image and resamples the image through it. Holds the scratch for that, so it serves one
 * thread at a time and allocates nothing after it is made.
 */
public final class Augmenter {
  private static final float RADIANS = (float) (Math.PI / 180);

  private final Augmentation limits;
  private final ImageDataset images;
  private final long seed;
  private final Draws draws = new Draws();
  private final ElasticField field;
  private final ImageWarp warp;

  Augmenter(Augmentation limits, ImageDataset images, long seed) {
    this.limits = limits;
    this.images = images;
    this.seed = seed;
    this.field = new ElasticField(images.height(), images.width());
    this.warp = new ImageWarp(images.height(), images.width());
  }

  /**
   * Like {@link ImageDataset#batch}, but each image is bent as (seed, epoch, index of the image) says: the same whatever
   * batch it is in and whichever thread asks. Every value lies in [0, 1]; what a map brings in from outside is 0.
   */
  public void batch(int epoch, int[] order, int from, int count, Tensor x, IntTensor y) {
    images.requireRoom(order, from, count, x, y);
    for (int i = 0; i < count; i++) {
      int image = order[from + i];
      draws.begin(seed, Streams.AUGMENT + epoch, image);
      warp.load(images, image);
      drawMap();
      warp.run(field, x.segment(), i);
    }
    images.copyLabels(order, from, count, y);
  }

  private void drawMap() {
    float dy = draws.within(limits.shift());
    float dx = draws.within(limits.shift());
    float angle = draws.within(limits.rotation()) * RADIANS;
    float scale = 1 / (1 + draws.within(limits.zoom()));
    float shear = draws.within(limits.shear());
    float cos = (float) SmallAngle.cos(angle);
    float sin = (float) SmallAngle.sin(angle);
    // From a point of the result back to the source: shear, then rotation and zoom, about the centre.
    warp.map(scale * (cos + sin * shear), scale * sin, scale * (cos * shear - sin), scale * cos, dy, dx);
    if (limits.elastic() > 0) {
      field.draw(draws, limits.elastic());
    }
  }
}
