/**
 * Benchmarks of kernels on shapes that real networks use.
 */
@NullMarked
package dev.lanewise.jmh;

import org.jspecify.annotations.NullMarked;
