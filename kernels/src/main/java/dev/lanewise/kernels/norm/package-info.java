/** Vector loops of layer and batch normalisation. */
@NullMarked
package dev.lanewise.kernels.norm;

import org.jspecify.annotations.NullMarked;
