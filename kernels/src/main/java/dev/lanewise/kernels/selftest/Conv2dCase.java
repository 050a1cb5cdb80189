package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.conv.Convolution;
import dev.lanewise.kernels.conv.Depthwise;
import dev.lanewise.kernels.reference.Conv2dReference;
import java.lang.foreign.MemorySegment;

/** Convolutions of one image and their two gradients, padded and strided: one of whole patches, one depthwise. */
public final class Conv2dCase implements SelfTest.Case {
  private static final Conv2dGeometry WHOLE = new Conv2dGeometry(4, 3, 1, 2, 2, 3, 2, 1, 1, 0, 0, 1, 1, 1);
  private static final Conv2dGeometry DEPTHWISE = new Conv2dGeometry(3, 2, 2, 2, 2, 4, 1, 2, 1, 0, 1, 0, 1, 1, 2);

  @Override
  public void run(Sample sample) {
    MemorySegment x = sample.values(12);
    MemorySegment w = sample.values(16);
    MemorySegment dy = sample.values(18);
    Workers workers = sample.workers();

    Convolution whole = workers.state(Convolution.KEY);
    Conv2dGeometry g = WHOLE;
    MemorySegment got = sample.blank(outputs(g));
    whole.forward(g, 1, x, w, got, Epilogue.NONE, workers);
    forward(sample, "forward", g, x, w, got);
    got = sample.blank(inputs(g));
    whole.backwardInput(g, 1, dy, w, got, Epilogue.NONE, workers);
    backwardInput(sample, "backwardInput", g, dy, w, got);
    got = sample.blank(weights(g));
    whole.backwardWeights(g, 1, x, dy, got, false, workers);
    backwardWeights(sample, "backwardWeights", g, x, dy, got);

    Depthwise depthwise = workers.state(Depthwise.KEY);
    g = DEPTHWISE;
    got = sample.blank(outputs(g));
    depthwise.forward(g, 1, x, w, got, Epilogue.NONE, workers);
    forward(sample, "depthwise forward", g, x, w, got);
    got = sample.blank(inputs(g));
    depthwise.backwardInput(g, 1, dy, w, got, Epilogue.NONE, workers);
    backwardInput(sample, "depthwise backwardInput", g, dy, w, got);
    got = sample.blank(weights(g));
    depthwise.backwardWeights(g, 1, x, dy, got, false, workers);
    backwardWeights(sample, "depthwise backwardWeights", g, x, dy, got);
  }

  private static int inputs(Conv2dGeometry g) {
    return g.height() * g.width() * g.channels();
  }

  private static int weights(Conv2dGeometry g) {
    return g.groupPatch() * g.filters();
  }

  private static int outputs(Conv2dGeometry g) {
    return g.outHeight() * g.outWidth() * g.filters();
  }

  private static void forward(Sample sample, String kernel, Conv2dGeometry g, MemorySegment x, MemorySegment w, MemorySegment got) {
    MemorySegment want = sample.blank(outputs(g));
    Conv2dReference.forward(g, 1, x, w, want, Epilogue.NONE);
    sample.same(kernel, got, want);
  }

  private static void backwardInput(Sample sample, String kernel, Conv2dGeometry g, MemorySegment dy, MemorySegment w, MemorySegment got) {
    MemorySegment want = sample.blank(inputs(g));
    Conv2dReference.backwardInput(g, 1, dy, w, want, Epilogue.NONE);
    sample.same(kernel, got, want);
  }

  private static void backwardWeights(Sample sample, String kernel, Conv2dGeometry g, MemorySegment x, MemorySegment dy,
      MemorySegment got) {
    MemorySegment want = sample.blank(weights(g));
    Conv2dReference.backwardWeights(g, 1, x, dy, want, false);
    sample.same(kernel, got, want);
  }
}
