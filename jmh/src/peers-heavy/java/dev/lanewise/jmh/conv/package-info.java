/** Convolutions of peers. */
@NullMarked
package dev.lanewise.jmh.conv;

import org.jspecify.annotations.NullMarked;
