/** Vector loops that gather rows of a table and scatter gradients into it. */
@NullMarked
package dev.lanewise.kernels.embedding;

import org.jspecify.annotations.NullMarked;
