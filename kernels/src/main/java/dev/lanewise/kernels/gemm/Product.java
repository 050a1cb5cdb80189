package dev.lanewise.kernels.gemm;

import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The macro loops of a blocked product, over one or several parts that write the same C: packing of B, blocks of A, tiles.
 * No arithmetic happens here and no vector is seen.
 *
 * <p>A part is one dense product; a convolution's gradient has one for every class of pixels. All parts are split into tasks
 * of one block of rows by one group of panels, so that threads share them without a pause between the parts. A task owns its
 * piece of C and walks all of k, in ascending order: the bits cannot depend on who runs it.
 *
 * <p>Source: Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008; Van Zee and van de Geijn, BLIS:
 * A Framework for Rapidly Instantiating BLAS Functionality, 2015.
 */
public final class Product {
  /** Kept with the workers: packed panels and the tasks' fields live from call to call. */
  public static final Workers.Key<Product> KEY = new Workers.Key<>(Product::new);

  private ProductPart[] parts = {new ProductPart()};
  private int count;

  private MemorySegment c = MemorySegment.NULL;
  private boolean accumulate;
  private boolean hasBias;
  private boolean relu;
  private int window;
  /** Whether all of A is one block that one thread packs once, for all windows of B. */
  private boolean keepsA;

  private float[] packed = {};
  private float[] bias = {};
  private Scratch[] scratch = {};

  private final Workers.Task packing = this::packPanel;
  private final Workers.Task multiplying = this::multiplyBlock;

  /** What one worker needs for itself. */
  private static final class Scratch {
    /** What tiles read and copies write behind the last row. */
    private static final int SLACK = 16;

    float[] a = {};
    final float[] t = new float[Tiles.FLOATS];
    final long[] rows = new long[GemmPlan.COLUMN_MC];
    final float[] turning = new float[Copy.SCRATCH];

    /** Room for a block of A, no larger than blocks were: to clear that of a large product would cost a small one more than its work. */
    void reserve(int floats) {
      if (a.length < floats + SLACK) {
        a = new float[floats + SLACK];
      }
    }
  }

  private Product() {}

  /** Begins a new set of parts. */
  public Product begin() {
    count = 0;
    return this;
  }

  /** Adds C[rows, 0 .. n] = left right, an m x k by a k x n matrix. */
  public Product add(int m, int n, int k, LeftOperand left, RightOperand right, OutputRows rows) {
    return add(m, n, k, left, right, rows, 0);
  }

  /**
   * The same for a part whose columns are some of the columns of C.
   *
   * @param biasAt which element of the epilogue's bias belongs to its first column
   */
  public Product add(int m, int n, int k, LeftOperand left, RightOperand right, OutputRows rows, int biasAt) {
    if (count == parts.length) {
      parts = Arrays.copyOf(parts, 2 * count);
      for (int i = count; i < parts.length; i++) {
        parts[i] = new ProductPart();
      }
    }
    ProductPart part = parts[count++];
    part.m = m;
    part.n = n;
    part.k = k;
    part.left = left;
    part.columns = left.columns();
    part.right = right;
    part.biasAt = biasAt;
    part.rows = rows;
    part.direct = right.panels();
    if (part.direct != null) {
      part.directAt = 0;
      part.directStride = 4L * GemmPlan.NR;
      part.directColumn = 4L * k;
    } else {
      part.direct = ProductPart.mayBeDirect(m, n) ? right.rowMajor() : null;
      part.directAt = right.start();
      part.directStride = 4L * right.stride();
      part.directColumn = 4;
    }
    return this;
  }

