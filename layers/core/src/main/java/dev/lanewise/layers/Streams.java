package dev.lanewise.layers;

/**
 * The random streams of a model. The high half names the purpose, so that no two purposes ever read the same words for one seed;
 * the low half counts.
 */
final class Streams {
  static final long PARAMETER = 0x5041_524DL << 32; // "PARM", + index of the parameter
  static final long LAYER = 0x4C41_5952L << 32; // "LAYR", + index of the layer that asked

  private Streams() {}
}
