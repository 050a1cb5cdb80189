package dev.lanewise.kernels.reference;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.lanewise.kernels.Conv2dGeometry;
import dev.lanewise.kernels.Epilogue;
import java.lang.foreign.MemorySegment;

/**
 * Scalar twins of {@link dev.lanewise.kernels.Conv2d}: the definition as loops over an image, its outputs and the taps between them.
 * The fp32 passes keep the order of the fast kernels and so give the same bits. Arguments are those of the door, unchecked.
 */
public final class Conv2dReference {
  private Conv2dReference() {}

  /** Y = X * W and the epilogue; the zeros of the padding take part. */
  public static void forward(Conv2dGeometry g, int n, MemorySegment x, MemorySegment w, MemorySegment y, Epilogue epilogue) {
    for (int pixel = 0; pixel < n * g.outHeight() * g.outWidth(); pixel++) {
      for (int f = 0; f < g.filters(); f++) {
        float sum = 0f;
        for (int e = 0; e < g.groupPatch(); e++) {
          sum = Math.fma(patchElement(g, x, pixel, seen(g, e, f)), get(w, (long) e * g.filters() + f), sum);
        }
        set(y, (long) pixel * g.filters() + f, GemmReference.finish(sum, f, epilogue));
      }
    }
  }

  /** P, the patch matrix [n outHeight outWidth, kernelHeight kernelWidth channels], zeros in the padding. */
  public static void im2col(Conv2dGeometry g, int n, MemorySegment x, MemorySegment p) {
    for (int pixel = 0; pixel < n * g.outHeight() * g.outWidth(); pixel++) {
      for (int e = 0; e < g.patch(); e++) {
        set(p, (long) pixel * g.patch() + e, patchElement(g, x, pixel, e));
      }
    }
  }

  /** dW = P' dY (+ dW), over ascending output pixels. */
  public static void backwardWeights(
      Conv2dGeometry g, int n, MemorySegment x, MemorySegment dy, MemorySegment dw, boolean accumulate) {
    for (int e = 0; e < g.groupPatch(); e++) {
      for (int f = 0; f < g.filters(); f++) {
        long at = (long) e * g.filters() + f;
        float sum = accumulate ? get(dw, at) : 0f;
        for (int pixel = 0; pixel < n * g.outHeight() * g.outWidth(); pixel++) {
          sum = Math.fma(patchElement(g, x, pixel, seen(g, e, f)), get(dy, (long) pixel * g.filters() + f), sum);
        }
        set(dw, at, sum);
      }
    }
  }

  /** dX: every tap that reaches an input pixel from an existing output, over ascending (kh, kw, f), and the epilogue. */
  public static void backwardInput(
      Conv2dGeometry g, int n, MemorySegment dy, MemorySegment w, MemorySegment dx, Epilogue epilogue) {
    long at = 0;
    for (int image = 0; image < n; image++) {
      for (int ih = 0; ih < g.height(); ih++) {
        for (int iw = 0; iw < g.width(); iw++) {
          for (int c = 0; c < g.channels(); c++) {
            set(dx, at++, GemmReference.finish(inputGradient(g, image, ih, iw, c, dy, w), c, epilogue));
          }
        }
      }
    }
  }

  private static float inputGradient(
      Conv2dGeometry g, int image, int ih, int iw, int c, MemorySegment dy, MemorySegment w) {
    float sum = 0f;
    for (int kh = 0; kh < g.kernelHeight(); kh++) {
      int oh = outPosition(ih + g.padTop() - kh * g.dilationH(), g.strideH(), g.outHeight());
      for (int kw = 0; kw < g.kernelWidth(); kw++) {
        int ow = outPosition(iw + g.padLeft() - kw * g.dilationW(), g.strideW(), g.outWidth());
        if (oh >= 0 && ow >= 0) {
          long out = (((long) image * g.outHeight() + oh) * g.outWidth() + ow) * g.filters();
          long tap = (((long) kh * g.kernelWidth() + kw) * g.groupChannels() + c % g.groupChannels()) * g.filters();
          int first = c / g.groupChannels() * g.groupFilters();
          for (int f = first; f < first + g.groupFilters(); f++) {
            sum = Math.fma(get(dy, out + f), get(w, tap + f), sum);
          }
        }
      }
    }
    return sum;
  }

  /** The output position that is {@code scaled} input positions in, or -1 if none is there. */
  private static int outPosition(int scaled, int stride, int size) {
    return scaled >= 0 && scaled % stride == 0 && scaled / stride < size ? scaled / stride : -1;
  }

  /** Which element of a patch with all channels is the element (kh, kw, c) of what a filter sees, c in the filter's group. */
  private static int seen(Conv2dGeometry g, int element, int filter) {
    int tap = element / g.groupChannels();
    return tap * g.channels() + filter / g.groupFilters() * g.groupChannels() + element % g.groupChannels();
  }

  /** Element (kh, kw, c) of the patch that an output pixel sees, 0 in the padding. */
  private static float patchElement(Conv2dGeometry g, MemorySegment x, int pixel, int element) {
    int ow = pixel % g.outWidth();
    int oh = pixel / g.outWidth() % g.outHeight();
    long image = pixel / g.outWidth() / g.outHeight();
    int c = element % g.channels();
    int kw = element / g.channels() % g.kernelWidth();
    int kh = element / g.channels() / g.kernelWidth();
    int ih = oh * g.strideH() - g.padTop() + kh * g.dilationH();
    int iw = ow * g.strideW() - g.padLeft() + kw * g.dilationW();
    boolean inside = ih >= 0 && ih < g.height() && iw >= 0 && iw < g.width();
    return inside ? get(x, ((image * g.height() + ih) * g.width() + iw) * g.channels() + c) : 0f;
  }

  private static float get(MemorySegment s, long index) {
    return s.get(JAVA_FLOAT_UNALIGNED, 4 * index);
  }

  private static void set(MemorySegment s, long index, float value) {
    s.set(JAVA_FLOAT_UNALIGNED, 4 * index, value);
  }
}
