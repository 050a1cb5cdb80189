/** Vector loops of the activation functions. */
@NullMarked
package dev.lanewise.kernels.activation;

import org.jspecify.annotations.NullMarked;
