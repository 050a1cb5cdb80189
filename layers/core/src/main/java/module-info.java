/**
 * Layers with forward and backward passes, in the vocabulary of Keras.
 */
module dev.lanewise.layers {
  requires transitive dev.lanewise.tensor;
  requires static transitive org.jspecify;

  exports dev.lanewise.layers;
}
