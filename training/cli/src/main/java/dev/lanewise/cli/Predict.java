package dev.lanewise.cli;

import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.Checkpoints;
import dev.lanewise.training.Trainer;
import dev.lanewise.training.data.ImageDataset;
import dev.lanewise.training.models.ModelFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code predict MODEL IMAGE...}: what digits are on images. */
@Command(name = "predict", sortOptions = false, description = {
    "Say which digit is on each image, with the probabilities of all.",
    "Images may have any size and be dark on light or light on dark; the digit is cut out, scaled and centred."})
final class Predict implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "MODEL", description = "What train --out wrote, or a folder of checkpoints.") private Path model;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "PNG, or another kind that the JDK reads.") private List<Path> images;

  @Override
  public Integer call() {
    Terminal terminal = Terminal.ofProcess();
    try (Arena arena = Arena.ofShared()) {
      ModelFile file = ModelFile.load(Checkpoints.lastOf(model), arena);
      if (!(file.model() instanceof Sequential network) || network.inputShape().rank() != 3 || network.inputShape().dim(2) != 1
          || network.outputShape().rank() != 1) {
        throw new IllegalArgumentException(
            model + ": this is a model of " + file.recipe().name() + ", which does not say what is on grey images");
      }
      int height = network.inputShape().dim(0);
      int width = network.inputShape().dim(1);
      List<Path> readable = new ArrayList<>();
      List<byte[]> digits = new ArrayList<>();
      for (Path image : images) {
        try {
          digits.add(DigitImage.read(image, height, width));
          readable.add(image);
        } catch (IOException e) {
          Errors.say(Errors.message(e));
        }
      }
      if (!readable.isEmpty()) {
        terminal.line("model       %s", describe(file, model));
        show(terminal, readable, probabilities(file, digits, network, arena));
      }
      return readable.size() == images.size() ? 0 : Errors.FAILURE;
    }
  }

  private static Tensor probabilities(ModelFile file, List<byte[]> digits, Sequential network, Arena arena) {
    int height = network.inputShape().dim(0);
    int width = network.inputShape().dim(1);
    byte[] pixels = new byte[digits.size() * height * width];
    for (int i = 0; i < digits.size(); i++) {
      System.arraycopy(digits.get(i), 0, pixels, i * height * width, height * width);
    }
    // Nothing reads the labels.
    byte[] labels = new byte[digits.size()];
    int classes = network.outputShape().dim(0);
    try (Trainer trainer = file.recipe().trainer(file.model())) {
      return trainer.predict(ImageDataset.copyOf(arena, pixels, labels, height, width, classes), arena);
    }
  }

  private static void show(Terminal terminal, List<Path> images, Tensor probabilities) {
    int classes = probabilities.dim(1);
    for (int i = 0; i < images.size(); i++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        best = probability(probabilities, i, c) > probability(probabilities, i, best) ? c : best;
      }
      terminal.line("%n%s: %d (%.2f%%)", images.get(i), best, probability(probabilities, i, best) * 100);
      for (int c = 0; c < classes; c++) {
        float probability = probability(probabilities, i, c);
        int marks = Math.round(probability * 50);
        terminal.line("  %d  %.6f%s", c, probability, marks == 0 ? "" : "  " + "#".repeat(marks));
      }
    }
  }

  private static float probability(Tensor probabilities, int image, int digit) {
    return probabilities.get((long) image * probabilities.dim(1) + digit);
  }

  /** The network of a file, and what it learned from. */
  static String describe(ModelFile file, Path path) {
    String data = file.notes().get("data");
    return file.recipe().name() + " from " + path + ", " + String.format(Locale.ROOT, "%,d parameters", file.model().parameters().count())
        + (data == null ? "" : ", learned from " + data);
  }
}
