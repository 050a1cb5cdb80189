package dev.lanewise.training.data;

import dev.lanewise.tensor.IntTensor;
import dev.lanewise.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Some examples and their labels; the tensors hold exactly {@code count} examples and are reused, so a batch is good
 * until the next one is asked for.
 *
 * @param x [count, input shape]
 * @param y [count * labels per example]
 * @param targets [count, target shape] of a {@link ValueDataset}, else null
 * @param count examples in this batch; the last of an epoch may have fewer than the others
 */
public record Batch(Tensor x, IntTensor y, @Nullable Tensor targets, int count) {}
