package dev.lanewise.layers;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A differentiable map from a batch of examples to a batch of examples, with parameters.
 *
 * <p>A layer is immutable but for its parameters' values. What a pass needs on the way lives in the {@link Pass}'s workspace, what
 * backward needs of forward in a {@link Saved}; so {@code infer} may run from many threads at a time, each with its own pass. In the steady
 * state no method allocates.
 *
 * <p>Tensors handed in and out are [n, axes of one example]; images are NHWC. Those handed out are valid until the pass begins again.
 */
public interface Layer {
  /** Unique in its model, as Keras names it: {@code conv2d_1}. */
  String name();

  /** Shape of one input example, without the batch axis. */
  Shape inputShape();

  /** Shape of one output example, without the batch axis. */
  Shape outputShape();

  /** What is learned, in a fixed order; empty if nothing. */
  default List<Param> params() {
    return List.of();
  }

  /** Floating-point operations of the products of one example's forward pass: 2 per multiply-add. Element-wise work counts as none. */
  default long flops() {
    return 0;
  }

  /**
   * The output as it is when the model is used.
   *
   * @param x [n, inputShape]; not written
   * @return [n, outputShape]; may share memory with x
   * @throws dev.lanewise.tensor.ShapeException if x has another shape
   */
  Tensor infer(Tensor x, Pass pass);

  /**
   * The output as it is in training; keeps what {@link #backward} needs.
   *
   * @param x [n, inputShape]; not written, and to be left alone until backward has run
   * @param saved overwritten
   * @return [n, outputShape]; may share memory with x, and is to be left alone until backward has run
   * @throws dev.lanewise.tensor.ShapeException if x has another shape
   */
  Tensor forward(Tensor x, Saved saved, Pass pass);

  /**
   * From the gradient for the output to those for the parameters and the input.
   *
   * <p>Parameters' gradients are overwritten, or added to if {@link Pass#accumulateGradients()}, or of no use if
   * {@link Pass#skipsParameterGradients()}.
   *
   * @param dy [n, outputShape]; may be overwritten
   * @param saved of the last forward, in the same pass
   * @param inputGradient whether the gradient for the input is wanted
   * @return [n, inputShape], which may share memory with dy; null if it is not wanted
   * @throws dev.lanewise.tensor.ShapeException if dy has another shape
   * @throws IllegalStateException if no forward has filled {@code saved}
   */
  @Nullable
  Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient);
}
