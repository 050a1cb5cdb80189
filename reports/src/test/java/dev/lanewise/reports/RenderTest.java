package dev.lanewise.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RenderTest {
  @TempDir private Path folder;

  private final ByteArrayOutputStream complaints = new ByteArrayOutputStream();

  private int render(String... args) {
    return Render.run(new PrintStream(complaints, true, StandardCharsets.UTF_8), args);
  }

  private String page(String... fixtures) throws IOException {
    String[] args = new String[fixtures.length + 2];
    for (int i = 0; i < fixtures.length; i++) {
      args[i] = fixture(fixtures[i]).toString();
    }
    Path page = folder.resolve("page.html");
    args[fixtures.length] = "--out";
    args[fixtures.length + 1] = page.toString();
    assertThat(render(args)).as(complaints.toString(StandardCharsets.UTF_8)).isZero();
    return Files.readString(page);
  }

  private Path fixture(String name) throws IOException {
    Path copy = folder.resolve(name);
    try (InputStream in = Objects.requireNonNull(RenderTest.class.getResourceAsStream(name), name)) {
      Files.write(copy, in.readAllBytes());
    }
    return copy;
  }

  @Test
  void speedsSharesRatiosAndAllocations() throws IOException {
    String page = page("jmh.json");
    assertThat(page).contains(
        "<th>work</th><th>Lanewise</th><th>±</th><th>% of FMA peak</th><th>B/op</th>"
            + "<th>openblas-jni</th><th>× openblas-jni</th><th>mkl</th><th>× mkl</th>",
        "<td>multiply sq64</td><td>80.0</td><td>0.800</td><td>66.7%</td><td>0.0</td>"
            + "<td>100</td><td>0.80</td><td>50.0</td><td>1.60</td>",
        "<td>multiply sq256</td><td>96.0</td><td>0.960</td><td>80.0%</td><td>0.5</td><td>48.0</td><td>2.00</td><td>–</td><td>–</td>");
  }

  @Test
  void trafficIsAShareOfTheTriadOfItsSize() throws IOException {
    assertThat(page("jmh.json")).contains(
        "<td>exp n=4096</td><td>131</td><td>1.31</td><td>50.0%</td><td>0.061</td><td>0.0</td>",
        "<td>exp n=1048576</td><td>33.6</td><td>0.336</td><td>80.0%</td><td>0.238</td><td>0.0</td>",
        "<td>exp n=1048576, 2 threads</td><td>33.6</td><td>0.336</td><td>–</td><td>0.238</td><td>0.0</td>");
  }

  @Test
  void defeatsComeFirstAndAreSortedAcrossFiles() throws IOException {
    String page = page("jmh.json", "quick.json");
    String defeats = page.substring(page.indexOf("Where we lose"), page.indexOf("<h2>jmh.json"));
    assertThat(defeats).containsSubsequence(
        "<tr><td>Gemm sq16</td><td>60.0</td><td>openblas-jni</td><td>80.0</td><td>GFLOP/s</td><td>0.75</td><td>quick.json</td></tr>",
        "<tr><td>Gemm multiply sq64</td><td>80.0</td><td>openblas-jni</td><td>100</td><td>GFLOP/s</td><td>0.80</td><td>jmh.json</td></tr>",
        "which no kernel should", "2630475.7</td><td>1015.6")
        .doesNotContain("sq256", "mkl", "sq8<");
  }

  @Test
  void namesFromFilesAreEscapedEverywhere() throws IOException {
    assertThat(page("jmh.json")).contains("odd&lt;&amp;&gt;&quot;&#39;").doesNotContain("odd<");
  }

  @Test
  void theQuickComparisonUsesThePeakBesideEachShape() throws IOException {
    assertThat(page("quick.json")).contains(
        "<td>sq8</td><td>30.0</td><td>–</td><td>25.0%</td><td>–</td><td>20.0</td><td>1.50</td>",
        "<td>sq16</td><td>60.0</td><td>–</td><td>60.0%</td><td>–</td><td>80.0</td><td>0.75</td>",
        "<td>alone</td><td>61.0</td><td>–</td><td>61.0%</td><td>–</td><td>–</td><td>–</td>",
        "medians of 9 rounds", "OpenBLAS 0.3.31");
  }

  @Test
  void trainingShowsEpochsCurvesAndTest() throws IOException {
    assertThat(page("training.json")).contains(
        "Test accuracy 98.99%, test loss 0.0321; 28.3% of the FMA peak",
        "<td>2</td><td>0.0500</td><td>98.40%</td><td>14.0</td><td>4,286</td>",
        "225,034 parameters", "400 MB resident", "<polyline points=").doesNotContain("Where we lose");
  }

  @Test
  void thePageStandsAlone() throws IOException {
    assertThat(page("jmh.json", "quick.json", "training.json"))
        .startsWith("<!DOCTYPE html>").endsWith("</html>\n")
        .doesNotContain("http", "src=", "<script", folder.toString());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      ''                                             | is empty
      []                                             | holds no benchmark
      [{                                             | is not whole JSON at line 1
      {} {}                                          | goes on after the end
      {}                                             | is neither
      3                                              | is neither
      [{"mode": 1}]                                  | [0] has no "benchmark"
      [{"benchmark": 1}]                             | [0].benchmark is not a text but "1.0"
      [{"benchmark": "alone"}]                       | is not class.method
      [{"benchmark": "a.B.c"}]                       | [0] has no "primaryMetric"
      [{"benchmark": "a.TriadBench.c", "params": {"n": "x"}}] | a parameter is not a number
      {"peakGflops": "fast", "shapes": []}           | peakGflops is not a number but "fast"
      {"peakGflops": 1, "shapes": []}                | holds no shape
      {"peakGflops": 1, "shapes": [{"name": "a"}]}   | shapes[0] has no "lanewise"
      {"peakGflops": 1, "shapes": 7}                 | shapes is not a list
      {"epochs": []}                                 | holds no epoch
      {"epochs": [{"loss": null}]}                   | epochs[0].loss is not a number but null
      """)
  void aBadFileIsNamedWithWhatIsWrong(String text, String complaint) throws IOException {
    Path bad = Files.writeString(folder.resolve("bad.json"), text);
    assertThat(render(bad.toString(), "--out", folder.resolve("page.html").toString())).isEqualTo(1);
    assertThat(complaints.toString(StandardCharsets.UTF_8)).startsWith("reports: " + bad + ": ").contains(complaint);
    assertThat(folder.resolve("page.html")).doesNotExist();
  }

  @Test
  void aCutFileIsNamedWhereverTheCut() throws IOException {
    String whole = Files.readString(fixture("quick.json")).strip();
    for (int length = 0; length < whole.length(); length += 7) {
      complaints.reset();
      Path cut = Files.writeString(folder.resolve("cut.json"), whole.substring(0, length));
      assertThat(render(cut.toString(), "--out", folder.resolve("page.html").toString())).as("cut at " + length).isEqualTo(1);
      assertThat(complaints.toString(StandardCharsets.UTF_8)).contains(cut.toString());
    }
  }

  @Test
  void missingFilesAndUnwritablePagesAreNamed() throws IOException {
    assertThat(render("nowhere.json", "--out", "page.html")).isEqualTo(1);
    assertThat(complaints.toString(StandardCharsets.UTF_8)).contains("nowhere.json: there is no such file");
    complaints.reset();
    assertThat(render(fixture("quick.json").toString(), "--out", folder.resolve("no/page.html").toString())).isEqualTo(1);
    assertThat(complaints.toString(StandardCharsets.UTF_8)).contains("page.html: cannot be written");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.json", "--out page.html", "a.json --out"})
  void wrongUse(String args) {
    assertThat(render(args.isEmpty() ? new String[0] : args.split(" "))).isEqualTo(2);
    assertThat(complaints.toString(StandardCharsets.UTF_8)).startsWith("usage:");
  }
}
