/**
 * Shapes, fp32 tensors on native memory, and workspaces planned once.
 */
module dev.lanewise.tensor {
  requires transitive dev.lanewise.kernels;
  requires static org.jspecify;

  exports dev.lanewise.tensor;
  exports dev.lanewise.tensor.io;
}
