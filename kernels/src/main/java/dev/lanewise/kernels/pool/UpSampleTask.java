package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.UpSample2d;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.BlockTask;
import java.lang.foreign.MemorySegment;

/** Enlarging, cut into rows of the small images. */
public final class UpSampleTask extends BlockTask {
  public static final Workers.Key<UpSampleTask> KEY = new Workers.Key<>(UpSampleTask::new);

  private boolean forward;
  private int width;
  private int factorHeight;
  private int factorWidth;
  /** Bytes: of a pixel, of a row of the large image. */
  private long pixel;
  private long largeRow;
  private MemorySegment small = MemorySegment.NULL;
  private MemorySegment large = MemorySegment.NULL;

  private UpSampleTask() {}

  public void forward(UpSample2d geometry, int n, MemorySegment x, MemorySegment y, Workers workers) {
    forward = true;
    run(geometry, n, x, y, workers);
  }

  public void backward(UpSample2d geometry, int n, MemorySegment dy, MemorySegment dx, Workers workers) {
    forward = false;
    run(geometry, n, dx, dy, workers);
  }

  private void run(UpSample2d geometry, int n, MemorySegment newSmall, MemorySegment newLarge, Workers workers) {
    width = geometry.width();
    factorHeight = geometry.factorHeight();
    factorWidth = geometry.factorWidth();
    pixel = 4L * geometry.channels();
    largeRow = pixel * geometry.outWidth();
    small = newSmall;
    large = newLarge;
    run((long) n * geometry.height(), Math.max(1, largeRow / 4 * factorHeight), 1, workers);
  }

  @Override
  protected void range(long from, long to) {
    for (long row = from; row < to; row++) {
      long at = row * width * pixel;
      long first = row * factorHeight * largeRow;
      for (int w = 0; w < width; w++) {
        long block = first + w * factorWidth * pixel;
        if (forward) {
          UpSampleKernel.repeat(factorWidth, at + w * pixel, pixel, small, block, large);
        } else {
          UpSampleKernel.sum(factorHeight, factorWidth, block, largeRow, pixel, large, at + w * pixel, small);
        }
      }
      if (forward) {
        for (int k = 1; k < factorHeight; k++) {
          MemorySegment.copy(large, first, large, first + k * largeRow, largeRow);
        }
      }
    }
  }

  @Override
  protected void clear() {
    small = MemorySegment.NULL;
    large = MemorySegment.NULL;
  }
}
