package dev.lanewise.cli;

import dev.lanewise.tensor.Shape;
import dev.lanewise.training.data.Splits;
import dev.lanewise.training.models.Vae;
import java.io.IOException;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code train vae}: a variational autoencoder of images. */
@Command(name = "vae", sortOptions = false, description = {
    "Train a variational autoencoder on MNIST, or on any data set of that form. Its loss is the negative evidence lower bound of an",
    "image in nats, a sum over the pixels; the test images are used for nothing but the last figure."})
final class TrainVae extends TrainCommand {
  private static final int LATENT = 20;

  @Option(names = "--conv", description = "Convolutional networks instead of dense ones: slower, and a better bound.") private @Nullable Boolean conv;

  @Option(names = "--latent", paramLabel = "N", converter = Converters.Count.class, description = "Latent variables of an image (default: 20).") private @Nullable Integer latent;

  @Override
  Course course(TrainingOptions options, Arena arena, Terminal terminal) throws IOException {
    Splits data = Digits.load(options.data, options.limit(), arena, terminal);
    Shape image = data.train().inputShape();
    Vae recipe = new Vae(image.dim(0), image.dim(1), or(latent, LATENT), or(conv, false));
    return Course.of(data.name(), recipe, data.train(), Course.Unit.IMAGES).withTest(data.test()).withHeadlines("testLoss");
  }
}
