package dev.lanewise.jmh;

import dev.lanewise.training.data.text.CharTokenizer;
import dev.lanewise.training.data.text.Tokens;
import java.util.SplittableRandom;

/** Text that means nothing, of as many different characters as Tiny Shakespeare has: what it says makes no difference to the speed. */
final class Letters {
  /** Different characters. */
  static final int COUNT = 65;

  private Letters() {}

  static CharTokenizer tokenizer() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < COUNT; i++) {
      all.append((char) ('0' + i));
    }
    return CharTokenizer.of(all.toString());
  }

  /** Characters drawn at random, the same for the same length. */
  static Tokens text(int length) {
    return Tokens.of(COUNT, new SplittableRandom(1).ints(length, 0, COUNT).toArray());
  }
}
