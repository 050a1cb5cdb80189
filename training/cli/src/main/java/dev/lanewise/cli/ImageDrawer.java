package dev.lanewise.cli;

import dev.lanewise.kernels.Rng;
import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Pass;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import dev.lanewise.training.data.Batch;
import dev.lanewise.training.data.Batches;
import dev.lanewise.training.data.Dataset;
import dev.lanewise.training.models.ImageMaker;
import dev.lanewise.training.models.VariationalAutoencoder;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Objects;

/** What {@code generate} makes of a model that draws images: a PNG with a grid of them. */
final class ImageDrawer implements AutoCloseable {
  private static final long DRAWS = 0x4452_4157L << 32; // "DRAW"
  private static final int BATCH = 100;

  private final GenerateOptions options;
  private final Path out;
  private final Workers workers;
  private final Workspace workspace = Workspace.open();
  private final Pass pass;

  /** @throws IllegalArgumentException if there is no file to write to */
  ImageDrawer(GenerateOptions options) throws IOException {
    if (options.out == null) {
      throw new IllegalArgumentException("where to? Give the image to write: --out grid.png");
    }
    if (options.walk && options.reconstruct) {
      throw new IllegalArgumentException("--walk and --reconstruct are two different images; give one of them");
    }
    this.out = options.out;
    JsonFile.requireWritable("--out", out);
    this.options = options;
    this.workers = Workers.threads(options.threads);
    this.pass = Pass.of(workspace, workers, options.seed);
  }

  /** The file that is written. */
  Path out() {
    return out;
  }

  /** Images of latent vectors drawn at random, or on the way from each to the next. */
  void draw(ImageMaker model) throws IOException {
    int images = options.images();
    ImageGrid grid = options.walk ? ImageGrid.rowsOf(LatentWalk.STEPS, images) : ImageGrid.square(images);
    for (int from = 0; from < images; from += BATCH) {
      int n = Math.min(BATCH, images - from);
      pass.begin(0);
      Tensor z = pass.workspace().tensor(n, model.latent());
      if (options.walk) {
        LatentWalk.fill(z, from, options.seed, DRAWS);
      } else {
        Rng.normal(options.seed, DRAWS, (long) from * model.latent(), z.size(), z.segment(), 0, 1, workers);
      }
      grid.add(model.draw(z, pass));
    }
    grid.write(out);
  }

  /** Test images, and in the row below what the model makes of each. */
  void reconstruct(VariationalAutoencoder model, Terminal terminal) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      Dataset test = Digits.loadTest(options.data, arena, terminal).test();
      requireFits(model.image(), test.inputShape());
      int columns = ImageGrid.square(options.images()).columns();
      int images = Math.min(options.images(), test.size());
      ImageGrid grid = ImageGrid.rowsOf(columns, 2 * Math.ceilDiv(images, columns) * columns);
      try (Batches batches = Batches.inOrder(test, columns, null)) {
        batches.startEpoch(0);
        for (int done = 0; done < images; done += columns) {
          Batch batch = Objects.requireNonNull(batches.next());
          pass.begin(0);
          grid.add(batch.x());
          grid.skip(columns - batch.count());
          grid.add(model.reconstruct(batch.x(), pass));
          grid.skip(columns - batch.count());
        }
      }
      grid.write(out);
    }
  }

  private static void requireFits(Shape model, Shape data) {
    if (!model.equals(data)) {
      throw new ShapeException("generate: the model draws " + model + " but the examples are " + data);
    }
  }

  @Override
  public void close() {
    workspace.close();
    workers.close();
  }
}
