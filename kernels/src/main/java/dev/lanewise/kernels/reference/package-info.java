/**
 * Scalar twins of the kernels: the executable specification, without vector code.
 */
@NullMarked
package dev.lanewise.kernels.reference;

import org.jspecify.annotations.NullMarked;
