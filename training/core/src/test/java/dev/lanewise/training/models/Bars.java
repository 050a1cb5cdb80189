package dev.lanewise.training.models;

import dev.lanewise.training.data.ImageDataset;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/** Images of 8x8 with a bright bar in one of four places under a little noise: enough to learn, and learned in a blink. */
final class Bars {
  private static final int SIDE = 8;
  private static final int CLASSES = 4;

  private Bars() {}

  static ImageDataset of(Arena arena, int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] pixels = new byte[n * SIDE * SIDE];
    byte[] labels = new byte[n];
    for (int i = 0; i < n; i++) {
      labels[i] = (byte) random.nextInt(CLASSES);
      for (int p = 0; p < SIDE * SIDE; p++) {
        boolean ink = p / SIDE / 2 == labels[i];
        pixels[i * SIDE * SIDE + p] = (byte) ((ink ? 200 : 0) + random.nextInt(55));
      }
    }
    return ImageDataset.copyOf(arena, pixels, labels, SIDE, SIDE, CLASSES);
  }
}
