package dev.lanewise.cli;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Model;
import dev.lanewise.layers.Sequential;
import dev.lanewise.training.Checkpoints;
import dev.lanewise.training.models.ImageJudge;
import dev.lanewise.training.models.ImageMaker;
import dev.lanewise.training.models.ModelFile;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code --judge MODEL}: what a trained classifier says of the images that another model draws. */
final class Judge {
  private static final int IMAGES = 10_000;
  private static final long SEED = 1;

  private Judge() {}

  /** Requires a file with a classifier, before hours are spent on what it is to judge. */
  static void require(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      var _ = load(file, arena);
    }
  }

  private static ImageJudge load(Path file, Arena arena) {
    ModelFile loaded = ModelFile.load(Checkpoints.lastOf(file), arena);
    if (loaded.model() instanceof Sequential classifier) {
      return new ImageJudge(classifier);
    }
    throw new IllegalArgumentException(
        "--judge: " + file + " is a model of " + loaded.recipe().name() + "; a classifier of images is needed, such as a cnn");
  }

  /**
   * Figures by their names in JSON.
   *
   * @throws IllegalArgumentException if the model draws no images
   */
  static Map<String, Double> of(Path file, Model model, Workers workers) {
    if (!(model instanceof ImageMaker maker)) {
      throw new IllegalArgumentException("--judge: this model draws no images; leave it out");
    }
    try (Arena arena = Arena.ofShared()) {
      ImageJudge.Verdict verdict = load(file, arena).of(maker, IMAGES, SEED, workers);
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("recognised", verdict.recognised());
      figures.put("smallestShare", verdict.smallestShare());
      figures.put("largestShare", verdict.largestShare());
      figures.put("classScore", verdict.classScore());
      return figures;
    }
  }
}