  /**
   * Computes all parts.
   *
   * @param c where the parts' rows lie
   * @param accumulate whether the chains of sums start from C; otherwise C is never read
   */
  public void run(MemorySegment c, boolean accumulate, Epilogue epilogue, Workers workers) {
    this.c = c;
    this.accumulate = accumulate;
    this.hasBias = epilogue.hasBias();
    this.relu = epilogue.relu();
    int widest = 0;
    int biases = 0;
    int block = 0;
    for (int i = 0; i < count; i++) {
      widest = Math.max(widest, parts[i].n);
      biases = Math.max(biases, parts[i].biasAt + parts[i].n);
      block = Math.max(block, parts[i].blockOfA());
    }
    if (hasBias || relu) {
      // A tile reads as many as it has columns, whoever they belong to. -0 leaves every number as it is.
      if (bias.length < biases + GemmPlan.NR) {
        bias = new float[biases + GemmPlan.NR];
      }
      if (hasBias) {
        Copy.run(epilogue.bias(), 0, bias, 0, biases);
      }
      Arrays.fill(bias, hasBias ? biases : 0, bias.length, -0f);
    }
    if (scratch.length < workers.threads()) {
      scratch = new Scratch[workers.threads()];
      Arrays.setAll(scratch, i -> new Scratch());
    }
    for (Scratch each : scratch) {
      each.reserve(block);
    }
    keepsA = workers.threads() == 1 && count == 1 && parts[0].isOneBlock();
    int columns = columnsPerPass(keepsA ? GemmPlan.PASSING_B : GemmPlan.PACKED_B);
    for (window = 0; window < widest; window += columns) {
      int panels = layOut(columns);
      workers.run(packing, panels);
      workers.run(multiplying, split(workers.threads()));
    }
    for (int i = 0; i < count; i++) {
      parts[i].clear();
    }
    this.c = MemorySegment.NULL;
  }

  /** How many columns of B all parts together can have packed at a time, in so many floats. */
  private int columnsPerPass(int floats) {
    long depth = 1;
    for (int i = 0; i < count; i++) {
      depth += parts[i].k;
    }
    return (int) Math.max(1, floats / depth / GemmPlan.NR) * GemmPlan.NR;
  }

  /** Gives every part that packs B its place there; returns the number of panels to pack. */
  private int layOut(int columns) {
    int panels = 0;
    int at = 0;
    for (int i = 0; i < count; i++) {
      ProductPart part = parts[i];
      part.panels = GemmPlan.roundUp(Math.clamp(part.n - window, 0, columns), GemmPlan.NR) / GemmPlan.NR;
      part.firstPanel = panels;
      part.packedAt = at;
      if (part.direct == null) {
        panels += part.panels;
        at += part.panels * part.k * GemmPlan.NR;
      }
    }
    if (packed.length < at) {
      packed = new float[at];
    }
    return panels;
  }

  /** Cuts every part into tasks; returns their number. */
  private int split(int threads) {
    int tasks = 0;
    int wanted = Tiles.tasks(threads);
    for (int i = 0; i < count; i++) {
      ProductPart part = parts[i];
      part.rowsPerBlock = Tiles.block(part.m, threads, part.columns);
      part.blocks = (part.m + part.rowsPerBlock - 1) / part.rowsPerBlock;
      int groups = Math.min(part.panels, (wanted + part.blocks - 1) / part.blocks);
      part.panelsPerGroup = groups == 0 ? 0 : (part.panels + groups - 1) / groups;
      part.groups = groups == 0 ? 0 : (part.panels + part.panelsPerGroup - 1) / part.panelsPerGroup;
      part.firstTask = tasks;
      tasks += part.blocks * part.groups;
    }
    return tasks;
  }

  private void packPanel(int index, int worker) {
    int i = count - 1;
    while (parts[i].firstPanel > index) {
      i--;
    }
    ProductPart part = parts[i];
    int panel = index - part.firstPanel;
    int column = window + panel * GemmPlan.NR;
    int columns = Math.min(GemmPlan.NR, part.n - column);
    part.right.pack(column, columns, packed, part.packedAt + panel * part.k * GemmPlan.NR, scratch[worker].turning);
  }

