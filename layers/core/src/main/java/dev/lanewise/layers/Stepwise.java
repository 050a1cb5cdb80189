package dev.lanewise.layers;

import dev.lanewise.tensor.Tensor;

/**
 * A layer over sequences that can also be run one position after another, as text is generated: each step costs one position, not the whole sequence.
 *
 * <p>What a layer needs of earlier positions it keeps in {@link Pass#carried()}, such as keys and values of attention. The results have the bits of
 * {@link Layer#infer} over the whole sequence. A steady step allocates nothing.
 */
public interface Stepwise extends Layer {
  /**
   * The output at one position of one sequence.
   *
   * @param x [1, channels], or [1] where a position of the input is one number; not written
   * @param position from 0, in ascending order without gaps; position 0 begins a new sequence
   * @return [1, channels of the output]; may share memory with x, valid until the pass begins again
   * @throws dev.lanewise.tensor.ShapeException if x has another shape, or there is no such position
   */
  Tensor step(Tensor x, int position, Pass pass);

  /** How many positions there can be; {@link Integer#MAX_VALUE} where nothing limits them. */
  default int context() {
    return Integer.MAX_VALUE;
  }
}
