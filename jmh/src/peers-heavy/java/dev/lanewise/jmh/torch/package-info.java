/** PyTorch as a peer. */
@NullMarked
package dev.lanewise.jmh.torch;

import org.jspecify.annotations.NullMarked;
