/** Answers within a minute, in one process: for checks and while tuning. */
@NullMarked
package dev.lanewise.jmh.quick;

import org.jspecify.annotations.NullMarked;
