/**
 * The command line.
 */
@NullMarked
package dev.lanewise.cli;

import org.jspecify.annotations.NullMarked;
