package dev.lanewise.cli;

import dev.lanewise.tensor.Shape;
import dev.lanewise.training.data.Splits;
import dev.lanewise.training.models.Gan;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code train gan}: images drawn by a generator that learns from a discriminator. */
@Command(name = "gan", sortOptions = false, description = {
    "Train a convolutional generator and its discriminator on MNIST, or on any data set of that form. The losses of the two say little:",
    "look at the images (generate), or let a trained cnn judge 10,000 of them."})
final class TrainGan extends TrainCommand {
  private static final int LATENT = 64;

  @Option(names = "--latent", paramLabel = "N", converter = Converters.Count.class, description = "Random numbers that an image is drawn from (default: 64).") private @Nullable Integer latent;

  @Option(names = "--judge", paramLabel = "CNN", description = "A model of train cnn: at the end it looks at 10,000 images. Share it is sure of (above 0.9), "
      + "shares of the rarest and the most frequent class, class score.") private @Nullable Path judge;

  @Override
  Course course(TrainingOptions options, Arena arena, Terminal terminal) throws IOException {
    Path classifier = judge;
    if (classifier != null) {
      Judge.require(classifier);
    }
    Splits data = Digits.load(options.data, options.limit(), arena, terminal);
    Shape image = data.train().inputShape();
    Gan recipe = new Gan(image.dim(0), image.dim(1), or(latent, LATENT));
    Course course = Course.of(data.name(), recipe, data.train(), Course.Unit.IMAGES);
    return classifier == null ? course : course.withOutcome((model, workers) -> Judge.of(classifier, model, workers));
  }
}
