package dev.lanewise.layers;

/**
 * What is trained, kept in files and described: parameters, and how they are put together. {@link Sequential} is one; a model that is no
 * plain chain of layers (two heads, shared parameters, a pair of networks) implements it by hand on what {@link Params#build} gives.
 */
public interface Model {
  /** What kind of model it is: {@code sequential}. */
  String name();

  /** All parameters, in the flat tensors that an optimizer works on. */
  Params parameters();

  /** A table for people: layers, shapes, parameters, operations. */
  String summary();

  /** One line that tells models of different structure apart: a checkpoint keeps it, and fits models of the same line only. */
  String architecture();

  /**
   * Useful floating-point operations of one example's training step, 2 per multiply-add: forward and both gradients, counted as if nothing
   * were wasted. 0 if nobody counted.
   */
  default long trainingFlops() {
    return 0;
  }
}
