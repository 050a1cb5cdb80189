package dev.lanewise.kernels.selftest;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Epilogue;
import dev.lanewise.kernels.conv.Convolution;
import dev.lanewise.kernels.conv.Depthwise;
import dev.lanewise.kernels.reference.Conv2dReference;
import java.lang.foreign.MemorySegment;

/** A convolution of one image or one of its two gradients, padded and strided: of whole patches or depthwise. */
public final class Conv2dCase implements SelfTest.Case {
  private static final Conv2dGeometry WHOLE = new Conv2dGeometry(4, 3, 1, 2, 2, 3, 2, 1, 1, 0, 0, 1, 1, 1);
  private static final Conv2dGeometry DEPTHWISE = new Conv2dGeometry(3, 2, 2, 2, 2, 4, 1, 2, 1, 0, 1, 0, 1, 1, 2);

  /** What is tried at a time. */
  public enum Part {
    FORWARD,
    BACKWARD_INPUT,
    BACKWARD_WEIGHTS
  }

  private final boolean depthwise;
  private final Part part;

  public Conv2dCase(boolean depthwise, Part part) {
    this.depthwise = depthwise;
    this.part = part;
  }

  @Override
  public void run(Sample sample) {
    Conv2dGeometry g = depthwise ? DEPTHWISE : WHOLE;
    switch (part) {
      case FORWARD -> forward(sample, g);
      case BACKWARD_INPUT -> backwardInput(sample, g);
      case BACKWARD_WEIGHTS -> backwardWeights(sample, g);
    }
  }

  private void forward(Sample sample, Conv2dGeometry g) {
    MemorySegment x = sample.values(inputs(g));
    MemorySegment w = sample.values(weights(g));
    MemorySegment got = sample.blank(outputs(g));
    MemorySegment want = sample.blank(outputs(g));
    if (depthwise) {
      sample.workers().state(Depthwise.KEY).forward(g, 1, x, w, got, Epilogue.NONE, sample.workers());
    } else {
      sample.workers().state(Convolution.KEY).forward(g, 1, x, w, got, Epilogue.NONE, sample.workers());
    }
    Conv2dReference.forward(g, 1, x, w, want, Epilogue.NONE);
    sample.same("forward", got, want);
  }

  private void backwardInput(Sample sample, Conv2dGeometry g) {
    MemorySegment dy = sample.values(outputs(g));
    MemorySegment w = sample.values(weights(g));
    MemorySegment got = sample.blank(inputs(g));
    MemorySegment want = sample.blank(inputs(g));
    if (depthwise) {
      sample.workers().state(Depthwise.KEY).backwardInput(g, 1, dy, w, got, Epilogue.NONE, sample.workers());
    } else {
      sample.workers().state(Convolution.KEY).backwardInput(g, 1, dy, w, got, Epilogue.NONE, sample.workers());
    }
    Conv2dReference.backwardInput(g, 1, dy, w, want, Epilogue.NONE);
    sample.same("backwardInput", got, want);
  }

  private void backwardWeights(Sample sample, Conv2dGeometry g) {
    MemorySegment x = sample.values(inputs(g));
    MemorySegment dy = sample.values(outputs(g));
    MemorySegment got = sample.blank(weights(g));
    MemorySegment want = sample.blank(weights(g));
    if (depthwise) {
      sample.workers().state(Depthwise.KEY).backwardWeights(g, 1, x, dy, got, false, sample.workers());
    } else {
      sample.workers().state(Convolution.KEY).backwardWeights(g, 1, x, dy, got, false, sample.workers());
    }
    Conv2dReference.backwardWeights(g, 1, x, dy, want, false);
    sample.same("backwardWeights", got, want);
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
}
