package dev.lanewise.cli;

import dev.lanewise.tensor.Shape;
import dev.lanewise.training.Schedule;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.Augmentation;
import dev.lanewise.training.data.Splits;
import dev.lanewise.training.models.Cnn;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code train cnn}: handwritten digits. */
@Command(name = "cnn", sortOptions = false, description = {
    "Train the convolutional network on MNIST, or on any data set of that form: --data names the folder with the four files,",
    "or one that has them in mnist/. Shows progress, then loss and accuracy on the test images, which are used for nothing else."})
final class TrainCnn extends TrainCommand {
  @Option(names = "--augment", description = "Shift, turn, zoom, shear and bend each training image anew; the learning rate falls with the cosine then, "
      + "unless a schedule is given.") private @Nullable Boolean augment;

  @Override
  Course course(TrainingOptions options, Arena arena, Terminal terminal) throws IOException {
    Splits data = Digits.load(options.data, options.limit(), arena, terminal);
    if (options.limit == null) {
      requireTwoClasses(data);
    }
    Shape image = data.train().inputShape();
    Cnn recipe = new Cnn(image.dim(0), image.dim(1), data.train().classes());
    return Course.of(data.name(), recipe, data.train(), Course.Unit.IMAGES).withTest(data.test());
  }

  private static void requireTwoClasses(Splits data) throws IOException {
    int first = data.train().label(0);
    for (int i = 1; i < data.train().size(); i++) {
      if (data.train().label(i) != first) {
        return;
      }
    }
    throw new IOException(String.format(Locale.ROOT, "%s: all %,d training images are of class %d; there is nothing to tell apart",
        data.name(), data.train().size(), first));
  }

  @Override
  void adjust(Trainer trainer) {
    if (fillsAhead()) {
      // Images that are new each time keep the gradient noisy to the end: only a falling rate lets the parameters settle.
      trainer.augmentation(Augmentation.mnist()).schedule(Schedule.cosine());
    }
  }

  @Override
  boolean fillsAhead() {
    return or(augment, false);
  }
}
