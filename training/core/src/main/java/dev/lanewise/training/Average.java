package dev.lanewise.training;

import dev.lanewise.kernels.Optimizers;
import dev.lanewise.kernels.Workers;
import dev.lanewise.layers.Param;
import dev.lanewise.layers.Params;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.Arena;

/**
 * The exponential moving average of a model's parameters: a = decay a + (1 - decay) w after each update, and a = w after the first one, as
 * in Keras. It wanders less than the parameters do, and so evaluates better at the end of a run whose learning rate is still high.
 */
final class Average {
  private final Params params;
  private final float decay;
  private final Tensor values;
  private final Tensor own;
  private long updates;

  Average(Params params, float decay, Arena arena) {
    this.params = params;
    this.decay = decay;
    this.values = Tensor.allocate(arena, params.values().shape()).copyFrom(params.values());
    this.own = Tensor.allocate(arena, params.values().shape());
  }

  /** The average of all values, with the padding between them. */
  Tensor values() {
    return values;
  }

  /** Takes in the parameters after an update. Allocates nothing. */
  void update(Workers workers) {
    if (updates++ == 0) {
      values.copyFrom(params.values());
    } else {
      Optimizers.ema(values.size(), params.values().segment(), values.segment(), decay, workers);
    }
  }

  /** Puts the average in the place of the parameters, until {@link #giveBack}. */
  void lend() {
    own.copyFrom(params.values());
    params.values().copyFrom(values);
  }

  void giveBack() {
    params.values().copyFrom(own);
  }

  void save(Snapshot into) {
    into.put("updates", updates);
    for (Param param : params.list()) {
      into.put(param.name(), part(param));
    }
  }

  void restore(Snapshot from) {
    updates = from.number("updates");
    for (Param param : params.list()) {
      from.read(param.name(), part(param));
    }
  }

  private Tensor part(Param param) {
    long offset = params.offset(param) * Float.BYTES;
    return Tensor.wrap(values.segment().asSlice(offset), param.shape());
  }
}
