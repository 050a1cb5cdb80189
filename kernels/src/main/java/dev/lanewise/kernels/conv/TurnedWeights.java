package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.gemm.Copy;
import dev.lanewise.kernels.gemm.GemmPlan;
import java.lang.foreign.MemorySegment;

/**
 * A convolution's weights with channel and filter exchanged, in panels: tap by tap, panel by panel of channels, filters x NR floats each. Turned
 * once per call, because every class of pixels packs a selection of the same taps.
 */
final class TurnedWeights {
  private Conv2dGeometry g = Patches.NONE;
  private MemorySegment weights = MemorySegment.NULL;
  private int panels;
  private float[] turned = {};
  private float[][] scratch = {};
  private final Workers.Task turning = this::turnTap;

  void prepare(Conv2dGeometry geometry, MemorySegment w, Workers workers) {
    g = geometry;
    weights = w;
    panels = GemmPlan.roundUp(g.channels(), GemmPlan.NR) / GemmPlan.NR;
    int taps = g.kernelHeight() * g.kernelWidth();
    int size = Math.multiplyExact(taps * panels, g.filters() * GemmPlan.NR);
    if (turned.length < size) {
      turned = new float[size];
    }
    if (scratch.length < workers.threads()) {
      scratch = new float[workers.threads()][Copy.SCRATCH];
    }
    workers.run(turning, taps);
    weights = MemorySegment.NULL;
  }

  private void turnTap(int tap, int worker) {
    for (int panel = 0; panel < panels; panel++) {
      int channel = panel * GemmPlan.NR;
      int channels = Math.min(GemmPlan.NR, g.channels() - channel);
      long from = 4L * ((long) tap * g.channels() + channel) * g.filters();
      Copy.transposed(weights, from, g.filters(), channels, g.filters(), turned, at(tap, panel), scratch[worker]);
    }
  }

  private int at(int tap, int panel) {
    return (tap * panels + panel) * g.filters() * GemmPlan.NR;
  }

  /** Copies a tap's filters x NR floats for the channels that begin at {@code channel}, a multiple of NR. */
  void copy(int tap, int channel, float[] to, int at) {
    System.arraycopy(turned, at(tap, channel / GemmPlan.NR), to, at, g.filters() * GemmPlan.NR);
  }
}
