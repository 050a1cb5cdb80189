package dev.lanewise.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Memory for what a computation needs on its way: activations, gradients, scratch. Planned by its first run, reused by all later ones.
 *
 * <p>After {@link #reset()} the k-th request is served by the k-th slot. A computation that asks for the same shapes in the same
 * order gets the very same {@link Tensor} objects again and allocates nothing, on heap or off. Another shape that fits the slot's
 * memory gets a view of it, kept for the next time; one that does not fit makes the slot grow by at least a half, and the memory
 * it had stays reserved until the arena is closed.
 *
 * <p>Contents are undefined: a slot holds what the last run left there. A tensor is valid until the next {@code reset()}.
 * One computation at a time: two threads each bring their own workspace.
 */
public final class Workspace implements AutoCloseable {
  private final Arena arena;
  private final boolean owned;
  private Slot[] slots = new Slot[16];
  private int planned;
  private int next;
  private long bytes;

  private Workspace(Arena arena, boolean owned) {
    this.arena = arena;
    this.owned = owned;
  }

  /** A workspace with memory of its own, given back by {@link #close()}; any thread may use it, one at a time. */
  @SuppressWarnings("MustBeClosedChecker") // close() closes it
  public static Workspace open() {
    return new Workspace(Arena.ofShared(), true);
  }

  /** A workspace in somebody's arena, whose closing gives back the memory; {@link #close()} does nothing. */
  public static Workspace in(Arena arena) {
    return new Workspace(arena, false);
  }

  /** Begins the next run: all tensors handed out so far may be overwritten from now on. */
  public void reset() {
    next = 0;
  }

  /** Bytes reserved in all, those that a growing slot left behind included. */
  public long bytes() {
    return bytes;
  }

  /** A vector. */
  public Tensor tensor(int d0) {
    Slot slot = slot();
    Tensor known = slot.floats.find(1, d0, 0, 0, 0);
    return known != null ? known : floats(slot, Shape.of(d0));
  }

  /** A matrix. */
  public Tensor tensor(int d0, int d1) {
    Slot slot = slot();
    Tensor known = slot.floats.find(2, d0, d1, 0, 0);
    return known != null ? known : floats(slot, Shape.of(d0, d1));
  }

  /** A tensor of three axes. */
  public Tensor tensor(int d0, int d1, int d2) {
    Slot slot = slot();
    Tensor known = slot.floats.find(3, d0, d1, d2, 0);
    return known != null ? known : floats(slot, Shape.of(d0, d1, d2));
  }

  /** A tensor of four axes. */
  public Tensor tensor(int d0, int d1, int d2, int d3) {
    Slot slot = slot();
    Tensor known = slot.floats.find(4, d0, d1, d2, d3);
    return known != null ? known : floats(slot, Shape.of(d0, d1, d2, d3));
  }

  /** A tensor of any shape. */
  public Tensor tensor(Shape shape) {
    Slot slot = slot();
    Tensor known = slot.floats.find(shape);
    return known != null ? known : floats(slot, shape);
  }

  /** A batch of n examples: shape [n, axes of the example]. */
  public Tensor batch(int n, Shape example) {
    Slot slot = slot();
    Tensor known = slot.floats.findBatch(n, example);
    return known != null ? known : floats(slot, example.batch(n));
  }

  /** A vector of int32. */
  public IntTensor ints(int d0) {
    Slot slot = slot();
    IntTensor known = slot.ints.find(1, d0, 0, 0, 0);
    return known != null ? known : ints(slot, Shape.of(d0));
  }

  /** A tensor of int32 of any shape. */
  public IntTensor ints(Shape shape) {
    Slot slot = slot();
    IntTensor known = slot.ints.find(shape);
    return known != null ? known : ints(slot, shape);
  }

  /** A batch of n examples of int32. */
  public IntTensor batchOfInts(int n, Shape example) {
    Slot slot = slot();
    IntTensor known = slot.ints.findBatch(n, example);
    return known != null ? known : ints(slot, example.batch(n));
  }

  /** A tensor of zeros outside of all plans: no {@link #reset()} touches it, and it lives as long as the arena. */
  public Tensor lasting(Shape shape) {
    Tensor tensor = Tensor.allocate(arena, shape);
    bytes += tensor.segment().byteSize();
    return tensor;
  }

  /**
   * A tensor's elements as a batch of n examples, without copying: {@code x.reshape(example.batch(n))}, but the view is kept
   * by the slot, so that a steady run allocates none.
   *
   * @throws ShapeException if the number of elements differs
   */
  public Tensor view(Tensor x, int n, Shape example) {
    Recent<Tensor> views = slot().views;
    for (int i = 0; i < views.count(); i++) {
      Tensor view = views.get(i);
      // Equal segments may have different scopes: memory that was given back is handed out again at the same address.
      if (view != null && view.segment().equals(x.segment()) && view.segment().scope().equals(x.segment().scope())
          && view.shape().isBatchOf(n, example)) {
        return view;
      }
    }
    Tensor view = x.reshape(example.batch(n));
    views.add(view.shape(), view);
    return view;
  }

  /** Gives back the memory if this workspace owns it; its tensors throw from then on. */
  @Override
  public void close() {
    if (owned) {
      arena.close();
    }
  }

  private Slot slot() {
    if (next == planned) {
      if (planned == slots.length) {
        slots = Arrays.copyOf(slots, 2 * planned);
      }
      slots[planned++] = new Slot();
    }
    return slots[next++];
  }

  private Tensor floats(Slot slot, Shape shape) {
    Tensor tensor = Tensor.wrap(memory(slot, shape), shape);
    slot.floats.add(shape, tensor);
    return tensor;
  }

  private IntTensor ints(Slot slot, Shape shape) {
    IntTensor tensor = IntTensor.wrap(memory(slot, shape), shape);
    slot.ints.add(shape, tensor);
    return tensor;
  }

  private MemorySegment memory(Slot slot, Shape shape) {
    MemorySegment memory = slot.memory;
    long needed = shape.size() * Storage.ELEMENT;
    if (memory == null || memory.byteSize() < needed) {
      long grown = memory == null ? needed : Math.max(needed, memory.byteSize() + memory.byteSize() / 2);
      memory = arena.allocate((grown + Storage.ALIGNMENT - 1) & -Storage.ALIGNMENT, Storage.ALIGNMENT);
      bytes += memory.byteSize();
      slot.memory = memory;
      slot.floats.clear();
      slot.ints.clear();
    }
    return memory;
  }

  /** The k-th request of each run: its memory, the tensors made of it, and the views of other tensors asked for there. */
  private static final class Slot {
    final Recent<Tensor> floats = new Recent<>();
    final Recent<IntTensor> ints = new Recent<>();
    final Recent<Tensor> views = new Recent<>();
    @Nullable MemorySegment memory;
  }
}
