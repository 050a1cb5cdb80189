package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.conv.Convolution;
import dev.lanewise.kernels.reference.Conv2dReference;
import java.lang.foreign.MemorySegment;

/** A convolution of one image and its two gradients, padded and strided. */
public final class Conv2dCase implements SelfTest.Case {
  private static final Conv2dGeometry G = new Conv2dGeometry(4, 3, 1, 2, 2, 3, 2, 1, 1, 0, 0, 1, 1, 1);
  private static final int INPUTS = 4 * 3;
  private static final int WEIGHTS = 2 * 2 * 3;

  @Override
  public void run(Sample sample) {
    Workers workers = sample.workers();
    int outputs = G.outHeight() * G.outWidth() * G.filters();
    MemorySegment x = sample.values(INPUTS);
    MemorySegment w = sample.values(WEIGHTS);
    MemorySegment dy = sample.values(outputs);
    MemorySegment got = sample.blank(outputs);
    MemorySegment want = sample.blank(outputs);
    workers.state(Convolution.KEY).forward(G, 1, x, w, got, Epilogue.NONE, workers);
    Conv2dReference.forward(G, 1, x, w, want, Epilogue.NONE);
    sample.same("forward", got, want);
    got = sample.blank(INPUTS);
    want = sample.blank(INPUTS);
    workers.state(Convolution.KEY).backwardInput(G, 1, dy, w, got, Epilogue.NONE, workers);
    Conv2dReference.backwardInput(G, 1, dy, w, want, Epilogue.NONE);
    sample.same("backwardInput", got, want);
    got = sample.blank(WEIGHTS);
    want = sample.blank(WEIGHTS);
    workers.state(Convolution.KEY).backwardWeights(G, 1, x, dy, got, false, workers);
    Conv2dReference.backwardWeights(G, 1, x, dy, want, false);
    sample.same("backwardWeights", got, want);
  }
}
