/** Vector loops of optimizer steps. */
@NullMarked
package dev.lanewise.kernels.optim;

import org.jspecify.annotations.NullMarked;
