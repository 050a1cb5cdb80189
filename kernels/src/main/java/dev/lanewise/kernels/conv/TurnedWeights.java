package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.gemm.Copy;
import dev.lanewise.kernels.gemm.GemmPlan;
import java.lang.foreign.MemorySegment;

/**
 * A convolution's weights with channel and filter exchanged, in panels: tap by tap, group by group, panel by panel of its channels, its filters x NR floats each. Turned
 * once per call, because every class of pixels packs a selection of the same taps.
 */
final class TurnedWeights {
  private Conv2dGeometry g = Patches.NONE;
  private MemorySegment weights = MemorySegment.NULL;
  private int channels;
  private int filters;
  private int panels;
  private float[] turned = {};
  private float[][] scratch = {};
  private final Workers.Task turning = this::turnTap;

  void prepare(Conv2dGeometry geometry, MemorySegment w, Workers workers) {
    g = geometry;
    weights = w;
    channels = g.groupChannels();
    filters = g.groupFilters();
    panels = GemmPlan.roundUp(channels, GemmPlan.NR) / GemmPlan.NR;
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
    for (int group = 0; group < g.groups(); group++) {
      for (int panel = 0; panel < panels; panel++) {
        int channel = panel * GemmPlan.NR;
        int rows = Math.min(GemmPlan.NR, channels - channel);
        long from = 4L * (((long) tap * channels + channel) * g.filters() + group * filters);
        Copy.transposed(weights, from, g.filters(), rows, filters, turned, at(tap, group, panel), scratch[worker]);
      }
    }
  }

  private int at(int tap, int group, int panel) {
    return ((tap * g.groups() + group) * panels + panel) * filters * GemmPlan.NR;
  }

  /** All of them; without groups those of a tap are {@code filters x channels} floats, channels rounded up to NR. */
  float[] floats() {
    return turned;
  }

  /** Copies a tap's filters x NR floats of a group for its channels that begin at {@code channel}, a multiple of NR. */
  void copy(int tap, int group, int channel, float[] to, int at) {
    System.arraycopy(turned, at(tap, group, channel / GemmPlan.NR), to, at, filters * GemmPlan.NR);
  }
}
