package dev.lanewise.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.Rng;
import dev.lanewise.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Layers that make images and draw latent variables, and convolution along sequences. */
class ImageLayersGradientTest {
  private static void holds(GradientCheck check) {
    GradientCheck.Report report = check.run();
    System.out.println(report);
    // An error that never shows at all would mean that nothing was compared.
    assertThat(report.worst()).isPositive();
    assertThat(report.elements()).isPositive();
  }

  private static void holdsExactly(GradientCheck check) {
    GradientCheck.Report report = check.roundings(1).run();
    System.out.println(report);
    assertThat(report.elements()).isPositive();
  }

  @ParameterizedTest
  @EnumSource(value = Activation.class, names = {"LINEAR", "RELU", "SIGMOID", "TANH"})
  void convTranspose2dValid(Activation activation) {
    // 3 rows become 3 + 2, 2 columns 2 + 1.
    holds(GradientCheck.of(ConvTranspose2d.of(2, 3, 2, activation), Shape.of(3, 2, 2),
        Twins.convTranspose2d(3, 2, 2, 3, 2, 2, 5, 3, 1, 0, 0, activation)).batch(2).roundings(18 + 8));
  }

  @Test
  void convTranspose2dSameWithStrides() {
    // Kernels of 4 at stride 2: 3 x 2 pixels become 6 x 4, one row and column cut off on each side.
    holds(GradientCheck.of(ConvTranspose2d.of(2, 4, Activation.TANH).withPadding(Padding.SAME).withStrides(2, 2), Shape.of(3, 2, 2),
        Twins.convTranspose2d(3, 2, 2, 4, 4, 2, 6, 4, 2, 1, 1, Activation.TANH)).batch(2).roundings(32 + 8));
    // Kernels of 3 at stride 2: one row is cut off, the last.
    holds(GradientCheck.of(ConvTranspose2d.of(1, 3, Activation.LINEAR).withPadding(Padding.SAME).withStrides(2, 2), Shape.of(2, 3, 2),
        Twins.convTranspose2d(2, 3, 2, 3, 3, 1, 4, 6, 2, 0, 0, Activation.LINEAR)).batch(2).roundings(27));
  }

  @Test
  void convTranspose2dWithHolesBetweenItsKernels() {
    // Kernels of 1 at stride 3: most of the output is the bias alone.
    holds(GradientCheck.of(ConvTranspose2d.of(2, 1, Activation.LINEAR).withStrides(3, 3), Shape.of(2, 2, 3),
        Twins.convTranspose2d(2, 2, 3, 1, 1, 2, 6, 6, 3, 0, 0, Activation.LINEAR)).batch(2).roundings(72));
  }

  @Test
  void averagePooling() {
    holds(GradientCheck.of(AvgPool2d.of(2), Shape.of(5, 4, 2), Twins.averagePool2d(5, 4, 2, 2, 2, 2, 2)).batch(2).roundings(6));
    holds(GradientCheck.of(AvgPool2d.of(3, 2).withStrides(1, 2), Shape.of(4, 5, 1), Twins.averagePool2d(4, 5, 1, 3, 2, 1, 2)).batch(2)
        .roundings(10));
    holds(GradientCheck.of(GlobalAvgPool.of(), Shape.of(3, 4, 2), Twins.averagePool2d(3, 4, 2, 3, 4, 1, 1)).roundings(14));
  }

  @Test
  void batchNorm() {
    // 5 rows: sums of 5 terms, twice, and their use.
    holds(GradientCheck.of(BatchNorm.of(), Shape.of(3), Twins.batchNorm(3, 1e-3f)).batch(5).roundings(5 + 5 + 12));
    // 2 images of 2 x 3 pixels are 12 rows.
    holds(GradientCheck.of(BatchNorm.of().withEpsilon(0.5f), Shape.of(2, 3, 2), Twins.batchNorm(2, 0.5f)).batch(2)
        .roundings(12 + 12 + 12));
  }

  @Test
  void upSample2dAndReshape() {
    // Gradients are added up, here multiples of 2^-23 whose sums are exact.
    holdsExactly(GradientCheck.of(UpSample2d.of(2), Shape.of(2, 3, 2), Twins.upSample2d(2, 3, 2, 2, 2)));
    holdsExactly(GradientCheck.of(UpSample2d.of(1, 3), Shape.of(2, 3, 1), Twins.upSample2d(2, 3, 1, 1, 3)));
    holdsExactly(GradientCheck.of(Reshape.to(Shape.of(2, 3, 2)), Shape.of(12), Twins.identity()));
  }

  @ParameterizedTest
  @EnumSource(value = Activation.class, names = {"LINEAR", "RELU", "SIGMOID", "TANH"})
  void conv1d(Activation activation) {
    holds(GradientCheck.of(Conv1d.of(2, 3, activation), Shape.of(6, 2),
        Twins.conv2d(1, 6, 2, 1, 3, 2, 1, 4, 1, 1, 0, 0, activation)).batch(2).roundings(8 + 8));
  }

  @Test
  void conv1dPaddedAndDilated() {
    // 6 steps, stride 2: 3 outputs that reach over 7 steps, so one zero behind.
    holds(GradientCheck.of(Conv1d.of(2, 3, Activation.LINEAR).withPadding(Padding.SAME).withStride(2), Shape.of(6, 1),
        Twins.conv2d(1, 6, 1, 1, 3, 2, 1, 3, 2, 1, 0, 0, Activation.LINEAR)).batch(2).roundings(12));
    // 2 zeros before each of them.
    holds(GradientCheck.of(Conv1d.of(2, 2, Activation.TANH).withDilation(2).withCausalPadding(), Shape.of(5, 2),
        Twins.conv2d(1, 5, 2, 1, 2, 2, 1, 5, 1, 2, 0, 2, Activation.TANH)).batch(2).roundings(10 + 8));
  }

  @Test
  void reparameterize() {
    long seed = 4;
    double[] eps = new double[3 * 5];
    for (int i = 0; i < eps.length; i++) {
      eps[i] = Rng.normal(seed, Streams.LAYER, i);
    }
    holds(GradientCheck.of(Reparameterize.of(), Shape.of(10), Twins.reparameterize(5, eps)).seed(seed).roundings(8));
  }
}
