package dev.lanewise.training;

import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Param;
import dev.lanewise.layers.Params;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** What an optimizer remembers of one model between steps: its state tensors and how many steps it has made. */
public final class OptimizerState {
  /** Neighbouring parameters that are treated alike, with their padding. */
  private record Span(Tensor w, Tensor g, Tensor[] slots, boolean decay) {}

  private final Optimizer optimizer;
  private final Params params;
  private final Tensor[] slots;
  private final Span[] spans;
  private long steps;

  OptimizerState(Optimizer optimizer, Params params, Arena arena) {
    this.optimizer = optimizer;
    this.params = params;
    this.slots = new Tensor[optimizer.slots().size()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = Tensor.allocate(arena, params.values().shape());
    }
    this.spans = spans();
  }

  private Span[] spans() {
    List<Param> list = params.list();
    List<Span> found = new ArrayList<>();
    for (int first = 0, next; first < list.size(); first = next) {
      Param param = list.get(first);
      next = first + 1;
      while (next < list.size() && alike(param, list.get(next))) {
        next++;
      }
      if (param.learned()) {
        long from = params.offset(param);
        long to = next == list.size() ? params.values().size() : params.offset(list.get(next));
        found.add(span(from, to, optimizer.decays(param)));
      }
    }
    return found.toArray(new Span[0]);
  }

  private boolean alike(Param a, Param b) {
    return a.learned() == b.learned() && optimizer.decays(a) == optimizer.decays(b);
  }

  private Span span(long from, long to, boolean decay) {
    Tensor[] parts = new Tensor[slots.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = part(slots[i], from, to);
    }
    return new Span(part(params.values(), from, to), part(params.gradients(), from, to), parts, decay);
  }

  private static Tensor part(Tensor flat, long from, long to) {
    return Tensor.wrap(flat.segment().asSlice(from * Float.BYTES), Shape.of((int) (to - from)));
  }

  public Optimizer optimizer() {
    return optimizer;
  }

  /** The parameters that it updates. */
  public Params params() {
    return params;
  }

  /** Updates the parameters from their gradients. Allocates nothing. */
  public void step(float learningRate, Workers workers) {
    steps++;
    for (int i = 0; i < spans.length; i++) {
      Span span = spans[i];
      optimizer.update(span.w, span.g, span.slots, learningRate, steps, span.decay, workers);
    }
  }

  /** How many updates have been made. */
  public long steps() {
    return steps;
  }

  /** The state tensor {@code i} of {@link Optimizer#slots()}, as long as the parameters with their padding. */
  public Tensor slot(int i) {
    return slots[i];
  }

  /** Continues the count of updates of a checkpoint; the slots are filled by writing into {@link #slot}. */
  public void restoreSteps(long steps) {
    if (steps < 0) {
      throw new IllegalArgumentException("OptimizerState: " + steps + " steps; at least 0 are needed");
    }
    this.steps = steps;
  }
}
