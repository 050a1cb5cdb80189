package dev.lanewise.training.data;

import dev.lanewise.kernels.Rng;
import java.util.Arrays;

/**
 * Which examples are learned from and which are held out. Each is in exactly one part; both are in ascending order.
 *
 * @param train indices to train on
 * @param test indices to test on, or to validate on
 */
@SuppressWarnings("ArrayRecordComponent") // indices, not compared
public record Partition(int[] train, int[] test) {

  /**
   * A share of the examples, drawn at random: round(size * share), but at least one on each side.
   *
   * @param share of the examples to test on, between 0 and 1
   * @throws IllegalArgumentException when there are fewer than 2 examples
   */
  public static Partition shuffled(int size, double share, long seed) {
    requireShare(share);
    if (size < 2) {
      throw new IllegalArgumentException("Partition: " + size + " examples; at least 2 are needed, one on each side");
    }
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    Rng.shuffle(seed, Streams.PARTITION, order);
    boolean[] test = new boolean[size];
    int count = Math.clamp(Math.round(size * share), 1, size - 1);
    for (int i = 0; i < count; i++) {
      test[order[i]] = true;
    }
    return of(test);
  }

  /**
   * The same share of each class, drawn at random: of c examples round(c * share), but at least one on each side.
   *
   * @param labels of the examples, in [0, classes)
   * @throws IllegalArgumentException when there are fewer than 2 classes, or a class has fewer than 2 examples
   */
  public static Partition stratified(int[] labels, int classes, double share, long seed) {
    requireShare(share);
    int[] counts = requireClasses(labels, classes);
    for (int c = 0; c < classes; c++) {
      if (counts[c] < 2) {
        throw new IllegalArgumentException(
            "Partition: class " + c + " has " + counts[c] + " examples; at least 2 are needed, one on each side");
      }
      counts[c] = Math.clamp(Math.round(counts[c] * share), 1, counts[c] - 1);
    }
    int[] order = new int[labels.length];
    Arrays.setAll(order, i -> i);
    Rng.shuffle(seed, Streams.PARTITION, order);
    boolean[] test = new boolean[labels.length];
    for (int example : order) {
      test[example] = counts[labels[example]]-- > 0;
    }
    return of(test);
  }

  /**
   * How many examples each class has.
   *
   * @throws IllegalArgumentException when a label is outside of [0, classes), or not two classes have an example: there is
   *     nothing to tell apart then
   */
  public static int[] requireClasses(int[] labels, int classes) {
    int[] counts = new int[classes];
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new IllegalArgumentException(
            "Partition: label " + i + " is " + labels[i] + " but there are " + classes + " classes");
      }
      counts[labels[i]]++;
    }
    if (Arrays.stream(counts).filter(count -> count > 0).count() < 2) {
      throw new IllegalArgumentException("Partition: all of " + labels.length + " examples are of one class"
          + (labels.length == 0 ? "" : ", " + labels[0]) + "; at least 2 classes are needed, there is nothing to tell apart");
    }
    return counts;
  }

  private static Partition of(boolean[] test) {
    int[] indices = new int[test.length];
    int[] others = new int[test.length];
    int tests = 0;
    for (int i = 0; i < test.length; i++) {
      if (test[i]) {
        indices[tests++] = i;
      } else {
        others[i - tests] = i;
      }
    }
    return new Partition(Arrays.copyOf(others, test.length - tests), Arrays.copyOf(indices, tests));
  }

  private static void requireShare(double share) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("Partition: a share of " + share + " to test on; it should lie between 0 and 1");
    }
  }
}
