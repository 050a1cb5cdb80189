/**
 * The bits of every public kernel, pinned by hashes that hold at every vector width, on the scalar path and on any number of
 * threads. {@code golden.txt} among the test resources says what each hash covers.
 */
@NullMarked
package dev.lanewise.kernels.golden;

import org.jspecify.annotations.NullMarked;
