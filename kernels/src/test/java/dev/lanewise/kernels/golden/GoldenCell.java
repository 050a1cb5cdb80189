package dev.lanewise.kernels.golden;

import dev.lanewise.kernels.Kernels;
import dev.lanewise.kernels.testkit.Crew;
import java.util.List;

/** One cell of the matrix, in a VM of its own: prints what runs, then every difference from the golden file. */
final class GoldenCell {
  private GoldenCell() {}

  public static void main(String[] args) {
    System.out.println("bits " + Kernels.vectorBits());
    List<String> differences = GoldenFile.differences(Crew.of(Integer.parseInt(args[0])), Boolean.parseBoolean(args[1]));
    differences.forEach(System.out::println);
    System.exit(differences.isEmpty() ? 0 : 1);
  }
}
