/** Vector loops of sums, products and copies element by element. */
@NullMarked
package dev.lanewise.kernels.elementwise;

import org.jspecify.annotations.NullMarked;
