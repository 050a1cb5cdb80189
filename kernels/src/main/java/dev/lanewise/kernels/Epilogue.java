package dev.lanewise.kernels;

import java.lang.foreign.MemorySegment;

/**
 * What happens to a finished element of a product while it is still in the cache: first the bias of its column is added
 * (one rounding), then ReLU, {@code max(x, 0)} with NaN kept and -0 turned to +0. Immutable; make it once, not per call.
 */
public final class Epilogue {
  /** The product as it is. */
  public static final Epilogue NONE = new Epilogue(MemorySegment.NULL, false, false);

  /** ReLU alone. */
  public static final Epilogue RELU = new Epilogue(MemorySegment.NULL, false, true);

  private final MemorySegment bias;
  private final boolean hasBias;
  private final boolean relu;

  private Epilogue(MemorySegment bias, boolean hasBias, boolean relu) {
    this.bias = bias;
    this.hasBias = hasBias;
    this.relu = relu;
  }

  /**
   * Adds a vector to every row of the product.
   *
   * @param bias native memory of as many floats as the product has columns, of none if it has none; read at each call, so updates are seen
   * @throws IllegalArgumentException for a heap segment and for an address that is no multiple of 4; the product refuses a bias too short
   */
  public static Epilogue bias(MemorySegment bias) {
    Segments.require("Epilogue", "the bias", bias, 0);
    return new Epilogue(bias, true, false);
  }

  /** The same, followed by ReLU. */
  public Epilogue withRelu() {
    return new Epilogue(bias, hasBias, true);
  }

  /** Whether a bias is added. */
  public boolean hasBias() {
    return hasBias;
  }

  /** The bias; empty if {@link #hasBias()} is false. */
  public MemorySegment bias() {
    return bias;
  }

  /** Whether ReLU comes last. */
  public boolean relu() {
    return relu;
  }
}
