package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.conv.AxisClasses.AxisClass;
import dev.lanewise.kernels.gemm.Matrix;
import dev.lanewise.kernels.gemm.Product;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
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
 * <p>Kept with the workers, so that a steady call makes no objects.
 */
public final class Convolution {
  public static final Workers.Key<Convolution> KEY = new Workers.Key<>(Convolution::new);

  private final Patches patches = new Patches(false);
  private final Patches patchesTransposed = new Patches(true);
  private final PixelRuns runs = new PixelRuns(false);
  private final PixelRuns runsTransposed = new PixelRuns(true);
  private final Matrix right = new Matrix();
  private final Matrix out = new Matrix();
  private final TurnedWeights turned = new TurnedWeights();
  private final Map<Conv2dGeometry, ReachedPixels[]> classes = new HashMap<>();

  private Convolution() {}

  public void forward(
      Conv2dGeometry g, int n, MemorySegment x, MemorySegment w, MemorySegment y, Epilogue epilogue, Workers workers) {
    int pixels = n * g.outHeight() * g.outWidth();
    product(workers)
        .add(
            pixels, g.filters(), g.patch(),
            PixelRuns.suits(g) ? runs.set(g, x) : patches.set(g, x),
            right.set(w, g.filters(), false, g.patch()), out.set(y, g.filters(), false, 0))
        .run(y, false, epilogue, workers);
    clear();
  }

  public void backwardWeights(
      Conv2dGeometry g, int n, MemorySegment x, MemorySegment dy, MemorySegment dw, boolean accumulate, Workers workers) {
    int pixels = n * g.outHeight() * g.outWidth();
    product(workers)
        .add(
            g.patch(), g.filters(), pixels,
            PixelRuns.suits(g) ? runsTransposed.set(g, x) : patchesTransposed.set(g, x),
            right.set(dy, g.filters(), false, pixels), out.set(dw, g.filters(), false, 0))
        .run(dw, accumulate, Epilogue.NONE, workers);
    clear();
  }

  public void backwardInput(
      Conv2dGeometry g, int n, MemorySegment dy, MemorySegment w, MemorySegment dx, Epilogue epilogue, Workers workers) {
    ReachedPixels[] all = classes.get(g);
    if (all == null) {
      all = classify(g);
      classes.put(g, all);
    }
    turned.prepare(g, w, workers);
    Product product = product(workers);
    for (ReachedPixels pixels : all) {
      pixels.set(dy);
      product.add(pixels.rows(n), g.channels(), pixels.depth(), pixels, pixels, pixels);
    }
    product.run(dx, false, epilogue, workers);
    for (ReachedPixels pixels : all) {
      pixels.set(MemorySegment.NULL);
    }
  }

  private static Product product(Workers workers) {
    return workers.state(Product.KEY).begin();
  }

  private void clear() {
    patches.clear();
    patchesTransposed.clear();
    runs.clear();
    runsTransposed.clear();
    right.clear();
    out.clear();
  }

  private ReachedPixels[] classify(Conv2dGeometry g) {
    List<AxisClass> vertical =
        AxisClasses.of(g.height(), g.outHeight(), g.kernelHeight(), g.strideH(), g.padTop(), g.dilationH());
    List<AxisClass> horizontal =
        AxisClasses.of(g.width(), g.outWidth(), g.kernelWidth(), g.strideW(), g.padLeft(), g.dilationW());
    return vertical.stream()
        .flatMap(v -> horizontal.stream().map(h -> new ReachedPixels(g, turned, v, h)))
        .toArray(ReachedPixels[]::new);
  }
}
