package dev.lanewise.layers;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.tensor.Workspace;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What stateful layers carry from one batch to the next, such as the state of a recurrent layer between two pieces of a long text. It
 * belongs to a {@link Pass}: training and evaluation on passes of their own never mix.
 *
 * <p>A tensor is all 0 until somebody writes it, and again after {@link #reset()}. Its memory is the workspace's and lives as long: a
 * state is small. A steady state allocates nothing.
 */
public final class Carried {
  private final Map<String, Tensor> tensors = new TreeMap<>();

  /** Memory of states that were forgotten, so that resets do not make the workspace grow. */
  private final Map<String, Tensor> spare = new TreeMap<>();

  private final Workspace workspace;

  Carried(Workspace workspace) {
    this.workspace = workspace;
  }

  /**
   * The state of that name, made of zeros at its first use; it stays the same tensor from then on.
   *
   * @param name unique in the model: a layer's name, a slash, and what it is
   * @param n examples in a batch, each with a state of its own
   * @param example shape of the state of one
   * @return [n, example], to be read and written
   * @throws ShapeException if the state at hand is of another shape: batches of one size follow each other until a reset
   */
  public Tensor state(String name, int n, Shape example) {
    Tensor known = tensors.get(name);
    if (known == null) {
      known = memory(name, example.batch(n)).fill(0);
      tensors.put(name, known);
    } else if (!known.shape().isBatchOf(n, example)) {
      throw new ShapeException(name + ": the state carried over is " + known.shape() + " but this batch needs "
          + example.batch(n) + "; keep the batch size, or reset what is carried between sequences");
    }
    return known;
  }

  private Tensor memory(String name, Shape shape) {
    Tensor old = spare.remove(name);
    return old != null && old.shape().equals(shape) ? old : workspace.lasting(shape);
  }

  /** Forgets everything: what follows begins from zeros, in batches of any size. */
  public void reset() {
    spare.putAll(tensors);
    tensors.clear();
  }

  /** What is carried, by name in alphabetical order: for a checkpoint. The tensors are those in use, not copies. */
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /** Puts back what a checkpoint held, copying it; anything else is forgotten. */
  public void restore(Map<String, Tensor> saved) {
    reset();
    saved.forEach((name, tensor) -> tensors.put(name, memory(name, tensor.shape()).copyFrom(tensor)));
  }
}
