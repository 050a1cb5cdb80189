package dev.lanewise.layers;

/** Zeros imagined around an image, as Keras names the two ways. */
public enum Padding {
  /** None: out = floor((size - reach) / stride) + 1. */
  VALID,
  /** As many as give out = ceil(size / stride); of an odd number the larger half is below and right. */
  SAME;

  /** Zeros on both sides of one axis together. */
  int of(int size, int reach, int stride) {
    if (this == VALID) {
      return 0;
    }
    int out = (size + stride - 1) / stride;
    return Math.max(0, (out - 1) * stride + reach - size);
  }
}
