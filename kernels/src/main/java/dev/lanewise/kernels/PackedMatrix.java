package dev.lanewise.kernels;

import dev.lanewise.kernels.cpu.Simd;
import dev.lanewise.kernels.gemm.Panels;
import dev.lanewise.kernels.reference.GemmReference;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The right factor of products, packed once and multiplied by many times: weights that do not change, as in a served model. See
 * {@link Gemm#multiplyPacked}.
 *
 * <p>It holds a copy, equal bits, NaN payloads included: whoever writes to the matrix afterwards calls {@link #pack} again, or products go on with the old numbers. How the copy is
 * laid out depends on the vector width of this VM and is nobody's business. Its memory is the arena's, rows times columns rounded up to
 * the width of a tile (32 at 512 bits), and may be used as long as the arena is open.
 *
 * <table>
 *   <caption>IEEE edges</caption>
 *   <tr><th>kernel</th><th>NaN</th><th>infinity</th><th>zeros</th><th>overflow, underflow</th></tr>
 *   <tr><td>pack</td><td>copied: products as those by the matrix itself</td><td>copied; what fills up the last tile meets no column of a product</td><td>copied with their sign</td><td>never: nothing is computed, subnormals are kept</td></tr>
 * </table>
 *
 * <p>Any number of threads may multiply by one at a time; packing is the affair of one thread, while nobody multiplies by it.
 */
public final class PackedMatrix {
  private final int rows;
  private final int columns;
  private final MemorySegment memory;
  private final @Nullable Panels panels;
  private boolean packed;

  private PackedMatrix(int rows, int columns, Arena arena) {
    if (rows < 0 || columns < 0) {
      throw new IllegalArgumentException(
          "PackedMatrix: " + rows + " rows of " + columns + " columns; neither may be negative");
    }
    this.rows = rows;
    this.columns = columns;
    boolean inPanels = Simd.ENABLED && Panels.suit(rows) && GemmFamilies.panels();
    this.memory = arena.allocate(inPanels ? Panels.bytes(rows, columns) : 4L * rows * columns, 64);
    this.panels = inPanels ? new Panels(memory) : null;
  }

  /**
   * Room for a matrix [rows, columns], to be filled by {@link #pack}.
   *
   * @param rows the inner size of the products, at least 0
   * @param columns columns of the products, at least 0
   * @param arena holds the copy; must be accessible to the threads that multiply
   * @throws IllegalArgumentException if a size is negative
   */
  public static PackedMatrix of(int rows, int columns, Arena arena) {
    return new PackedMatrix(rows, columns, arena);
  }

  /**
   * Copies op(B), replacing what was packed before.
   *
   * @param transposeB false: B is stored [rows, columns] with ldb >= columns; true: it is stored [columns, rows] with ldb >= rows
   * @param ldb floats from one stored row of B to the next
   * @param workers the threads that share the columns
   * @throws IllegalArgumentException if the leading dimension is less than a row, or B is too small, on the heap or misaligned; the
   *     old copy is still there then
   */
  public void pack(boolean transposeB, MemorySegment b, int ldb, Workers workers) {
    Gemm.requireMatrix("B", b, transposeB ? columns : rows, transposeB ? rows : columns, ldb);
    if (rows > 0 && columns > 0) {
      if (panels != null) {
        workers.state(Panels.Packing.KEY).run(transposeB, rows, columns, b, ldb, memory, workers);
      } else {
        GemmReference.pack(transposeB, rows, columns, b, ldb, memory);
      }
    }
    packed = true;
  }

  /** Rows of op(B): the inner size of the products. */
  public int rows() {
    return rows;
  }

  /** Columns of op(B) and of the products. */
  public int columns() {
    return columns;
  }

  /** The panels; null where the memory is row-major, for the scalar twins and for products that want no panels. */
  @Nullable
  Panels panels() {
    return panels;
  }

  /** The copy; only after {@link #requirePacked}. */
  MemorySegment memory() {
    return memory;
  }

  void requirePacked() {
    if (!packed) {
      throw new IllegalStateException("PackedMatrix: nothing has been packed yet; call pack first");
    }
    if (!memory.scope().isAlive()) {
      throw new IllegalStateException("PackedMatrix: its arena is closed; keep the arena open as long as the matrix is in use");
    }
  }
}
