/**
 * What tests of every module share: guarded segments, error bounds, walks over bit patterns and generators of sizes.
 */
@NullMarked
package dev.lanewise.kernels.testkit;

import org.jspecify.annotations.NullMarked;
