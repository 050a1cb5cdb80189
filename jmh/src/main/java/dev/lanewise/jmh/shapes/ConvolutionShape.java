package dev.lanewise.jmh.shapes;

import dev.lanewise.kernels.Conv2d;

/**
 * A two-dimensional convolution of a batch of NHWC images.
 *
 * @param stride input pixels from one output pixel to the next, both ways
 * @param padding zeros on each of the four sides
 * @param origin the network and layer that it is from
 */
public record ConvolutionShape(
    String name, int batch, int height, int width, int channels, int kernelHeight, int kernelWidth, int filters,
    int stride, int padding, String origin) {
  /** The kernel of these sizes. */
  public Conv2d kernel() {
    return Conv2d.of(height, width, channels, kernelHeight, kernelWidth, filters,
        stride, stride, padding, padding, padding, padding, 1, 1);
  }

  /** 10^9 floating-point operations of one pass over the batch, products with the padding's zeros included. */
  public double gflop() {
    return 2e-9 * kernel().outputSize(batch) * kernelHeight * kernelWidth * channels;
  }
}
