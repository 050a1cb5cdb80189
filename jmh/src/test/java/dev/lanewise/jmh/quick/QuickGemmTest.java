package dev.lanewise.jmh.quick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lanewise.jmh.shapes.ProductShape;
import dev.lanewise.jmh.shapes.Shapes;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class QuickGemmTest {
  @Test
  void measuresWhatTheChecksRead() {
    assertThat(QuickGemm.shapes()).extracting(ProductShape::name)
        .startsWith("sq8", "sq16", "sq32", "sq64", "sq128", "sq256", "sq512", "sq1024", "conv1_fwd", "conv2_fwd")
        .contains("gemv_NT_1x1600x128");
  }

  @Test
  void everyShapeGetsFigures() {
    List<ProductShape> shapes = List.of(Shapes.product("sq16"), Shapes.product("sq64"));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    QuickResult result = QuickGemm.run(
        shapes, new QuickGemm.Effort(0, 1, 1, 3), new PrintStream(said, true, StandardCharsets.UTF_8));
    assertThat(result.rounds()).isPositive();
    assertThat(result.peakGflops()).isPositive();
    assertThat(result.lines()).extracting(l -> l.shape().name()).containsExactly("sq16", "sq64");
    assertThat(result.lines()).allMatch(l -> l.lanewise() > 0 && l.peakGflops() > 0);
    boolean absent = result.openblas() == null;
    assertThat(result.lines()).allMatch(l -> Double.isNaN(l.openblas()) == absent && Double.isNaN(l.ratio()) == absent);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains(absent ? "OpenBLAS is absent: " : "kernel for");
  }

  @Test
  void jsonHasTheNamesThatChecksRead() {
    ProductShape shape = new ProductShape("sq8", 8, 9, 10, true, false, "test");
    String json = new QuickResult(100, 512, "a \"VM\"", "OpenBLAS", 7, 1.5,
        List.of(new QuickResult.Line(shape, 50, 25, 80, 2))).json();
    assertThat(json).isEqualTo("""
        {"kind":"quick-gemm","peakGflops":100.0000,"threads":1,"vectorBits":512,"java":"a \\"VM\\"","openblasVersion":"OpenBLAS",\
        "rounds":7,"seconds":1.5000,"shapes":[
        {"name":"sq8","m":8,"n":9,"k":10,"transposeA":true,"transposeB":false,"lanewise":50.0000,"openblas":25.0000,\
        "ratio":2.0000,"peakGflops":80.0000}
        ]}
        """);
  }

  @Test
  void anAbsentPeerIsNullInJsonAndADashInTheTable() {
    ProductShape shape = new ProductShape("sq8", 8, 8, 8, false, false, "test");
    QuickResult result = new QuickResult(100, 256, "VM", null, 7, 1.5,
        List.of(new QuickResult.Line(shape, 50, Double.NaN, 80, Double.NaN)));
    assertThat(result.json()).contains("\"openblas\":null", "\"ratio\":null", "\"openblasVersion\":null");
    assertThat(result.table()).containsPattern("sq8 +8 +8 +8 +NN +50.0 +62.5 +- +-").doesNotContain("Geometric");
  }

  @Test
  void mediansAndTheirRatios() {
    assertThat(Median.of(3, 1, 2)).isEqualTo(2);
    assertThat(Median.of(4, 1, 2, 3)).isEqualTo(2.5);
    assertThat(Median.ofRatios(new double[] {1, 20, 30}, new double[] {1, 10, 10})).isEqualTo(2);
    assertThatIllegalArgumentException().isThrownBy(Median::of);
  }
}
