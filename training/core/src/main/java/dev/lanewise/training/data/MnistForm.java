package dev.lanewise.training.data;

import java.nio.file.Path;

/** What other data sets in MNIST's four files are: how many classes they have, what they are called. */
final class MnistForm {
  private static final int DIGITS = 10;

  private MnistForm() {}

  /**
   * Ten, or as many as the labels have where each from 1 to the largest occurs: letters, say. One label far off is damage and is left to
   * be found.
   */
  static int classes(byte[] labels) {
    boolean[] occurs = new boolean[256];
    int largest = 0;
    for (byte label : labels) {
      occurs[label & 0xFF] = true;
      largest = Math.max(largest, label & 0xFF);
    }
    for (int c = 1; c < largest; c++) {
      if (!occurs[c]) {
        return DIGITS;
      }
    }
    return Math.max(DIGITS, largest + 1);
  }

  /** MNIST, or the folder's name if it is plainly something else: more classes, or as many test labels but others. */
  static String name(Path folder, ImageDataset test) {
    MnistFile.Content original = MnistFile.TEST_LABELS.original();
    boolean asMany = test.size() + Idx.LABELS_HEADER == original.bytes();
    if (test.classes() == DIGITS && (!asMany || original.isThatOf(Idx.labelsFile(test)))) {
      return Mnist.NAME;
    }
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return name == null ? Mnist.NAME : name.toString();
  }
}
