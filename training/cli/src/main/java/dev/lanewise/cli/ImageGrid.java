package dev.lanewise.cli;

import dev.lanewise.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** Grey images of one size side by side on black, filled row by row. */
final class ImageGrid {
  private static final int GAP = 2;
  private static final int BLACK_TO_WHITE = 255;

  private final int rows;
  private final int columns;
  private int next;
  private @Nullable BufferedImage image;

  private ImageGrid(int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
  }

  /** About as many rows as columns. */
  static ImageGrid square(int images) {
    return rowsOf((int) Math.ceil(Math.sqrt(images)), images);
  }

  /** As many rows as are needed. */
  static ImageGrid rowsOf(int columns, int images) {
    return new ImageGrid(Math.ceilDiv(images, columns), columns);
  }

  int columns() {
    return columns;
  }

  /** @param batch [n, height, width, 1], levels from 0 (black) to 1 (white); what lies beyond is cut off */
  void add(Tensor batch) {
    int height = batch.dim(1);
    int width = batch.dim(2);
    WritableRaster raster = canvas(height, width).getRaster();
    for (int i = 0; i < batch.dim(0); i++, next++) {
      int top = GAP + next / columns * (height + GAP);
      int left = GAP + next % columns * (width + GAP);
      for (int p = 0; p < height * width; p++) {
        float level = batch.get((long) i * height * width + p);
        raster.setSample(left + p % width, top + p / width, 0, Math.round(Math.clamp(level, 0f, 1f) * BLACK_TO_WHITE));
      }
    }
  }

  /** Leaves places empty. */
  void skip(int places) {
    next += places;
  }

  private BufferedImage canvas(int height, int width) {
    if (image == null) {
      image = new BufferedImage(GAP + columns * (width + GAP), GAP + rows * (height + GAP), BufferedImage.TYPE_BYTE_GRAY);
    }
    return image;
  }

  /** @throws IOException naming the file */
  void write(Path file) throws IOException {
    ImageIO.setUseCache(false);
    try {
      if (image == null || !ImageIO.write(image, "png", file.toFile())) {
        throw new IOException("nothing was drawn");
      }
    } catch (IOException e) {
      throw new IOException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }
}
