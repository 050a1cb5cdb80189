package dev.lanewise.kernels.golden;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.lanewise.kernels.UpSample2d;
import dev.lanewise.kernels.Variational;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Kernels of image generators: upsampling, latent variables. */
final class GoldenImages {
  private static final UpSample2d[] UPS = {new UpSample2d(3, 2, 5, 2, 2), new UpSample2d(7, 7, 33, 2, 3)};

  private GoldenImages() {}

  static List<Golden> all() {
    return List.of(
        new Golden("UpSample2d.forward", "2 enlargements of 3 images, edges among the pixels", GoldenImages::enlarge),
        new Golden("UpSample2d.backward", "the same 2 enlargements", GoldenImages::enlargeBackward),
        new Golden("Variational.sample", "4 rows of 16 sizes from 1 to 1000: sigma and z", (canon, workers) -> latent(canon, 0, workers)),
        new Golden("Variational.backward", "the same rows", (canon, workers) -> latent(canon, 1, workers)),
        new Golden("Variational.divergence", "the same rows", (canon, workers) -> latent(canon, 2, workers)),
        new Golden("Variational.addDivergenceGradient", "the same rows", (canon, workers) -> latent(canon, 3, workers)));
  }

  private static int inputs(UpSample2d up) {
    return 3 * up.height() * up.width() * up.channels();
  }

  private static int outputs(UpSample2d up) {
    return inputs(up) * up.factorHeight() * up.factorWidth();
  }

  private static void enlarge(Canon canon, Workers workers) {
    for (UpSample2d up : UPS) {
      Guarded y = Guarded.nanFilled(outputs(up));
      up.forward(3, canon.edgy(inputs(up)), y.segment(), workers);
      canon.floats(y);
    }
  }

  private static void enlargeBackward(Canon canon, Workers workers) {
    for (UpSample2d up : UPS) {
      Guarded dx = Guarded.nanFilled(inputs(up));
      up.backward(3, canon.uniform(outputs(up), -1, 1), dx.segment(), workers);
      canon.floats(dx);
    }
  }

  /** One of the four kernels of latent variables, by its number; the others make its operands. */
  private static void latent(Canon canon, int kernel, Workers workers) {
    int rows = 4;
    for (int d : Canon.SIZES) {
      if (d == 0) {
        continue;
      }
      MemorySegment h = canon.uniform(rows * 2 * d, -3, 3);
      MemorySegment eps = canon.uniform(rows * d, -2, 2);
      Guarded sigma = Guarded.nanFilled(rows * d);
      Guarded z = Guarded.nanFilled(rows * d);
      Variational.sample(rows, d, h, eps, sigma.segment(), z.segment(), workers);
      switch (kernel) {
        case 0 -> {
          canon.floats(sigma);
          canon.floats(z);
        }
        case 1 -> {
          Guarded dh = Guarded.nanFilled(rows * 2 * d);
          Variational.backward(rows, d, eps, sigma.segment(), canon.uniform(rows * d, -1, 1), dh.segment(), workers);
          canon.floats(dh);
        }
        case 2 -> {
          Guarded losses = Guarded.nanFilled(rows);
          Variational.divergence(rows, d, h, sigma.segment(), losses.segment(), workers);
          canon.floats(losses);
        }
        default -> {
          Guarded dh = Guarded.of(canon.uniform(rows * 2 * d, -1, 1).toArray(JAVA_FLOAT));
          Variational.addDivergenceGradient(rows, d, h, sigma.segment(), 0.25f, dh.segment(), workers);
          canon.floats(dh);
        }
      }
    }
  }
}
