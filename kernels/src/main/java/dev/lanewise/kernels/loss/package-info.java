/** Vector loops of the losses and their gradients, row by row. */
@NullMarked
package dev.lanewise.kernels.loss;

import org.jspecify.annotations.NullMarked;
