package dev.lanewise.training.data;

/**
 * How far images are bent before they are learned: limits for a random affine map and the strength of an elastic one.
 * Immutable; {@link #mnist} is a sensible start for digits.
 *
 * <p>Each image of each epoch draws, from (seed, epoch, image) alone: a shift of up to {@code shift} pixels in each
 * direction, a rotation of up to {@code rotation} degrees, a zoom factor within {@code 1 +- zoom}, a horizontal shear of
 * up to {@code shear} (the tangent of the slant), all uniform, and an elastic displacement whose standard deviation per
 * direction is {@code elastic} pixels (see {@link ElasticField}). They are composed into one map and the image is
 * resampled once, so that it is blurred only once.
 *
 * <p>Source: Simard, Steinkraus and Platt, Best Practices for Convolutional Neural Networks Applied to Visual Document
 * Analysis, ICDAR 2003, section 2.
 *
 * @param shift pixels, at least 0
 * @param rotation degrees, 0 to 180
 * @param zoom in [0, 1)
 * @param shear at least 0
 * @param elastic pixels, at least 0
 */
public record Augmentation(float shift, float rotation, float zoom, float shear, float elastic) {

  /** Strength zero: every image comes back bit for bit. */
  public static final Augmentation NONE = new Augmentation(0, 0, 0, 0, 0);

  public Augmentation {
    require(shift >= 0 && shift <= 1024, "shift", shift, "0 to 1024 pixels");
    require(rotation >= 0 && rotation <= 180, "rotation", rotation, "0 to 180 degrees");
    require(zoom >= 0 && zoom < 1, "zoom", zoom, "at least 0 and less than 1");
    require(shear >= 0 && shear <= 8, "shear", shear, "0 to 8");
    require(elastic >= 0 && elastic <= 64, "elastic", elastic, "0 to 64 pixels");
  }

  /** For digits of 28x28: shift 2 pixels, rotation 10 degrees, zoom 10%, shear 0.1, elastic 0.7 pixels. */
  public static Augmentation mnist() {
    return new Augmentation(2, 10, 0.1f, 0.1f, 0.7f);
  }

  public Augmentation withShift(float pixels) {
    return new Augmentation(pixels, rotation, zoom, shear, elastic);
  }

  public Augmentation withRotation(float degrees) {
    return new Augmentation(shift, degrees, zoom, shear, elastic);
  }

  public Augmentation withZoom(float fraction) {
    return new Augmentation(shift, rotation, fraction, shear, elastic);
  }

  public Augmentation withShear(float tangent) {
    return new Augmentation(shift, rotation, zoom, tangent, elastic);
  }

  public Augmentation withElastic(float pixels) {
    return new Augmentation(shift, rotation, zoom, shear, pixels);
  }

  /** Something that fills batches with augmented images of {@code images}; for one thread at a time. */
  public Augmenter augmenter(ImageDataset images, long seed) {
    return new Augmenter(this, images, seed);
  }

  private static void require(boolean holds, String name, float value, String range) {
    if (!holds) {
      throw new IllegalArgumentException("Augmentation: " + name + " is " + value + "; legal is " + range);
    }
  }
}
