package dev.lanewise.kernels.golden;

import dev.lanewise.kernels.Workers;

/**
 * The canonical outputs of one public kernel.
 *
 * @param kernel door and method, such as {@code Gemm.multiply}; overloads count as one kernel
 * @param covers what the hash covers, for the golden file
 * @param outputs computes them
 */
record Golden(String kernel, String covers, Outputs outputs) {
  /** Computes all canonical outputs of a kernel, in a fixed order. */
  @FunctionalInterface
  interface Outputs {
    void write(Canon canon, Workers workers);
  }

  /** SHA-256 of the outputs, as hexadecimal digits. */
  String hash(Workers workers) {
    Canon canon = new Canon(kernel);
    outputs.write(canon, workers);
    return canon.hash();
  }
}
