package dev.lanewise.training.data;

/**
 * The random streams of this package, one per purpose, so that no two purposes ever read the same words for one seed.
 * The high half names the purpose; the low half is free for a counter such as the epoch.
 */
final class Streams {
  static final long SHUFFLE = 0x5348_5546L << 32; // "SHUF", + epoch
  static final long AUGMENT = 0x4155_474DL << 32; // "AUGM", + epoch
  static final long SYNTHETIC_TRAIN = 0x5359_5452L << 32; // "SYTR"
  static final long SYNTHETIC_TEST = 0x5359_5445L << 32; // "SYTE"
  static final long PARTITION = 0x5041_5254L << 32; // "PART"
  static final long SYNTHETIC_LABEL = 1; // flips the last bit of the two above

  private Streams() {}
}
