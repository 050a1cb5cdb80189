/** Whether the laws would notice: copies of kernels with the faults that such code has in practice, each held against the same laws. */
@NullMarked
package dev.lanewise.kernels.faults;

import org.jspecify.annotations.NullMarked;
