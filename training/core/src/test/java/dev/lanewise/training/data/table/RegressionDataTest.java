package dev.lanewise.training.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.data.ValueDataset;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegressionDataTest {
  private static final String TABLE = "kind,a,b,y\n" + "x,1,5,10\n".repeat(3) + "x,2,5,20\nx,3,5,30\nx,?,5,1\nx,7,5,70\n";

  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void scalesComeFromTheTrainingPartAlone() throws IOException {
    RegressionData data = RegressionData.of(Table.parse("folder/t.csv", TABLE), "", 0.34, 1, arena);
    assertThat(data.name()).isEqualTo("t");
    assertThat(data.target()).isEqualTo("y");
    assertThat(data.inputs()).containsExactly("a", "b");
    assertThat(data.leftOut()).containsExactly("kind");
    assertThat(data.rowsLeftOut()).isEqualTo(1);
    assertThat(data.train().size()).isEqualTo(4);
    assertThat(data.test().size()).isEqualTo(2);
    TreeSet<Double> values = new TreeSet<>();
    for (ValueDataset part : new ValueDataset[] {data.train(), data.test()}) {
      for (int i = 0; i < part.size(); i++) {
        float z = target(part, i);
        double y = data.targetScale().invert(0, z);
        values.add((double) Math.round(y));
        assertThat(input(part, i)[0]).isEqualTo(data.inputScale().apply(0, Math.round(y) / 10.0));
        assertThat(input(part, i)[1]).isZero(); // a constant column
      }
    }
    double sum = 0;
    for (int i = 0; i < data.train().size(); i++) {
      sum += target(data.train(), i);
    }
    assertThat(sum).isCloseTo(0, offset(1e-6)); // four floats of at most 2, each off by 2^-24 of itself
    assertThat(values).containsExactly(10.0, 20.0, 30.0, 70.0);
    assertThat(data.inputScale().deviation(1)).isEqualTo(1);
  }

  @Test
  void aTargetMustBeAColumnOfNumbers() throws IOException {
    Table table = Table.parse("t.csv", TABLE);
    assertThat(RegressionData.of(table, "a", 0.2, 1, arena).inputs()).containsExactly("b", "y");
    assertThatThrownBy(() -> RegressionData.of(table, "kind", 0.2, 1, arena)).isInstanceOf(TableException.class)
        .hasMessageContaining("t.csv, line 2, column kind: found 'x', expected a column of numbers to foretell");
    assertThatThrownBy(() -> RegressionData.of(table, "z", 0.2, 1, arena)).hasMessageContaining("no such column among kind, a, b, y");
    assertThatThrownBy(() -> RegressionData.of(Table.parse("t", "x,1\ny,2\n"), "", 0.2, 1, arena))
        .hasMessageContaining("no column of numbers beside 2");
    assertThatThrownBy(() -> RegressionData.of(Table.parse("t", "x,z\ny,w\n"), "", 0.2, 1, arena)).isInstanceOf(TableException.class);
    assertThatThrownBy(() -> RegressionData.of(Table.parse("t", "3,1\n4,?\n"), "", 0.2, 1, arena)).hasMessageContaining("one complete row");
  }

  @Test
  void scalesGoIntoFilesAndComeBack() {
    double[][] matrix = {{1, 1e-9}, {2, 3e-9}, {4, 0.1}};
    Standardization scale = Standardization.of(matrix, new int[] {0, 1});
    assertThat(scale.mean(0)).isEqualTo(1.5);
    assertThat(scale.deviation(0)).isEqualTo(0.5);
    Standardization again = Standardization.restore(scale.texts());
    for (int c = 0; c < 2; c++) {
      assertThat(again.apply(c, 2.5)).isEqualTo(scale.apply(c, 2.5));
      assertThat(again.invert(c, 2.5)).isEqualTo(scale.invert(c, 2.5));
    }
    assertThatThrownBy(() -> Standardization.restore(Map.of("means", "1 2"))).hasMessageContaining("deviations are ''");
    assertThatThrownBy(() -> Standardization.restore(Map.of("means", "1 2", "deviations", "1")))
        .hasMessageContaining("2 means but 1 deviations");
    assertThatThrownBy(() -> Standardization.of(new double[][] {{Double.NaN}}, new int[] {0}))
        .hasMessageContaining("row 0 of column 0 is NaN");
    assertThatThrownBy(() -> Standardization.of(matrix, new int[0])).hasMessageContaining("there is no row");
  }

  private float target(ValueDataset data, int example) {
    Tensor y = Tensor.allocate(arena, Shape.of(1, 1));
    data.targets(new int[] {example}, 0, 1, y);
    return y.get(0);
  }

  private float[] input(ValueDataset data, int example) {
    Tensor x = Tensor.allocate(arena, Shape.of(1, 2));
    data.batch(new int[] {example}, 0, 1, x, IntTensor.allocate(arena, Shape.of(1)));
    return x.toArray();
  }
}
