package dev.lanewise.training.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

class TableTest {

  @Test
  void separatorHeaderAndQuotesAreFoundOut() throws IOException {
    Table comma = Table.parse("t.csv", "\"Month\",\"Passengers, all\"\r\n\"1949-01\", 112 \r\n\r\n\"say \"\"x\"\"\",118.5e1\r\n");
    assertThat(comma.columns()).containsExactly("Month", "Passengers, all");
    assertThat(comma.numbers("Passengers, all")).containsExactly(112, 1185);
    assertThat(comma.texts("Month")).containsExactly("1949-01", "say \"x\"");
    assertThat(comma.line(1)).isEqualTo(4);
    assertThat(comma.isNumeric("Month")).isFalse();
    assertThat(comma.columnsBut("Month")).containsExactly("Passengers, all");
    Table blanks = Table.parse("t.dat", "  1   -2.5 +3\n4\t.5  \"6\"  \n");
    assertThat(blanks.columns()).containsExactly("1", "2", "3");
    assertThat(blanks.matrix(List.of("3", "1"))).isDeepEqualTo(new double[][] {{3, 1}, {6, 4}});
    Table tabs = Table.parse("t.tsv", "a b\tc\n1\t\n");
    assertThat(tabs.columns()).containsExactly("a b", "c");
    assertThat(tabs.texts("c")).containsExactly("");
    assertThat(Table.parse("t", "5.1;x\n4;y").columns()).containsExactly("1", "2");
    assertThat(Table.parse("t", "a,b,\n1,2,3").columns()).containsExactly("a", "b", "");
    assertThat(Table.parse("t", ",1,").rows()).isEqualTo(1);
  }

  @Test
  void whatIsWrongIsNamedByLineAndColumn() throws IOException {
    assertError("a,b\n1,2\n\n3\n", "t.csv, line 4: found 1 cells, expected 2 as in line 1");
    assertError("a,b\n1,\"2\n", "line 2: found a quote at place 3 that is not closed");
    assertError("a,b\n\"1\"x,2\n", "line 2, column 1: found 'x' after a closing quote");
    assertError("a,b,a\n1,2,3\n", "line 1, column 3: found a second column 'a'");
    assertError("\n \n", "no line that is not blank");
    assertError("a,b\n", "line 1: found the names of the columns alone");
    Table table = Table.parse("t.csv", "a,b\n1,2\nNaN,x\n3,1e999\nInfinity,?\n");
    assertThatThrownBy(() -> table.numbers("a")).isInstanceOf(TableException.class)
        .hasMessage("t.csv, line 3, column 'a': found a missing value, 'NaN', expected a finite number; complete it, or leave "
            + "such rows out");
    assertThatThrownBy(() -> table.numbers("b")).hasMessageContaining("line 3, column 'b': found 'x', expected a finite number");
    assertThatThrownBy(() -> table.withoutMissing(List.of("a")).numbers("a")).hasMessageContaining("line 5, column 'a': found 'Infinity'");
    assertThatThrownBy(() -> table.numbers("c")).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no column 'c'; there are a, b");
  }

  @Test
  void rowsThatLackAValueCanBeLeftOut() throws IOException {
    Table table = Table.parse("t", "a,b,c\n1,2,x\nNA,3,y\n4,,z\n5,6,\n");
    Table complete = table.withoutMissing(List.of("a", "b"));
    assertThat(complete.numbers("a")).containsExactly(1, 5);
    assertThat(complete.line(1)).isEqualTo(5);
    assertThat(table.withoutMissing(List.of("c")).rows()).isEqualTo(3);
    assertThat(table.isNumeric("b")).isTrue();
    assertThatThrownBy(() -> Table.parse("t", "a,b\n1,\n").withoutMissing(List.of("b"))).isInstanceOf(TableException.class)
        .hasMessageContaining("a missing value in each of 1 rows");
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "LANEWISE_DATA", matches = ".+")
  void theRealTablesAreRead() throws IOException {
    Path folder = Path.of(System.getenv("LANEWISE_DATA"));
    Table airfoil = Table.read(folder.resolve("tabular/airfoil_self_noise.dat"));
    assertThat(airfoil.rows()).isEqualTo(1503);
    assertThat(airfoil.columns()).containsExactly("Freq", "Angle", "Length", "Vel", "Displ", "Pressure");
    assertThat(airfoil.columns()).allMatch(airfoil::isNumeric);
    Table housing = Table.read(folder.resolve("tabular/california_housing.csv"));
    assertThat(housing.rows()).isEqualTo(20640);
    assertThat(housing.withoutMissing(housing.columns()).rows()).isEqualTo(20640 - 207);
    assertThat(housing.isNumeric("ocean_proximity")).isFalse();
    assertThat(Table.read(folder.resolve("tabular/iris.csv")).rows()).isEqualTo(150);
    assertThat(Table.read(folder.resolve("tabular/winequality-red.csv")).columns()).hasSize(12);
    assertThat(Table.read(folder.resolve("tabular/auto-mpg.csv")).rows()).isEqualTo(392);
    Table pollution = Table.read(folder.resolve("series/beijing-pm25-pollution.csv.gz"));
    assertThat(pollution.withoutMissing(List.of("pm2.5")).rows()).isEqualTo(43_824 - 2_067);
  }

  private static void assertError(String text, String message) {
    assertThatThrownBy(() -> Table.parse("t.csv", text)).isInstanceOf(TableException.class).hasMessageContaining(message);
  }
}
