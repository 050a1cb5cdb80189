/** Vector loops of sums, dot products and searches. */
@NullMarked
package dev.lanewise.kernels.reduction;

import org.jspecify.annotations.NullMarked;
