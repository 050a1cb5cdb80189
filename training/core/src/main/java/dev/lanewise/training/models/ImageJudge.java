package dev.lanewise.training.models;

import dev.lanewise.kernels.Rng;
import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Pass;
import dev.lanewise.layers.Sequential;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;

/**
 * What a classifier of real images says of images that a model draws: whether they look like something, and whether like everything.
 *
 * <pre>
 * p(c | x)     what the classifier says of image x, in use
 * recognised   share of the images whose largest p(c | x) is above 0.9
 * shares       of each class: images of which it is the largest
 * class score  exp(mean over x of the sum over c of p(c | x) log(p(c | x) / p(c))), p(c) the mean over x; from 1 to the number of classes
 * </pre>
 *
 * <p>Source: Salimans and others, Improved Techniques for Training GANs, 2016, section 4; with a classifier of the very data instead of
 * Inception.
 */
public final class ImageJudge {
  /** A probability from which an image counts as recognised. */
  public static final float SURE = 0.9f;

  private static final long DRAWS = 0x4A55_4447L << 32; // "JUDG"
  private static final int BATCH = 100;

  private final Sequential classifier;

  /**
   * By a classifier.
   *
   * @param classifier takes images, ends in a softmax over the classes
   * @throws ShapeException if it does not
   */
  public ImageJudge(Sequential classifier) {
    if (!classifier.endsInSoftmax() || classifier.outputShape().rank() != 1) {
      throw new ShapeException("ImageJudge: a classifier puts out one probability for each class but this model "
          + classifier.outputShape() + "; take one that ends in a softmax, such as a cnn");
    }
    this.classifier = classifier;
  }

  /**
   * What it says.
   *
   * @param images how many were looked at
   * @param recognised share of them
   * @param shares of the classes, in their order
   * @param classScore see above
   */
  public record Verdict(int images, double recognised, double[] shares, double classScore) {
    /** The share of the rarest class. */
    public double smallestShare() {
      double smallest = 1;
      for (double share : shares) {
        smallest = Math.min(smallest, share);
      }
      return smallest;
    }

    /** The share of the most frequent class. */
    public double largestShare() {
      double largest = 0;
      for (double share : shares) {
        largest = Math.max(largest, share);
      }
      return largest;
    }
  }

  /**
   * Looks at images drawn from standard normal vectors.
   *
   * @param images how many, at least 1
   * @param seed of the vectors
   * @throws ShapeException if the model draws other images than the classifier takes
   */
  public Verdict of(ImageMaker model, int images, long seed, Workers workers) {
    Shape image = model.image();
    if (!image.equals(classifier.inputShape())) {
      throw new ShapeException("ImageJudge: the classifier takes " + classifier.inputShape() + " but the model draws " + image);
    }
    if (images < 1) {
      throw new IllegalArgumentException("ImageJudge: " + images + " images; at least 1 is needed");
    }
    Count count = new Count(classifier.outputShape().dim(0));
    try (Workspace workspace = Workspace.open()) {
      Pass pass = Pass.of(workspace, workers, seed);
      for (int from = 0; from < images; from += BATCH) {
        pass.begin(0);
        Tensor z = workspace.tensor(Math.min(BATCH, images - from), model.latent());
        Rng.normal(seed, DRAWS, (long) from * model.latent(), z.size(), z.segment(), 0, 1, workers);
        count.add(classifier.infer(model.draw(z, pass), pass));
      }
    }
    return count.verdict();
  }

  /** Sums over the images. */
  private static final class Count {
    private final double[] mean;
    private final int[] largest;
    private int images;
    private int sure;
    private double negativeEntropy;

    Count(int classes) {
      this.mean = new double[classes];
      this.largest = new int[classes];
    }

    void add(Tensor probabilities) {
      int classes = mean.length;
      for (int i = 0; i < probabilities.dim(0); i++, images++) {
        int best = 0;
        for (int c = 0; c < classes; c++) {
          float p = probabilities.get((long) i * classes + c);
          mean[c] += p;
          negativeEntropy += plogp(p);
          best = p > probabilities.get((long) i * classes + best) ? c : best;
        }
        largest[best]++;
        sure += probabilities.get((long) i * classes + best) > SURE ? 1 : 0;
      }
    }

    Verdict verdict() {
      double[] shares = new double[mean.length];
      double entropyOfMean = 0;
      for (int c = 0; c < shares.length; c++) {
        shares[c] = (double) largest[c] / images;
        entropyOfMean -= plogp(mean[c] / images);
      }
      return new Verdict(images, (double) sure / images, shares, StrictMath.exp(entropyOfMean + negativeEntropy / images));
    }

    private static double plogp(double p) {
      return p > 0 ? p * StrictMath.log(p) : 0;
    }
  }
}
