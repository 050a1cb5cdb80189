package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

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
}
