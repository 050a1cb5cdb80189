/**
 * The doors of the kernels: each validates its arguments once and calls down.
 */
@NullMarked
package dev.lanewise.kernels;

import org.jspecify.annotations.NullMarked;
