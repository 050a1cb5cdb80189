/**
 * Layers with forward and backward passes, in the vocabulary of Keras.
 */
@NullMarked
package dev.lanewise.layers;

import org.jspecify.annotations.NullMarked;
