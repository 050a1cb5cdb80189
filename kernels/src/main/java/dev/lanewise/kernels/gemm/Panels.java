package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.gemm.GemmPlan.NR;
import static dev.lanewise.kernels.lane.Lanes.COUNT;
import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;

import dev.lanewise.kernels.Workers;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * A right factor that was packed beforehand into memory that stays: panels of NR columns, each k x NR floats, the last filled up with zeros. A product
 * reads the panels with the micro-kernels that read B where it lies, and packs nothing.
 */
public final class Panels implements RightOperand {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private final MemorySegment memory;

  /** @param memory of {@link #bytes}, filled by {@link Packing} */
  public Panels(MemorySegment memory) {
    this.memory = memory;
  }

  /**
   * Whether panels serve a matrix of k rows: with fewer, products that pack nothing are faster, and a row-major copy serves them (measured, see
   * reports/decisions/0001).
   */
  public static boolean suit(int k) {
    return k > GemmPlan.IN_PLACE;
  }

  /** Bytes of the panels of a k x n matrix. */
  public static long bytes(int k, int n) {
    return 4L * k * GemmPlan.roundUp(n, NR);
  }

  @Override
  public MemorySegment panels() {
    return memory;
  }

  @Override
  public void pack(int column, int columns, float[] panel, int at, float[] scratch) {
    throw new IllegalStateException("Panels: they are packed already");
  }

  /** Fills panels, kept with the workers. */
  public static final class Packing implements Workers.Task {
    public static final Workers.Key<Packing> KEY = new Workers.Key<>(Packing::new);

    /** Steps of k copied at a time. */
    private static final int STEPS = GemmPlan.KC;

    private static final class Scratch {
      final Matrix source = new Matrix();
      final float[] panel = new float[STEPS * NR];
      final float[] turning = new float[Copy.SCRATCH];
    }

    private int k;
    private int n;
    private MemorySegment b = MemorySegment.NULL;
    private int ldb;
    private boolean transposed;
    private MemorySegment memory = MemorySegment.NULL;
    private Scratch[] scratch = {};

    private Packing() {}

    /** Packs op(B) [k, n]. */
    public void run(boolean transposeB, int depth, int columns, MemorySegment from, int ld, MemorySegment to, Workers workers) {
      k = depth;
      n = columns;
      b = from;
      ldb = ld;
      transposed = transposeB;
      memory = to;
      if (scratch.length < workers.threads()) {
        scratch = new Scratch[workers.threads()];
        Arrays.setAll(scratch, i -> new Scratch());
      }
      workers.run(this, GemmPlan.roundUp(n, NR) / NR);
      b = MemorySegment.NULL;
      memory = MemorySegment.NULL;
    }

    @Override
    public void run(int index, int worker) {
      Scratch mine = scratch[worker];
      int column = index * NR;
      int columns = Math.min(NR, n - column);
      for (int k0 = 0; k0 < k; k0 += STEPS) {
        int steps = Math.min(STEPS, k - k0);
        mine.source.set(b, ldb, transposed, steps).at(transposed ? 4L * k0 : 4L * k0 * ldb);
        mine.source.pack(column, columns, mine.panel, 0, mine.turning);
        fillUp(mine.panel, steps, columns);
        store(mine.panel, steps * NR, memory, 4L * NR * ((long) index * k + k0));
      }
      mine.source.clear();
    }

    /** Zeros behind the last column: what is kept holds nothing twice and nothing of other memory. */
    private static void fillUp(float[] panel, int steps, int columns) {
      if (columns < NR) {
        for (int p = 0; p < steps; p++) {
          Arrays.fill(panel, p * NR + columns, (p + 1) * NR, 0f);
        }
      }
    }

    /** Writes n floats, a multiple of a vector. */
    private static void store(float[] panel, int n, MemorySegment memory, long at) {
      memory = exact(memory);
      for (int i = 0; i < n; i += COUNT) {
        FloatVector.fromArray(F, panel, i).intoMemorySegment(memory, at + 4L * i, ORDER);
      }
    }
  }
}
