/**
 * Readers of data sets, augmentation and synthetic data.
 */
@NullMarked
package dev.lanewise.training.data;

import org.jspecify.annotations.NullMarked;