  private void multiplyBlock(int index, int worker) {
    int i = count - 1;
    while (parts[i].firstTask > index) {
      i--;
    }
    ProductPart part = parts[i];
    Scratch mine = scratch[worker];
    int block = (index - part.firstTask) / part.groups;
    int group = (index - part.firstTask) % part.groups;
    int row0 = block * part.rowsPerBlock;
    int rows = Math.min(part.rowsPerBlock, part.m - row0);
    int panel0 = group * part.panelsPerGroup;
    int panel1 = Math.min(part.panels, panel0 + part.panelsPerGroup);
    part.rows.locate(row0, rows, mine.rows);
    int kBlock = GemmPlan.kBlock(part.k, part.columns);
    int k0 = 0;
    do {
      int kc = Math.min(kBlock, part.k - k0);
      if (window == 0 || !keepsA) {
        part.left.pack(row0, rows, k0, kc, mine.a);
      }
      int together = GemmPlan.panelsTogether(kc);
      for (int panel = panel0; panel < panel1; panel += together) {
        multiplyPanels(part, mine, rows, k0, kc, panel, Math.min(panel1, panel + together));
      }
      k0 += kc;
    } while (k0 < part.k);
  }

  /** A block of rows by some panels: what bands take, and all else tile by tile and row of tiles by row of tiles. */
  private void multiplyPanels(ProductPart part, Scratch mine, int rows, int k0, int kc, int panel0, int panel1) {
    int whole = part.direct != null ? panel0 : Math.clamp(Bands.panels(part.n - window), panel0, panel1);
    int banded = whole > panel0 ? Bands.rows(rows) : 0;
    if (banded > 0) {
      int column = window + panel0 * GemmPlan.NR;
      boolean finish = k0 + kc == part.k && (hasBias || relu);
      Bands.run(
          part.columns, banded, whole - panel0, kc, mine.a, packed, part.packedAt + (panel0 * part.k + k0) * GemmPlan.NR,
          part.k * GemmPlan.NR, accumulate || k0 > 0, c, mine.rows, 4L * column, finish, bias, part.biasAt + column,
          relu ? 0f : Float.NEGATIVE_INFINITY);
    }
    multiplyTiles(part, mine, 0, banded, k0, kc, whole, panel1);
    multiplyTiles(part, mine, banded, rows, k0, kc, panel0, panel1);
  }

  private void multiplyTiles(ProductPart part, Scratch mine, int row0, int row1, int k0, int kc, int panel0, int panel1) {
    boolean fromC = accumulate || k0 > 0;
    boolean last = k0 + kc == part.k;
    int height;
    for (int row = row0; row < row1; row += height) {
      height = Tiles.height(row1 - row);
      int tileRows = Math.min(height, row1 - row);
      for (int panel = panel0; panel < panel1; panel++) {
        int column = window + panel * GemmPlan.NR;
        int columns = Math.min(GemmPlan.NR, part.n - column);
        if (fromC) {
          Tile.load(c, mine.rows, row, tileRows, 4L * column, columns, mine.t);
        }
        multiplyTile(part, mine, row, height, k0, kc, panel, fromC ? mine.t : Tiles.ZEROS);
        if (last) {
          Tile.finish(c, mine.rows, row, tileRows, 4L * column, columns, mine.t, hasBias, bias, part.biasAt + column, relu);
        } else {
          Tile.store(c, mine.rows, row, tileRows, 4L * column, columns, mine.t);
        }
      }
    }
  }

  private void multiplyTile(ProductPart part, Scratch mine, int row, int height, int k0, int kc, int panel, float[] s) {
    int a = part.columns ? row : row * GemmPlan.ROW_STRIDE;
    int b = part.packedAt + (panel * part.k + k0) * GemmPlan.NR;
    MemorySegment direct = part.direct;
    long directAt = part.directAt + k0 * part.directStride + (window + panel * GemmPlan.NR) * part.directColumn;
    if (direct != null && part.columns) {
      Tiles.directColumns(height, kc, mine.a, a, direct, directAt, part.directStride, s, mine.t);
    } else if (direct != null) {
      Tiles.directRows(height, kc, mine.a, a, direct, directAt, part.directStride, s, mine.t);
    } else if (part.columns) {
      Tiles.columns(height, kc, mine.a, a, packed, b, s, mine.t);
    } else if (part.n == 1) {
      GemmKernel12x1.rows(kc, mine.a, a, packed, b, s, mine.t);
    } else {
      Tiles.rows(height, kc, mine.a, a, packed, b, s, mine.t);
    }
  }
}
