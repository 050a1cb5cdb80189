package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.conv.AxisClasses.AxisClass;
import dev.lanewise.kernels.gemm.LeftOperand;
import dev.lanewise.kernels.gemm.Matrix;
import dev.lanewise.kernels.gemm.Product;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A convolution's three passes as blocked products, with Y [pixels, filters], P [pixels, patch] and W [patch, filters]:
 *
 * <pre>
 * forward            Y  = P W
 * backward weights   dW = P' dY
 * backward input     dX = one product for each class of input pixels, see {@link ReachedPixels}
 * </pre>
 *
 * <p>Each group of channels and filters has products of its own, which take its columns of W, Y and their gradients; threads share all of them
 * at once. Kept with the workers, so that a steady call makes no objects.
 */
public final class Convolution {
  public static final Workers.Key<Convolution> KEY = new Workers.Key<>(Convolution::new);

  /** The operands of one group's product. */
  private static final class Operands {
    final Patches patches = new Patches(false);
    final Patches patchesTransposed = new Patches(true);
    final PixelRuns runs = new PixelRuns(false);
    final PixelRuns runsTransposed = new PixelRuns(true);
    final Matrix right = new Matrix();
    final Matrix out = new Matrix();

    LeftOperand patches(Conv2dGeometry g, int group, MemorySegment x) {
      return PixelRuns.suits(g) ? runs.set(g, x) : patches.set(g, group, x);
    }

    LeftOperand patchesTransposed(Conv2dGeometry g, int group, MemorySegment x) {
      return PixelRuns.suits(g) ? runsTransposed.set(g, x) : patchesTransposed.set(g, group, x);
    }

    void clear() {
      patches.clear();
      patchesTransposed.clear();
      runs.clear();
      runsTransposed.clear();
      right.clear();
      out.clear();
    }
  }

  private Operands[] operands = {new Operands()};
  private final TurnedWeights turned = new TurnedWeights();
  private final Map<Conv2dGeometry, ReachedPixels[]> classes = new HashMap<>();

  private Convolution() {}

  public void forward(
      Conv2dGeometry g, int n, MemorySegment x, MemorySegment w, MemorySegment y, Epilogue epilogue, Workers workers) {
    int pixels = n * g.outHeight() * g.outWidth();
    int filters = g.groupFilters();
    Product product = begin(g, workers);
    for (int group = 0; group < g.groups(); group++) {
      Operands each = operands[group];
      long column = 4L * group * filters;
      product.add(
          pixels, filters, g.groupPatch(), each.patches(g, group, x), each.right.set(w, g.filters(), false, g.groupPatch()).at(column),
          each.out.set(y, g.filters(), false, 0).at(column), group * filters);
    }
    product.run(y, false, epilogue, workers);
    clear(g);
  }

  public void backwardWeights(
      Conv2dGeometry g, int n, MemorySegment x, MemorySegment dy, MemorySegment dw, boolean accumulate, Workers workers) {
    int pixels = n * g.outHeight() * g.outWidth();
    int filters = g.groupFilters();
    Product product = begin(g, workers);
    for (int group = 0; group < g.groups(); group++) {
      Operands each = operands[group];
      long column = 4L * group * filters;
      product.add(
          g.groupPatch(), filters, pixels, each.patchesTransposed(g, group, x), each.right.set(dy, g.filters(), false, pixels).at(column),
          each.out.set(dw, g.filters(), false, 0).at(column));
    }
    product.run(dw, accumulate, Epilogue.NONE, workers);
    clear(g);
  }

  public void backwardInput(
      Conv2dGeometry g, int n, MemorySegment dy, MemorySegment w, MemorySegment dx, Epilogue epilogue, Workers workers) {
    ReachedPixels[] all = classes.get(g);
    if (all == null) {
      all = classify(g);
      classes.put(g, all);
    }
    turned.prepare(g, w, workers);
    Product product = workers.state(Product.KEY).begin();
    for (ReachedPixels pixels : all) {
      pixels.set(dy);
      product.add(pixels.rows(n), g.groupChannels(), pixels.depth(), pixels, pixels, pixels, pixels.firstChannel());
    }
    product.run(dx, false, epilogue, workers);
    for (ReachedPixels pixels : all) {
      pixels.set(MemorySegment.NULL);
    }
  }

  private Product begin(Conv2dGeometry g, Workers workers) {
    if (operands.length < g.groups()) {
      int made = operands.length;
      operands = Arrays.copyOf(operands, g.groups());
      for (int i = made; i < operands.length; i++) {
        operands[i] = new Operands();
      }
    }
    return workers.state(Product.KEY).begin();
  }

  private void clear(Conv2dGeometry g) {
    for (int group = 0; group < g.groups(); group++) {
      operands[group].clear();
    }
  }

  private ReachedPixels[] classify(Conv2dGeometry g) {
    AxisClass[] vertical = AxisClasses.of(g.height(), g.outHeight(), g.kernelHeight(), g.strideH(), g.padTop(), g.dilationH());
    AxisClass[] horizontal = AxisClasses.of(g.width(), g.outWidth(), g.kernelWidth(), g.strideW(), g.padLeft(), g.dilationW());
    ReachedPixels[] all = new ReachedPixels[g.groups() * vertical.length * horizontal.length];
    int n = 0;
    for (int group = 0; group < g.groups(); group++) {
      for (AxisClass v : vertical) {
        for (AxisClass h : horizontal) {
          all[n++] = new ReachedPixels(g, group, turned, v, h);
        }
      }
    }
    return all;
  }
}
