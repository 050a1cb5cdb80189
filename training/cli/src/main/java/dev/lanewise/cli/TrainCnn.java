package dev.lanewise.cli;

import dev.lanewise.tensor.Shape;
import dev.lanewise.training.models.Cnn;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code train cnn}: handwritten digits. */
@Command(name = "cnn", sortOptions = false, description = {
    "Train the convolutional network on MNIST, or on any data set of that form.",
    "Shows progress, then loss and accuracy on the test images, which are used for nothing else."})
final class TrainCnn implements Callable<Integer> {
  @Mixin private TrainingOptions options;

  @Override
  public Integer call() throws IOException {
    return new TrainingRun("cnn", options, data -> {
      Shape image = data.train().inputShape();
      return new Cnn(image.dim(0), image.dim(1), data.train().classes());
    }).run();
  }
}
