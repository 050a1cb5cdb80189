/**
 * SIMD kernels on native memory segments, with scalar twins that run where the Vector API is absent.
 */
module dev.lanewise.kernels {
  // Static, so that the scalar twins run on an image without the incubator module.
  requires static jdk.incubator.vector;
  requires static org.jspecify;

  exports dev.lanewise.kernels;
  exports dev.lanewise.kernels.reference;
}
