package dev.lanewise.kernels.pool;

import dev.lanewise.kernels.Pool2d;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.lane.BlockTask;
import java.lang.foreign.MemorySegment;

/** Maximum and average pooling cut into rows of the output, forwards, or into images, backwards, where windows of two rows may overlap. */
public final class PoolTask extends BlockTask {
  public static final Workers.Key<PoolTask> KEY = new Workers.Key<>(PoolTask::new);

  private boolean forward;
  private boolean averages;
  private int height;
  private int poolHeight;
  private int poolWidth;
  private int outHeight;
  private int outWidth;
  private long strideHeight;
  /** Bytes: of a pixel, of an input row, of an output row, from a window to the next in its row. */
  private long pixel;
  private long row;
  private long outRow;
  private long strideWidth;
  /** Windows stand edge to edge. */
  private boolean tiled;
  private MemorySegment in = MemorySegment.NULL;
  private MemorySegment out = MemorySegment.NULL;
  private MemorySegment argmax = MemorySegment.NULL;

  private PoolTask() {}

  /** An argmax of {@link MemorySegment#NULL} is not wanted. */
  public void forward(
      Pool2d pool, int n, MemorySegment x, MemorySegment y, MemorySegment newArgmax, Workers workers) {
    averages = false;
    forward(n, pool, x, y, newArgmax, workers);
  }

  public void averageForward(Pool2d pool, int n, MemorySegment x, MemorySegment y, Workers workers) {
    averages = true;
    forward(n, pool, x, y, MemorySegment.NULL, workers);
  }

  private void forward(
      int n, Pool2d pool, MemorySegment x, MemorySegment y, MemorySegment newArgmax, Workers workers) {
    set(pool, x, y, newArgmax);
    forward = true;
    run((long) n * outHeight, Math.max(1, row / 4 * poolHeight), 1, workers);
  }

  public void backward(
      Pool2d pool, int n, MemorySegment dy, MemorySegment newArgmax, MemorySegment dx, Workers workers) {
    averages = false;
    backward(n, pool, dy, newArgmax, dx, workers);
  }

  public void averageBackward(Pool2d pool, int n, MemorySegment dy, MemorySegment dx, Workers workers) {
    averages = true;
    backward(n, pool, dy, MemorySegment.NULL, dx, workers);
  }

  private void backward(
      int n, Pool2d pool, MemorySegment dy, MemorySegment newArgmax, MemorySegment dx, Workers workers) {
    set(pool, dx, dy, newArgmax);
    forward = false;
    run(n, Math.max(1, row / 4 * height), 1, workers);
  }

  private void set(Pool2d pool, MemorySegment newIn, MemorySegment newOut, MemorySegment newArgmax) {
    height = pool.height();
    poolHeight = pool.poolHeight();
    poolWidth = pool.poolWidth();
    outHeight = pool.outHeight();
    outWidth = pool.outWidth();
    strideHeight = pool.strideHeight();
    pixel = 4L * pool.channels();
    row = pixel * pool.width();
    outRow = pixel * outWidth;
    strideWidth = pixel * pool.strideWidth();
    tiled = pool.strideHeight() == poolHeight && pool.strideWidth() == poolWidth;
    in = newIn;
    out = newOut;
    argmax = newArgmax;
  }

  @Override
  protected void range(long from, long to) {
    if (forward) {
      boolean keep = argmax.address() != 0;
      for (long r = from; r < to; r++) {
        long first = (r / outHeight * height + r % outHeight * strideHeight) * row;
        if (averages) {
          rowOfAverages(first, r * outRow);
        } else if (poolHeight == 2 && poolWidth == 2) {
          rowOf2x2(first, r * outRow, keep);
        } else {
          rowOfAny(first, r * outRow, keep);
        }
      }
    } else {
      for (long image = from; image < to; image++) {
        image(image * height * row, image * outHeight * outRow);
      }
    }
  }

  private void rowOf2x2(long first, long y, boolean keep) {
    if (keep) {
      MaxPoolKernel.argmaxRowOf2x2(outWidth, strideWidth, first, row, pixel, in, y, out, argmax);
    } else {
      MaxPoolKernel.maxRowOf2x2(outWidth, strideWidth, first, row, pixel, in, y, out);
    }
  }

  private void rowOfAny(long first, long y, boolean keep) {
    for (int ow = 0; ow < outWidth; ow++) {
      long window = first + ow * strideWidth;
      if (keep) {
        MaxPoolKernel.argmax(poolHeight, poolWidth, window, row, pixel, in, y + ow * pixel, out, argmax);
      } else {
        MaxPoolKernel.max(poolHeight, poolWidth, window, row, pixel, in, y + ow * pixel, out);
      }
    }
  }

  private void rowOfAverages(long first, long y) {
    if (poolHeight == 2 && poolWidth == 2) {
      AveragePoolKernel.rowOf2x2(outWidth, strideWidth, first, row, pixel, in, y, out);
      return;
    }
    for (int ow = 0; ow < outWidth; ow++) {
      AveragePoolKernel.average(poolHeight, poolWidth, first + ow * strideWidth, row, pixel, in, y + ow * pixel, out);
    }
  }

  private void image(long first, long y) {
    if (!tiled) {
      MaxUnpoolKernel.zero(first, first + height * row, in);
    }
    for (int oh = 0; oh < outHeight; oh++) {
      long windows = first + oh * strideHeight * row;
      if (averages) {
        spreadRow(windows, y + oh * outRow);
      } else {
        scatterRow(windows, y + oh * outRow);
      }
      if (tiled) {
        for (int h = 0; h < poolHeight; h++) {
          MaxUnpoolKernel.zero(windows + h * row + outWidth * strideWidth, windows + h * row + row, in);
        }
      }
    }
    if (tiled) {
      MaxUnpoolKernel.zero(first + outHeight * strideHeight * row, first + height * row, in);
    }
  }

  private void spreadRow(long windows, long y) {
    for (int ow = 0; ow < outWidth; ow++) {
      long window = windows + ow * strideWidth;
      long at = y + ow * pixel;
      if (tiled) {
        AveragePoolKernel.spread(poolHeight, poolWidth, window, row, pixel, in, at, out);
      } else {
        AveragePoolKernel.spreadAdd(poolHeight, poolWidth, window, row, pixel, in, at, out);
      }
    }
  }

  private void scatterRow(long windows, long y) {
    if (tiled && poolHeight == 2 && poolWidth == 2) {
      MaxUnpoolKernel.scatterRow2x2(outWidth, windows, row, pixel, in, y, out, argmax);
      return;
    }
    for (int ow = 0; ow < outWidth; ow++) {
      long window = windows + ow * strideWidth;
      long at = y + ow * pixel;
      if (tiled) {
        MaxUnpoolKernel.scatter(poolHeight, poolWidth, window, row, pixel, in, at, out, argmax);
      } else {
        MaxUnpoolKernel.scatterAdd(poolHeight, poolWidth, window, row, pixel, in, at, out, argmax);
      }
    }
  }

  @Override
  protected void clear() {
    in = MemorySegment.NULL;
    out = MemorySegment.NULL;
    argmax = MemorySegment.NULL;
  }
}
