package dev.lanewise.training.data.text;

import dev.lanewise.training.data.DataListener;
import dev.lanewise.training.data.DataSearch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sentences that praise and sentences that blame: {@code sentiment/rt-polarity.pos} and {@code .neg}, one a line, 5,331 of each.
 *
 * <p>Of each file every tenth line from the first is to test on, every tenth from the sixth to validate on, and all others to train on.
 *
 * <p>Source: Pang and Lee, Seeing Stars: Exploiting Class Relationships for Sentiment Categorization, 2005.
 *
 * @param name "rt-polarity" or "synthetic"; shown beside every figure that comes from it
 */
public record Polarity(String name, Part train, Part validation, Part test) {
  /** The classes: 0 blames, 1 praises. */
  public static final int CLASSES = 2;

  private static final String NAME = "rt-polarity";
  private static final int TENTH = 10;
  private static final int VALIDATION = 5;

  /**
   * Some of the sentences.
   *
   * @param labels 0 for blame, 1 for praise
   */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  public record Part(List<String> sentences, int[] labels) {}

  /**
   * Finds the two files as {@link DataSearch} says, or makes up sentences of a small grammar.
   *
   * @param data the folder that the caller names, or null
   * @throws IllegalArgumentException when one of the two has too few lines: there would be one class alone
   * @throws IOException when the files are not where the caller says, are damaged or empty
   */
  public static Polarity find(@Nullable Path data, DataListener listener) throws IOException {
    DataSearch search = DataSearch.of("sentiment", NAME + ".neg", NAME + ".pos").data(data);
    List<Path> found = search.locate();
    if (found == null) {
      listener.notice("sentiment is not here (" + String.join("; ", search.places()) + "); making up sentences instead");
      return of(SyntheticText.NAME, SyntheticText.opinions(false).lines(), SyntheticText.opinions(true).lines());
    }
    return of(NAME, new Text(NAME, DataSearch.text(found.get(0))).lines(), new Text(NAME, DataSearch.text(found.get(1))).lines());
  }

  /**
   * Splits sentences of both classes.
   *
   * @throws IllegalArgumentException when one of the two has not enough to train, validate and test on
   */
  public static Polarity of(String name, List<String> blame, List<String> praise) {
    if (Math.min(blame.size(), praise.size()) <= VALIDATION) {
      throw new IllegalArgumentException("Polarity: " + name + " has " + blame.size() + " sentences that blame and " + praise.size()
          + " that praise; at least " + (VALIDATION + 1) + " of each are needed, there is nothing to tell apart in one class");
    }
    return new Polarity(name, part(blame, praise, false, false), part(blame, praise, true, false), part(blame, praise, false, true));
  }

  /**
   * With the first sentences to train on only, as many of each class or one more of blame; those to validate and test on stay.
   *
   * @param n how many, at least 2 (one of each class)
   */
  public Polarity limit(int n) {
    if (n < CLASSES) {
      throw new IllegalArgumentException("Polarity: a limit of " + n + " sentences to train on; at least " + CLASSES
          + " are needed, one that blames and one that praises");
    }
    int size = Math.min(n, train.labels().length);
    return new Polarity(name, new Part(train.sentences().subList(0, size), Arrays.copyOf(train.labels(), size)), validation, test);
  }

  private static Part part(List<String> blame, List<String> praise, boolean validation, boolean test) {
    List<String> sentences = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int line = 0; line < Math.max(blame.size(), praise.size()); line++) {
      boolean belongs = (line % TENTH == 0) == test && (line % TENTH == VALIDATION) == validation;
      for (int label = 0; belongs && label < CLASSES; label++) {
        List<String> all = label == 0 ? blame : praise;
        if (line < all.size()) {
          sentences.add(all.get(line));
          labels.add(label);
        }
      }
    }
    return new Part(List.copyOf(sentences), labels.stream().mapToInt(Integer::intValue).toArray());
  }
}
