/** Matrix products: Lanewise and its peers on the same operands. */
@NullMarked
package dev.lanewise.jmh.gemm;

import org.jspecify.annotations.NullMarked;
