package dev.lanewise.training.data.text;

import dev.lanewise.kernels.Rng;

/**
 * Texts that the program makes up, for a machine that has no files: sentences of a small grammar, and names of
 * syllables. They never change, whatever a run's seed. Easier than any real text: a figure reached on them says nothing
 * about language, so it is shown under the name {@value #NAME}.
 */
public final class SyntheticText {
  /** {@link Text#name} of these texts. */
  public static final String NAME = "synthetic";

  private static final long SEED = 1;
  private static final int SENTENCES = 6_000;
  private static final int NAME_COUNT = 8_000;
  private static final int OPINION_COUNT = 1_500;

  private static final String[] DETERMINERS = {"the", "a", "this", "that", "every", "no", "my", "your"};
  private static final String[] ADJECTIVES = {"old", "quiet", "golden", "weary", "proud", "gentle", "bitter", "early"};
  private static final String[] NOUNS = {"king", "river", "soldier", "garden", "winter", "letter", "sister", "shadow",
      "ship", "morning", "candle", "stranger"};
  private static final String[] VERBS = {"sees", "follows", "forgets", "remembers", "guards", "carries", "leaves",
      "praises", "fears", "keeps"};
  private static final String[] ENDS = {"at night", "in the rain", "without a word", "beyond the hill", "once again",
      "for a while"};
  private static final String[] SPEAKERS = {"ANNA", "BRUNO", "CLARA", "DAVID"};

  private static final String[] PRAISE = {"charming", "witty", "moving", "brilliant", "fresh", "tender"};
  private static final String[] BLAME = {"dull", "clumsy", "tedious", "shallow", "stale", "noisy"};
  private static final String[] WORKS = {"film", "story", "script", "cast", "comedy", "ending"};

  private static final String[] ONSETS = {"b", "d", "f", "k", "l", "m", "n", "r", "s", "t", "v", "j", "ch", "sh"};
  private static final String[] VOWELS = {"a", "e", "i", "o", "u", "ai", "ia"};
  private static final String[] CODAS = {"", "", "", "n", "l", "r", "s"};

  private final long stream;
  private final StringBuilder out = new StringBuilder();
  private long drawn;

  private SyntheticText(long stream) {
    this.stream = stream;
  }

  /** Sentences such as "the old king sees my river at night.", spoken in turn by four people; about 200,000 characters. */
  public static Text prose() {
    SyntheticText text = new SyntheticText(Streams.PROSE);
    for (int i = 0; i < SENTENCES; i++) {
      text.sentence(i);
    }
    return new Text(NAME, text.out.toString());
  }

  /** Names of two or three syllables, one a line; about 50,000 characters. */
  public static Text names() {
    SyntheticText text = new SyntheticText(Streams.NAMES);
    for (int i = 0; i < NAME_COUNT; i++) {
      int syllables = 2 + text.below(2);
      for (int s = 0; s < syllables; s++) {
        text.add(ONSETS).add(VOWELS);
      }
      text.add(CODAS).out.append('\n');
    }
    return new Text(NAME, text.out.toString());
  }

  /** Sentences such as "this film is not dull but witty .", one a line, that praise or blame what they end with; 1,500 of them. */
  static Text opinions(boolean praise) {
    SyntheticText text = new SyntheticText(Streams.OPINIONS + (praise ? 1 : 0));
    for (int i = 0; i < OPINION_COUNT; i++) {
      text.add(DETERMINERS).out.append(' ');
      text.add(WORKS).out.append(" is ");
      if (text.below(2) == 0) {
        text.out.append("not ");
        text.add(praise ? BLAME : PRAISE).out.append(" but ");
      }
      text.add(praise ? PRAISE : BLAME).out.append(' ');
      text.add(ENDS).out.append(" .\n");
    }
    return new Text(NAME, text.out.toString());
  }

  private void sentence(int index) {
    if (index % 4 == 0) {
      add(SPEAKERS).out.append(":\n");
    }
    phrase();
    out.append(' ');
    add(VERBS).out.append(' ');
    phrase();
    if (below(3) == 0) {
      out.append(' ');
      add(ENDS);
    }
    out.append(index % 4 == 3 ? ".\n\n" : below(4) == 0 ? ";\n" : ",\n");
  }

  private void phrase() {
    add(DETERMINERS).out.append(' ');
    if (below(2) == 0) {
      add(ADJECTIVES).out.append(' ');
    }
    add(NOUNS);
  }

  private SyntheticText add(String[] choices) {
    out.append(choices[below(choices.length)]);
    return this;
  }

  private int below(int bound) {
    return Rng.below(SEED, stream, drawn++, bound);
  }
}
