/**
 * Shapes, fp32 tensors on native memory, and workspaces planned once.
 */
@NullMarked
package dev.lanewise.tensor;

import org.jspecify.annotations.NullMarked;
