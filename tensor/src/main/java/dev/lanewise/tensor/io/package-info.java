/**
 * Tensors in files: safetensors, npy and npz. Files are written whole or not at all; damaged ones are refused with file, byte, what was
 * found and what was expected, and nothing of them is handed out.
 */
@NullMarked
package dev.lanewise.tensor.io;

import org.jspecify.annotations.NullMarked;
