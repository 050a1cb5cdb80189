package dev.lanewise.kernels.golden;

import dev.lanewise.kernels.Activations;
import dev.lanewise.kernels.Elementwise;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Kernels whose result i depends on elements i alone. */
final class GoldenMaps {
  private static final String MAP = "17 sizes from 0 to 1000 and one of 33,001, edges among the elements";

  interface Unary {
    void apply(long n, MemorySegment x, MemorySegment y, Workers workers);
  }

  interface Binary {
    void apply(long n, MemorySegment x, MemorySegment y, MemorySegment z, Workers workers);
  }

  private GoldenMaps() {}

  static List<Golden> all() {
    return List.of(
        unary("Activations.relu", Activations::relu),
        unary("Activations.sigmoid", Activations::sigmoid),
        unary("Activations.tanh", Activations::tanh),
        unary("Activations.exp", Activations::exp),
        unary("Activations.log", Activations::log),
        binary("Activations.reluBackward", Activations::reluBackward),
        binary("Activations.sigmoidBackward", Activations::sigmoidBackward),
        binary("Activations.tanhBackward", Activations::tanhBackward),
        binary("Elementwise.add", (n, x, y, z, workers) -> Elementwise.add(n, x, y, z)),
        binary("Elementwise.subtract", (n, x, y, z, workers) -> Elementwise.subtract(n, x, y, z)),
        binary("Elementwise.multiply", (n, x, y, z, workers) -> Elementwise.multiply(n, x, y, z)),
        unary("Elementwise.scale", (n, x, y, workers) -> Elementwise.scale(n, -1.7f, x, y)),
        unary("Elementwise.copy", (n, x, y, workers) -> Elementwise.copy(n, x, y)),
        unary("Elementwise.fill", (n, x, y, workers) -> Elementwise.fill(n, -0.3f, y)),
        binary("Elementwise.axpy", (n, x, y, z, workers) -> {
          Elementwise.copy(n, y, z);
          Elementwise.axpy(n, 0.7f, x, z);
        }),
        new Golden("Elementwise.addRow", "1, 3 and 40 rows of 17 sizes from 0 to 1000, edges among the elements", GoldenMaps::addRow),
        new Golden("Elementwise.scaleBytes", "bytes 0 to 255 in 17 sizes from 0 to 1000, by 1/255", GoldenMaps::scaleBytes));
  }

  static Golden unary(String kernel, Unary map) {
    return binary(kernel, (n, x, y, z, workers) -> map.apply(n, x, z, workers));
  }

  static Golden binary(String kernel, Binary map) {
    return new Golden(kernel, MAP, (canon, workers) -> {
      for (int n : Canon.SIZES) {
        one(canon, n, map, workers);
      }
      one(canon, Canon.LONG, map, workers);
    });
  }

  private static void one(Canon canon, int n, Binary map, Workers workers) {
    MemorySegment x = canon.edgy(n);
    MemorySegment y = canon.uniform(n, -3, 3);
    Guarded z = Guarded.nanFilled(n);
    map.apply(n, x, y, z.segment(), workers);
    canon.floats(z);
  }

  private static void addRow(Canon canon, Workers workers) {
    for (int rows : new int[] {1, 3, 40}) {
      for (int cols : Canon.SIZES) {
        Guarded y = Guarded.nanFilled(rows * cols);
        Elementwise.addRow(rows, cols, canon.edgy(rows * cols), canon.uniform(cols, -1, 1), y.segment());
        canon.floats(y);
      }
    }
  }

  private static void scaleBytes(Canon canon, Workers workers) {
    for (int n : Canon.SIZES) {
      Guarded y = Guarded.nanFilled(n);
      Elementwise.scaleBytes(n, canon.below((n + 3) / 4, Integer.MAX_VALUE), 1 / 255f, y.segment());
      canon.floats(y);
    }
  }
}
