package dev.lanewise.layers;

import dev.lanewise.kernels.Elementwise;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * All parameters of a model in two flat tensors, values and gradients, in the order in which the layers asked for them.
 *
 * <p>Each parameter begins at a multiple of 64 bytes. What lies between two of them is padding: 0 in both tensors, and 0 it
 * remains under every optimizer whose step is 0 where value and gradient are 0.
 */
public final class Params {
  private static final long ALIGNMENT = 64;

  private final Tensor values;
  private final Tensor gradients;
  private final List<Param> list;
  private final long count;

  private Params(Tensor values, Tensor gradients, List<Param> list) {
    this.values = values;
    this.gradients = gradients;
    this.list = List.copyOf(list);
    this.count = list.stream().filter(Param::learned).mapToLong(param -> param.value().size()).sum();
  }

  /** What {@link #build} made. */
  public record Built<L>(L model, Params params) {}

  /**
   * Builds a model on parameters of its own.
   *
   * <p>The recipe runs twice: first to measure, on scratch memory that all its parameters share, then for good, on the flat
   * tensors. It must ask for the same parameters both times; what it made at first is dropped.
   *
   * @param seed of all random numbers that the recipe draws, each parameter from a stream of its own
   * @param arena whose life is the model's
   * @param recipe makes the model, asking the builder for its parameters
   */
  public static <L> Built<L> build(long seed, Arena arena, Function<? super Builder, ? extends L> recipe) {
    long floats;
    try (Arena scratch = Arena.ofConfined()) {
      Measuring measuring = new Measuring(scratch);
      var _ = recipe.apply(measuring);
      floats = measuring.floats();
    }
    Placing placing = new Placing(seed, arena, floats);
    L model = recipe.apply(placing);
    return new Built<>(model, new Params(placing.values, placing.gradients, placing.made()));
  }

  /** All values, padding included: shape [floats]. */
  public Tensor values() {
    return values;
  }

  /** All gradients, padding included, parallel to {@link #values()}. */
  public Tensor gradients() {
    return gradients;
  }

  /** The parameters in the order in which the layers asked for them. */
  public List<Param> list() {
    return list;
  }

  /**
   * Some of the parameters as views of the same memory: the generator's or the discriminator's, for an optimizer of their own.
   *
   * @param from first parameter, by its place in {@link #list()}
   * @param to parameter after the last
   */
  public Params range(int from, int to) {
    List<Param> part = list.subList(from, to);
    long start = from == list.size() ? values.size() : offset(list.get(from));
    long end = to == list.size() ? values.size() : offset(list.get(to));
    return new Params(slice(values, start, end), slice(gradients, start, end), part);
  }

  /** How many floats of {@link #values()} stand before a parameter of this model. */
  public long offset(Param param) {
    return (param.value().segment().address() - values.segment().address()) / Float.BYTES;
  }

  private static Tensor slice(Tensor flat, long from, long to) {
    return Tensor.wrap(flat.segment().asSlice(from * Float.BYTES), Shape.of((int) (to - from)));
  }

  /** The number of learned floats, without padding. */
  public long count() {
    return count;
  }

  /** Sets all gradients to 0: before a sum over several batches. */
  public void zeroGradients() {
    Elementwise.fill(gradients.size(), 0, gradients.segment());
  }

  private static long padded(Shape shape) {
    return (shape.size() * Float.BYTES + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT / Float.BYTES;
  }

  /** Hands out parameters, names and random streams to the layers of one model while it is built. */
  public abstract static sealed class Builder {
    private final Map<String, Integer> kinds = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final List<Param> made = new ArrayList<>();
    private int streams;
    long floats;

    private Builder() {}

    /** A layer's name, unique in the model: {@code conv2d}, then {@code conv2d_1}, {@code conv2d_2}. */
    public final String name(String kind) {
      int before = kinds.merge(kind, 1, Integer::sum) - 1;
      return before == 0 ? kind : kind + "_" + before;
    }

    /** A stream of random numbers that no other part of the model reads: for dropout and the like. */
    public final long stream() {
      return Streams.LAYER + streams++;
    }

    /**
     * A parameter with its first values.
     *
     * @param name the layer's name, a slash, and what it is: {@code dense/kernel}
     * @throws IllegalArgumentException if the model has one of this name
     */
    public final Param param(String name, Shape shape, Initializer initializer) {
      return make(name, shape, initializer, true);
    }

    /**
     * A tensor that belongs to the model and its files but that no optimizer touches: the layer changes it by itself, and does not list
     * it among what it learns. Its gradient stays 0.
     *
     * @param name as of {@link #param}
     * @throws IllegalArgumentException if the model has one of this name
     */
    public final Param state(String name, Shape shape, Initializer initializer) {
      return make(name, shape, initializer, false);
    }

    private Param make(String name, Shape shape, Initializer initializer, boolean learned) {
      if (!names.add(name)) {
        throw new IllegalArgumentException(
            "Params: two parameters are called " + name + "; ask the builder for a name of each layer's own");
      }
      Param param = place(name, shape, initializer, made.size(), learned);
      made.add(param);
      floats += padded(shape);
      return param;
    }

    /** How many parameters and states have been asked for so far: where a part of the model ends, see {@link Params#range}. */
    public final int count() {
      return made.size();
    }

    final List<Param> made() {
      return made;
    }

    final long floats() {
      return floats;
    }

    abstract Param place(String name, Shape shape, Initializer initializer, int index, boolean learned);
  }

  private static final class Measuring extends Builder {
    private final Arena scratch;
    private MemorySegment memory = MemorySegment.NULL;

    Measuring(Arena scratch) {
      this.scratch = scratch;
    }

    @Override
    Param place(String name, Shape shape, Initializer initializer, int index, boolean learned) {
      long bytes = padded(shape) * Float.BYTES;
      if (memory.byteSize() < bytes) {
        memory = scratch.allocate(bytes, ALIGNMENT);
      }
      Tensor any = Tensor.wrap(memory, shape);
      return new Param(name, any, any, learned);
    }
  }

  private static final class Placing extends Builder {
    private final long seed;
    final Tensor values;
    final Tensor gradients;

    Placing(long seed, Arena arena, long total) {
      if (total > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("Params: a model of " + total + " parameters; at most 2^31 - 1 fit");
      }
      this.seed = seed;
      this.values = Tensor.allocate(arena, Shape.of((int) total));
      this.gradients = Tensor.allocate(arena, Shape.of((int) total));
    }

    @Override
    Param place(String name, Shape shape, Initializer initializer, int index, boolean learned) {
      if (floats + padded(shape) > values.size()) {
        throw new IllegalStateException("Params: " + name + " " + shape
            + " was not there when the model was measured; a LayerSpec must ask for the same parameters each time");
      }
      Tensor value = Tensor.wrap(values.segment().asSlice(floats * Float.BYTES), shape);
      Tensor gradient = Tensor.wrap(gradients.segment().asSlice(floats * Float.BYTES), shape);
      initializer.fill(value, seed, Streams.PARAMETER + index);
      return new Param(name, value, gradient, learned);
    }
  }
}
