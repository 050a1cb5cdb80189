package dev.lanewise.training.data.text;

/** The random streams of this package, one per purpose; see the package above. */
final class Streams {
  static final long WINDOWS = 0x5749_4E44L << 32; // "WIND"
  static final long PROSE = 0x5052_4F53L << 32; // "PROS"
  static final long NAMES = 0x4E41_4D45L << 32; // "NAME"
  static final long MASKS = 0x4D41_534BL << 32; // "MASK"
  static final long SHOWN = 0x5348_4F57L << 32; // "SHOW"
  static final long OTHERS = 0x4F54_4845L << 32; // "OTHE"
  static final long OPINIONS = 0x4F50_494EL << 32; // "OPIN", + class

  private Streams() {}
}
