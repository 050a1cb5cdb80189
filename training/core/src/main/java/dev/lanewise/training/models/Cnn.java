package dev.lanewise.training.models;

import dev.lanewise.layers.Activation;
import dev.lanewise.layers.Conv2d;
import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Flatten;
import dev.lanewise.layers.MaxPool2d;
import dev.lanewise.layers.Model;
import dev.lanewise.layers.Sequential;
import dev.lanewise.layers.Softmax;
import dev.lanewise.tensor.Shape;
import dev.lanewise.training.Adam;
import dev.lanewise.training.Loss;
import dev.lanewise.training.Metric;
import dev.lanewise.training.Supervised;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

/**
 * The article's convolutional network for handwritten digits: 225,034 parameters on images of 28x28 in 10 classes.
 *
 * <p>It is trained as in Keras: Adam with a learning rate of 1e-3, 5 epochs of batches of 32, Glorot uniform weights,
 * zero biases, valid padding. {@link dev.lanewise.training.Schedule#cosine()} ends higher with the same number of steps.
 *
 * @param height of an image, at least 10, so that something is left after two convolutions and two poolings
 * @param width of an image, at least 10
 * @param classes how many kinds of images there are, at least 2
 */
public record Cnn(int height, int width, int classes) implements Recipe {
  /** Its name on the command line and in files. */
  public static final String NAME = "cnn";

  public Cnn {
    if (height < 10 || width < 10 || classes < 2) {
      throw new IllegalArgumentException("Cnn: images of " + height + "x" + width + " in " + classes
          + " classes; at least 10x10 and 2 are needed");
    }
  }

  /** The article's: MNIST. */
  public static Cnn article() {
    return new Cnn(28, 28, 10);
  }

  @Override
  public Sequential build(long seed, Arena arena) {
    return Sequential.build(Shape.of(height, width, 1), seed, arena,
        Conv2d.of(32, 3, Activation.RELU),
        MaxPool2d.of(2),
        Conv2d.of(64, 3, Activation.RELU),
        MaxPool2d.of(2),
        Flatten.of(),
        Dense.of(128, Activation.RELU),
        Dense.of(classes),
        Softmax.of());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> options() {
    return Map.of("height", "" + height, "width", "" + width, "classes", "" + classes);
  }

  @Override
  public Supervised task(Model model) {
    return Supervised.of((Sequential) model, Loss.SPARSE_CATEGORICAL_CROSSENTROPY, Adam.of(1e-3f));
  }

  @Override
  public List<Metric> metrics() {
    return List.of(Metric.accuracy());
  }

  @Override
  public int epochs() {
    return 5;
  }

  @Override
  public int batch() {
    return 32;
  }
}
