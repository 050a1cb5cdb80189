/** Normal latent variables, drawn and charged. */
@NullMarked
package dev.lanewise.kernels.variational;

import org.jspecify.annotations.NullMarked;
