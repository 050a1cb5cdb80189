/** Vector loops of softmax and log-softmax, row by row. */
@NullMarked
package dev.lanewise.kernels.softmax;

import org.jspecify.annotations.NullMarked;
