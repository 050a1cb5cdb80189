/**
 * Examples to learn from: readers, digits drawn by the program, augmentation, and batches shuffled by seed.
 *
 * <p>A {@link dev.lanewise.training.data.Dataset} fills tensors that the caller owns.
 * {@link dev.lanewise.training.data.Mnist} finds or fetches MNIST,
 * {@link dev.lanewise.training.data.SyntheticDigits} draws a stand-in for it, and
 * {@link dev.lanewise.training.data.Batches} hands out an epoch in an order that only the seed decides.
 */
@NullMarked
package dev.lanewise.training.data;

import org.jspecify.annotations.NullMarked;
