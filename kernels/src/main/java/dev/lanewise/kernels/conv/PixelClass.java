package dev.lanewise.kernels.conv;

/**
 * Input pixels that the same taps of a kernel reach, and what each of them sums. Data, no code.
 *
 * @param perImage pixels of an image; those of the next one follow
 * @param inAt for each pixel, where the terms of its first tap begin, floats of the outputs' gradients
 * @param outAt which pixel it is
 * @param termAt for each tap and filter, where the term lies from there
 * @param weightAt for each tap, where its turned weights lie
 */
record PixelClass(int perImage, int[] inAt, int[] outAt, int[] termAt, int[] weightAt) {}
