/**
 * Trainer, losses, optimizers, schedules, metrics, callbacks and checkpoints.
 */
@NullMarked
package dev.lanewise.training;

import org.jspecify.annotations.NullMarked;
