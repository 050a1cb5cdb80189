/** Elementary functions as polynomials of our own: the same bits on every machine and at every vector width. */
@NullMarked
package dev.lanewise.kernels.math;

import org.jspecify.annotations.NullMarked;
