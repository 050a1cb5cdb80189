package dev.lanewise.training;

/** What a {@link Task} calls while it trains on a batch: the change of parameters once their gradients are whole. */
public interface Updates {
  /**
   * Changes the parameters of a part by its optimizer, after whoever looks on has seen the gradients and they have been clipped. Where
   * gradients are added up over several batches, only the last of them changes anything. Allocates nothing.
   *
   * @param part by its place in {@link Task#parts()}; each once per batch
   * @param lossSum of this batch's rows: of what this part makes small
   */
  void apply(int part, double lossSum);
}
