/** Loops of attention: scores, softmax and weighted sums of one head of one example, in one worker's cache. */
@NullMarked
package dev.lanewise.kernels.attention;

import org.jspecify.annotations.NullMarked;
