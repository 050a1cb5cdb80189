package dev.lanewise.cli;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * An image as grey levels, read from PNG or whatever else the JDK reads.
 *
 * @param levels row-major [height, width], 0 (black) to 1 (white)
 */
record GreyImage(int height, int width, float[] levels) {
  /** A side beyond this is thinned out while reading: a digit needs 28 pixels, and memory is finite. */
  private static final int SIDE = 2000;

  /** The most pixels that are decoded at all: a small file can claim any size. */
  private static final long PIXELS = 200_000_000L;

  /** Levels that differ less than this are one colour. */
  private static final float CONTRAST = 0.05f;

  float level(int row, int column) {
    return levels[row * width + column];
  }

  /** The darkest level. */
  float darkest() {
    float darkest = 1;
    for (float level : levels) {
      darkest = Math.min(darkest, level);
    }
    return darkest;
  }

  /** The brightest level. */
  float brightest() {
    float brightest = 0;
    for (float level : levels) {
      brightest = Math.max(brightest, level);
    }
    return brightest;
  }

  boolean blank() {
    return brightest() - darkest() < CONTRAST;
  }

  /** @throws IOException naming the file, if it cannot be read or is no image */
  static GreyImage read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + ": " + (Files.isDirectory(file) ? "a folder, not an image" : "there is no such file"));
    }
    BufferedImage image;
    try {
      image = decode(file);
    } catch (IOException | RuntimeException e) {
      // The decoders throw both for damaged files.
      throw new IOException(file + ": cannot be read as an image: " + (e.getMessage() == null ? e : e.getMessage()), e);
    }
    if (image == null) {
      throw new IOException(file + ": no image of a kind that is known, such as PNG");
    }
    GreyImage grey = of(image, 1);
    // White strokes on a transparent ground vanish on white paper.
    return grey.blank() && image.getColorModel().hasAlpha() ? of(image, 0) : grey;
  }

  private static @Nullable BufferedImage decode(Path file) throws IOException {
    ImageIO.setUseCache(false);
    try (ImageInputStream stream = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        return null;
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(stream, true, true);
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        if ((long) width * height > PIXELS) {
          throw new IOException(width + "x" + height + " pixels are more than the " + PIXELS + " that are decoded");
        }
        ImageReadParam param = reader.getDefaultReadParam();
        int step = Math.ceilDiv(Math.max(width, height), SIDE);
        param.setSourceSubsampling(step, step, 0, 0);
        return reader.read(0, param);
      } finally {
        reader.dispose();
      }
    }
  }

  /**
   * Grey levels on paper of a given level.
   *
   * <p>Grey images are read sample by sample: getRGB would take their levels for linear light and brighten them.
   */
  static GreyImage of(BufferedImage image, float paper) {
    int height = image.getHeight();
    int width = image.getWidth();
    float[] levels = new float[height * width];
    ColorModel colours = image.getColorModel();
    if (!(colours instanceof IndexColorModel) && colours.getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
      Raster raster = image.getRaster();
      float most = (1 << colours.getComponentSize(0)) - 1;
      float opaque = colours.hasAlpha() ? (1 << colours.getComponentSize(1)) - 1 : 1;
      for (int row = 0; row < height; row++) {
        for (int column = 0; column < width; column++) {
          float alpha = colours.hasAlpha() ? raster.getSample(column, row, 1) / opaque : 1;
          levels[row * width + column] = raster.getSample(column, row, 0) / most * alpha + paper * (1 - alpha);
        }
      }
    } else {
      for (int row = 0; row < height; row++) {
        for (int column = 0; column < width; column++) {
          int argb = image.getRGB(column, row);
          float alpha = (argb >>> 24) / 255f;
          // Rec. 601 luma, as usual for sRGB values.
          float luma = (0.299f * (argb >> 16 & 0xFF) + 0.587f * (argb >> 8 & 0xFF) + 0.114f * (argb & 0xFF)) / 255;
          levels[row * width + column] = luma * alpha + paper * (1 - alpha);
        }
      }
    }
    return new GreyImage(height, width, levels);
  }
}
