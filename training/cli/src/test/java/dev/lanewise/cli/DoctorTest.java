package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  @TempDir Path home;

  @Test
  void saysWhatIsThere() {
    Command.Result result = Command.of("doctor").run(home);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.errors()).isEmpty();
    assertThat(result.out()).contains(System.getProperty("java.runtime.version")).contains("vector kernels")
        .contains("no mnist here").contains(home.resolve("cache").toString()).contains("GFLOP/s by fma")
        .contains("every kernel family gives the bits of its scalar twins").contains("the bits of their scalar twins");
  }

  @Test
  void saysWhyVectorsAreOff() {
    Command.Result result = Command.of("doctor").jvm("-Dlanewise.simd=off").run(home);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("scalar kernels; turned off by -Dlanewise.simd=off");
  }

  @Test
  void showsDataAndAForcedWidthAndRefusesOneThatDoesNotExist() throws IOException {
    SmallMnist.write(home.resolve("data"));
    Command.Result narrow = Command.of("doctor", "--data", "data").jvm("-Dlanewise.simd=128").run(home);
    assertThat(narrow.code()).as(narrow.err()).isZero();
    assertThat(narrow.out()).contains("vector kernels, 128 bits (4 floats); forced by -Dlanewise.simd=128").contains("mnist in data");
    Command.Result wrong = Command.of("doctor").jvm("-Dlanewise.simd=64").run(home);
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.errors()).contains("off, 128, 256 and 512").hasLineCount(1);
  }

  @Test
  void saysWhatIsWrongWithTheData() {
    Command.Result missing = Command.of("doctor", "--data", "nowhere").jvm("-Dlanewise.simd=off").run(home);
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.errors().lines()).filteredOn(line -> line.startsWith("lanewise: ")).singleElement().asString()
        .contains("nowhere: no such folder");
  }
}
