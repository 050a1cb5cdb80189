/** Shapes of real networks, read from text files that say where each is from. */
@NullMarked
package dev.lanewise.jmh.shapes;

import org.jspecify.annotations.NullMarked;
