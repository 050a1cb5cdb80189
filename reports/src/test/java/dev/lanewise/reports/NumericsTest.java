package dev.lanewise.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumericsTest {
  private static final String DOOR =
      """
      /**
       * Sums. NaN and infinities travel as IEEE 754 says.
       */
      public final class Door {
        /**
         * The sum: {@code |s^ - s| <= gamma_n sum |x|}.
         *
         * @param n how many, exact
         */
        public static float sum(long n) { return 0; }
      }
      """;

  @TempDir Path root;

  @BeforeEach
  void checkout() throws IOException {
    write("kernels/src/main/java/dev/lanewise/kernels/Door.java", DOOR);
    write("kernels/src/test/resources/dev/lanewise/kernels/golden/golden.txt", "# hashes\nDoor.sum 0123456789abcdef sums of everything\n");
    write("kernels/target/laws/laws.tsv", "Door.sum\tT0\tp.DoorTest#bits\nDoor.sum\tT2\tp.DoorTest#bound\n");
    write("kernels/target/laws/measured.tsv", "p.DoorTest#bits\tpassed\tNaN\tNaN\tproperty\np.DoorTest#bound\tpassed\t0.5\tNaN\texample\n");
    write("layers/core/target/laws/laws.tsv", "Dense\tT3\tp.LayerTest#gradient\n");
    write("layers/core/target/laws/measured.tsv", "p.LayerTest#gradient\tpassed\tNaN\tNaN\texample\n");
    Files.createDirectories(root.resolve("reports"));
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private String complaints(int code) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(Numerics.run(new PrintStream(out, true, StandardCharsets.UTF_8), root.toString())).isEqualTo(code);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aRowHasBoundEdgesLawsAndHash() throws IOException {
    assertThat(complaints(0)).isEmpty();
    assertThat(Files.readString(root.resolve("reports/numerics.md")))
        .contains("1 kernels and 1 layers under 3 laws, 1 of them properties")
        .contains("| Door.sum | 1 | – | 1 | – | 50.0% | – | `0123456789ab` |")
        .contains("- Bound: The sum: \\|s^ - s\\| <= gamma_n sum \\|x\\|.")
        .contains("- Edges: NaN and infinities travel as IEEE 754 says.")
        .contains("| Dense | – | – | – | 1 | `LayerTest#gradient` |");
  }

  @Test
  void aRowOfATableSaysTheEdgesOfAllThatItNamesAndTheBoundIfItHasOne() throws IOException {
    String table = """
         * <table>
         *   <caption>IEEE edges</caption>
         *   <tr><th>kernel</th><th>NaN</th><th>zeros</th></tr>
         *   <tr><td>mean, sum</td><td>in x: NaN</td><td></td></tr>
         * </table>
         */
        public final class Door""";
    write("kernels/src/main/java/dev/lanewise/kernels/Door.java", DOOR.replaceFirst("(?s) \\*/\npublic final class Door", table));
    assertThat(complaints(0)).isEmpty();
    assertThat(Files.readString(root.resolve("reports/numerics.md")))
        .contains("- Bound: The sum: \\|s^ - s\\| <= gamma_n sum \\|x\\|.")
        .contains("- Edges: NaN: in x: NaN\n");
    write("kernels/src/main/java/dev/lanewise/kernels/Door.java",
        DOOR.replaceFirst("(?s) \\*/\npublic final class Door",
            table.replace("<th>zeros</th>", "<th>max error</th>").replace("<td></td>", "<td>1 ulp</td>")));
    assertThat(complaints(0)).isEmpty();
    assertThat(Files.readString(root.resolve("reports/numerics.md"))).contains("- Bound: 1 ulp\n- Edges: NaN: in x: NaN\n");
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    write("kernels/src/test/resources/dev/lanewise/kernels/golden/golden.txt", "# none\n");
    write("kernels/target/laws/measured.tsv", "p.DoorTest#bits\tfailed\tNaN\tNaN\tproperty\n");
    assertThat(complaints(1))
        .contains("Door.sum: no hash in golden.txt")
        .contains("Door.sum: the law p.DoorTest#bits did not pass")
        .contains("Door.sum: the law p.DoorTest#bound did not pass");
    Files.delete(root.resolve("layers/core/target/laws/laws.tsv"));
    assertThat(complaints(1)).contains("run mvn verify first");
  }
}
