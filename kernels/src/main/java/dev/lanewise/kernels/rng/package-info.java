/** Vector loops of the counter-based random generator. */
@NullMarked
package dev.lanewise.kernels.rng;

import org.jspecify.annotations.NullMarked;
