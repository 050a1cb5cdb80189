package dev.lanewise.training.data;

/**
 * Images to train on, images to test on, and what they are.
 *
 * @param name "mnist", "synthetic" or the caller's word; shown beside every figure that comes from them
 */
public record Splits(ImageDataset train, ImageDataset test, String name) {

  public Splits {
    if (!train.inputShape().equals(test.inputShape()) || train.classes() != test.classes()) {
      throw new IllegalArgumentException("Splits: train has images " + train.inputShape() + " in " + train.classes()
          + " classes but test has " + test.inputShape() + " in " + test.classes());
    }
  }

  /**
   * Holds the last {@code n} examples back for testing, as Keras's {@code validation_split} does.
   *
   * @throws IllegalArgumentException when either side would be empty
   */
  public static Splits holdOut(ImageDataset data, int n, String name) {
    int rest = data.size() - n;
    return new Splits(data.slice(0, rest), data.slice(rest, data.size()), name);
  }

  /** The same test images, and the first {@code n} of the training images. */
  public Splits limitTrain(int n) {
    return new Splits(train.limit(n), test, name);
  }
}
