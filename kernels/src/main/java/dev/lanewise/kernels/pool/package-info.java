/** Vector loops of pooling, over channels. */
@NullMarked
package dev.lanewise.kernels.pool;

import org.jspecify.annotations.NullMarked;
