/** Each kernel family against its scalar twin, when it is first used in a VM: a small case that passes through every loop. */
@NullMarked
package dev.lanewise.kernels.selftest;

import org.jspecify.annotations.NullMarked;
