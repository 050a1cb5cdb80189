package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelsTest {
  @Test
  void saysWhichKernelsRunAndWhy() {
    assertThat(Kernels.describe()).contains(Kernels.why()).doesNotContain("\n");
    if (Kernels.vectors()) {
      assertThat(Kernels.vectorBits()).isIn(128, 256, 512);
      assertThat(Kernels.describe()).startsWith("vector kernels, " + Kernels.vectorBits() + " bits");
    } else {
      assertThat(Kernels.vectorBits()).isEqualTo(32);
      assertThat(Kernels.describe()).startsWith("scalar kernels");
    }
  }

  @Test
  void aPathThatCannotBeForcedIsAnErrorThatNamesTheChoices() throws Exception {
    assertThat(complaint("--add-modules", "jdk.incubator.vector", "-Dlanewise.simd=fast"))
        .contains("-Dlanewise.simd=fast is none of the choices off, 128, 256 and 512");
    assertThat(complaint("-Dlanewise.simd=256")).contains("needs the module jdk.incubator.vector; add --add-modules");
    assertThat(complaint("--add-modules", "jdk.incubator.vector", "-XX:MaxVectorSize=16", "-Dlanewise.simd=256"))
        .contains("the widest vectors of this VM and processor have 128 bits");
  }

  /** What a VM with these options says when its first kernel is used. */
  private static String complaint(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), FirstUse.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  static final class FirstUse {
    public static void main(String[] args) {
      System.out.println(Kernels.describe());
    }
  }
}
