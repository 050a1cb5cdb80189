package dev.lanewise.layers;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.kernels.Embedding;
import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Rnn}, {@link Gru} and {@link Lstm} have in common: one or two directions, the input as vectors or token ids, the
 * output as a sequence or its end, and which steps are padding.
 */
abstract sealed class RecurrentLayer implements Stepwise permits Rnn, Gru, Lstm {
  private final String name;
  private final Shape input;
  private final Shape output;
  private final int steps;
  private final int tokens;
  private final RecurrentDirection[] directions;
  private final List<Param> params;

  RecurrentLayer(String kind, RecurrentSpec spec, Shape input, Params.Builder builder) {
    this.name = builder.name(kind);
    spec.requireInput(name, input);
    this.input = input;
    this.steps = input.dim(0);
    this.tokens = spec.tokens();
    this.directions = new RecurrentDirection[spec.bidirectional() ? 2 : 1];
    int width = directions.length * spec.units();
    this.output = spec.sequences() ? Shape.of(steps, width) : Shape.of(width);
    List<Param> all = new ArrayList<>();
    for (int d = 0; d < directions.length; d++) {
      directions[d] = new RecurrentDirection(spec, name, steps, tokens > 0 ? tokens : input.dim(1), d, builder);
      all.addAll(directions[d].params());
    }
    this.params = List.copyOf(all);
  }

  /** As {@link #forward}: a recurrent layer computes the same in training and in use. */
  @Override
  public Tensor infer(Tensor x, Pass pass) {
    return run(x, null, pass);
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    Tensor y = run(x, saved, pass);
    saved.keep(x, y);
    return y;
  }

  private Tensor run(Tensor x, @Nullable Saved saved, Pass pass) {
    int n = Shapes.requireInput(this, x);
    Tensor y = pass.workspace().batch(n, output);
    MemorySegment ids = MemorySegment.NULL;
    if (tokens > 0) {
      IntTensor whole = pass.workspace().batchOfInts(n, input);
      Embedding.ids(x.size(), x.segment(), whole.segment());
      ids = whole.segment();
      if (saved != null) {
        saved.keepInts(whole);
      }
    }
    MemorySegment mask = mask(n, saved, pass);
    for (int d = 0; d < directions.length; d++) {
      directions[d].forward(n, x, ids, mask, y, saved == null ? null : saved.child(d), pass);
    }
    return y;
  }

  /**
   * One step of one sequence; the state is that of the step before.
   *
   * @throws IllegalStateException if the layer runs in both directions: what comes later is not known yet
   */
  @Override
  public Tensor step(Tensor x, int position, Pass pass) {
    if (directions.length > 1) {
      throw new IllegalStateException(name + ": one step after another, but the layer also runs from the end to the beginning; build "
          + "it in one direction");
    }
    if (position < 0) {
      throw new ShapeException(name + ": position " + position + "; positions count from 0");
    }
    boolean fits = tokens > 0 ? x.size() == 1 : x.rank() == 2 && x.dim(0) == 1 && x.dim(1) == input.dim(1);
    if (!fits) {
      throw new ShapeException(name + ": a step of " + x.shape() + " but " + (tokens > 0 ? "[1], a token id," : "[1, " + input.dim(1) + "]")
          + " is expected");
    }
    int id = tokens > 0 ? (int) x.get(0) : -1;
    if (tokens > 0 && (id != x.get(0) || id < 0 || id >= tokens)) {
      throw new IllegalArgumentException(name + ": token " + x.get(0) + " but the layer knows " + tokens
          + " tokens, whole numbers from 0 to " + (tokens - 1));
    }
    Tensor y = pass.workspace().tensor(1, output.dim(output.rank() - 1));
    directions[0].step(x, id, position == 0, y, pass);
    return y;
  }

  /** 1 for each step of an example that {@link Pass#lengths()} counts, 0 for padding; NULL if there is none. */
  private MemorySegment mask(int n, @Nullable Saved saved, Pass pass) {
    IntTensor lengths = pass.lengths();
    if (lengths == null) {
      return MemorySegment.NULL;
    }
    if (lengths.size() != n) {
      throw new ShapeException(name + ": " + lengths.size() + " lengths for a batch of " + n + "; give one for each example");
    }
    IntTensor mask = pass.workspace().ints(n * steps);
    MemorySegment segment = mask.segment();
    for (int i = 0; i < n; i++) {
      int length = lengths.get(i);
      for (int t = 0; t < steps; t++) {
        segment.setAtIndex(JAVA_INT, (long) i * steps + t, t < length ? 1 : 0);
      }
    }
    if (saved != null) {
      saved.child(directions.length).keepInts(mask);
    }
    return segment;
  }

  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    Tensor x = saved.input();
    int n = x.dim(0);
    Shapes.requireGradient(this, dy, n);
    Tensor dx = inputGradient ? pass.workspace().batch(n, input) : null;
    MemorySegment ids = tokens > 0 ? saved.ints().segment() : MemorySegment.NULL;
    MemorySegment mask = pass.lengths() == null ? MemorySegment.NULL : saved.child(directions.length).ints().segment();
    for (int d = 0; d < directions.length; d++) {
      directions[d].backward(n, x, ids, mask, dy, dx, saved.child(d), pass);
    }
    // Token ids are names: nothing changes as they move a little.
    return tokens > 0 && dx != null ? dx.fill(0) : dx;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Shape inputShape() {
    return input;
  }

  @Override
  public Shape outputShape() {
    return output;
  }

  @Override
  public List<Param> params() {
    return params;
  }

  @Override
  public long flops() {
    return directions.length * directions[0].flops();
  }
}
