package dev.lanewise.kernels;

/**
 * The sizes of a two-dimensional convolution of NHWC images, checked once.
 *
 * @param height of an input image in pixels; likewise width
 * @param channels of an input pixel
 * @param filters channels of an output pixel
 * @param strideH input pixels from one output pixel to the next; likewise strideW
 * @param padTop rows of zeros imagined above the image; likewise the other three
 * @param dilationH input pixels from one tap of the kernel to the next; likewise dilationW
 * @param groups runs of equally many channels and filters, in order; a filter sees the channels of its own group
 */
public record Conv2dGeometry(
    int height, int width, int channels, int kernelHeight, int kernelWidth, int filters,
    int strideH, int strideW, int padTop, int padBottom, int padLeft, int padRight, int dilationH, int dilationW,
    int groups) {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException naming the sizes, if one is out of range or the kernel reaches beyond the padded image
   */
  public Conv2dGeometry {
    if (Math.min(Math.min(height, width), Math.min(channels, filters)) < 1
        || Math.min(kernelHeight, kernelWidth) < 1
        || Math.min(Math.min(strideH, strideW), Math.min(dilationH, dilationW)) < 1) {
      throw new IllegalArgumentException(
          "Conv2d: image " + height + "x" + width + "x" + channels + ", kernel " + kernelHeight + "x" + kernelWidth + "x"
              + filters + ", strides " + strideH + "x" + strideW + ", dilation " + dilationH + "x" + dilationW
              + "; each must be at least 1");
    }
    if (Math.min(Math.min(padTop, padBottom), Math.min(padLeft, padRight)) < 0) {
      throw new IllegalArgumentException(
          "Conv2d: padding " + padTop + ", " + padBottom + ", " + padLeft + ", " + padRight + "; none may be negative");
    }
    if (groups < 1 || channels % groups != 0 || filters % groups != 0) {
      throw new IllegalArgumentException(
          "Conv2d: " + channels + " channels and " + filters + " filters in " + groups + " groups; both must be multiples of the groups");
    }
    requireFits("height", (long) height + padTop + padBottom, "kernel rows", reach(kernelHeight, dilationH));
    requireFits("width", (long) width + padLeft + padRight, "kernel columns", reach(kernelWidth, dilationW));
    if ((double) kernelHeight * kernelWidth * channels > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "Conv2d: a patch of " + kernelHeight + "x" + kernelWidth + "x" + channels
              + " is more than 2^31 - 1 floats; use a smaller kernel");
    }
  }

  /** The sizes of a convolution in which every filter sees all channels. */
  public Conv2dGeometry(
      int height, int width, int channels, int kernelHeight, int kernelWidth, int filters,
      int strideH, int strideW, int padTop, int padBottom, int padLeft, int padRight, int dilationH, int dilationW) {
    this(
        height, width, channels, kernelHeight, kernelWidth, filters, strideH, strideW, padTop, padBottom, padLeft, padRight, dilationH,
        dilationW, 1);
  }

  /** The same sizes in groups. */
  public Conv2dGeometry withGroups(int newGroups) {
    return new Conv2dGeometry(
        height, width, channels, kernelHeight, kernelWidth, filters, strideH, strideW, padTop, padBottom, padLeft, padRight, dilationH,
        dilationW, newGroups);
  }

  private static void requireFits(String size, long padded, String kernel, long reach) {
    if (padded > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("Conv2d: the padded " + size + " is " + padded + ", more than 2^31 - 1; pad less");
    }
    if (reach > padded) {
      throw new IllegalArgumentException(
          "Conv2d: the padded " + size + " is " + padded + " but the " + kernel + " with their dilation reach over " + reach
              + "; pad more or use a smaller kernel");
    }
  }

  private static long reach(int kernel, int dilation) {
    return (kernel - 1L) * dilation + 1;
  }

  /** Rows of an output image. */
  public int outHeight() {
    return (height + padTop + padBottom - (int) reach(kernelHeight, dilationH)) / strideH + 1;
  }

  /** Columns of an output image. */
  public int outWidth() {
    return (width + padLeft + padRight - (int) reach(kernelWidth, dilationW)) / strideW + 1;
  }

  /** Channels of a group. */
  public int groupChannels() {
    return channels / groups;
  }

  /** Filters of a group. */
  public int groupFilters() {
    return filters / groups;
  }

  /** Floats of a patch as one filter sees it: the weights of a filter. */
  public int groupPatch() {
    return kernelHeight * kernelWidth * groupChannels();
  }

  /** Floats of a patch: what one output pixel sees with all its filters. */
  public int patch() {
    return kernelHeight * kernelWidth * channels;
  }

  /** What the sizes give; written out, since the one that a record has costs the first call of a process five milliseconds of classes. */
  @Override
  public int hashCode() {
    int image = (height * 31 + width) * 31 + channels;
    int kernel = (kernelHeight * 31 + kernelWidth) * 31 + filters;
    int step = ((strideH * 31 + strideW) * 31 + dilationH) * 31 + dilationW;
    int padding = ((padTop * 31 + padBottom) * 31 + padLeft) * 31 + padRight;
    return (((image * 31 + kernel) * 31 + step) * 31 + padding) * 31 + groups;
  }
}
