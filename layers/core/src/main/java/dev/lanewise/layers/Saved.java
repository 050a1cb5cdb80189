package dev.lanewise.layers;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a layer's forward keeps for its backward: references, no copies. Make one per model and training thread and use it again for
 * each batch. A layer made of layers keeps theirs in children.
 */
public final class Saved {
  private @Nullable Tensor input;
  private @Nullable Tensor output;
  private @Nullable Tensor extra;
  private @Nullable IntTensor ints;
  private Saved[] children = {};

  /** Nothing kept yet. */
  public Saved() {}

  /** Keeps what went in and what came out. */
  public void keep(Tensor input, Tensor output) {
    this.input = input;
    this.output = output;
  }

  /** Keeps one tensor more, such as a mask. */
  public void keepExtra(Tensor extra) {
    this.extra = extra;
  }

  /** Keeps whole numbers, such as the positions of maxima. */
  public void keepInts(IntTensor ints) {
    this.ints = ints;
  }

  /** What went in. */
  public Tensor input() {
    return required(input);
  }

  /** What came out. */
  public Tensor output() {
    return required(output);
  }

  /** What {@link #keepExtra} kept. */
  public Tensor extra() {
    return required(extra);
  }

  /** What {@link #keepInts} kept. */
  public IntTensor ints() {
    return required(ints);
  }

  /** What the i-th layer inside keeps; made at its first use. */
  public Saved child(int i) {
    if (i >= children.length) {
      int made = children.length;
      children = Arrays.copyOf(children, i + 1);
      for (int j = made; j <= i; j++) {
        children[j] = new Saved();
      }
    }
    return children[i];
  }

  private static <T> T required(@Nullable T kept) {
    if (kept == null) {
      throw new IllegalStateException("Saved: nothing was kept; run forward with it before backward");
    }
    return kept;
  }
}
