package dev.lanewise.layers;

import dev.lanewise.tensor.Shape;

/**
 * Depthwise two-dimensional convolution: each channel of an image is convolved with kernels of its own.
 *
 * <pre>
 * Y[n, oh, ow, c m + i] = act(b[c m + i] + sum over kh, kw of X[n, oh sh - top + kh dh, ow sw - left + kw dw, c] W[kh, kw, c, i]), i &lt; m
 * </pre>
 *
 * <p>Shapes: X [n, height, width, channels], W [kernelHeight, kernelWidth, channels, m], b [channels m], Y [n, outHeight, outWidth, channels m]; m is
 * the multiplier. First values: W Glorot uniform, b = 0 (as Keras). Parameters: {@code kernel}, {@code bias}. What it builds is a {@link Conv2d} of as
 * many groups as channels. Before a {@code Conv2d.of(filters, 1, activation)} it makes a separable convolution.
 *
 * <p>Error: as {@link Conv2d}. Source: Howard et al., MobileNets, 2017, section 3.1.
 *
 * @param multiplier filters of each channel, at least 1
 * @param one sizes and options of a kernel
 */
public record DepthwiseConv2d(int multiplier, Conv2d.Spec one) implements LayerSpec {
  public DepthwiseConv2d {
    if (multiplier < 1) {
      throw new IllegalArgumentException("DepthwiseConv2d: " + multiplier + " filters for each channel; at least 1 is needed");
    }
  }

  /**
   * Square kernels, one for each channel, stride 1, no padding.
   *
   * @param kernel height and width of the kernels, at least 1
   */
  public static DepthwiseConv2d of(int kernel, Activation activation) {
    return of(kernel, kernel, activation);
  }

  /** Kernels of any size, one for each channel, stride 1, no padding. */
  public static DepthwiseConv2d of(int kernelHeight, int kernelWidth, Activation activation) {
    return new DepthwiseConv2d(1, Conv2d.of(1, kernelHeight, kernelWidth, activation));
  }

  /** With several kernels for each channel. */
  public DepthwiseConv2d withMultiplier(int other) {
    return new DepthwiseConv2d(other, one);
  }

  /** With another padding. */
  public DepthwiseConv2d withPadding(Padding other) {
    return new DepthwiseConv2d(multiplier, one.withPadding(other));
  }

  /** With input rows and columns from one output pixel to the next. */
  public DepthwiseConv2d withStrides(int height, int width) {
    return new DepthwiseConv2d(multiplier, one.withStrides(height, width));
  }

  /** With input rows and columns from one pixel of the kernel to the next. */
  public DepthwiseConv2d withDilation(int height, int width) {
    return new DepthwiseConv2d(multiplier, one.withDilation(height, width));
  }

  /** With other first values of the kernels. */
  public DepthwiseConv2d withInitializer(Initializer other) {
    return new DepthwiseConv2d(multiplier, one.withInitializer(other));
  }

  @Override
  public Conv2d build(Shape input, Params.Builder params) {
    String name = params.name("depthwise_conv2d");
    Shapes.requireImage(name, input);
    int channels = input.dim(2);
    Conv2d.Spec all = new Conv2d.Spec(channels * multiplier, one.kernelHeight(), one.kernelWidth(), one.strideHeight(), one.strideWidth(),
        one.dilationHeight(), one.dilationWidth(), one.padding(), one.activation(), one.initializer(), channels);
    return new Conv2d(name, all, input, Shape.of(one.kernelHeight(), one.kernelWidth(), channels, multiplier), params);
  }
}
