/** Text drawn from trained models, token by token. */
@NullMarked
package dev.lanewise.training.generation;

import org.jspecify.annotations.NullMarked;
