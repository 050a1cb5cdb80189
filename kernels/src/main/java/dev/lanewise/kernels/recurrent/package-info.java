/** Recurrent cells: the steps of a batch of sequences, and the gates of one step of one sequence. */
@NullMarked
package dev.lanewise.kernels.recurrent;

import org.jspecify.annotations.NullMarked;
