package dev.lanewise.jmh.shapes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ShapesTest {
  @Test
  void everyFileHasShapesWithOriginsAndNoNameTwice() {
    for (String file : Shapes.FILES) {
      Shapes shapes = Shapes.of(List.of(file));
      assertThat(shapes.products().size() + shapes.convolutions().size()).as(file).isPositive();
    }
    Shapes all = Shapes.all();
    assertThat(all.products()).extracting(ProductShape::name).doesNotHaveDuplicates();
    assertThat(all.convolutions()).extracting(ConvolutionShape::name).doesNotHaveDuplicates();
    assertThat(all.products()).extracting(ProductShape::origin).noneMatch(String::isBlank);
  }

  @Test
  void theSecondConvolutionOfTheArticle() {
    assertThat(Shapes.product("conv2_dW_NT")).isEqualTo(
        new ProductShape("conv2_dW_NT", 64, 288, 7744, false, true, "its gradient for the weights"));
    ConvolutionShape conv2 = Shapes.convolution("conv2");
    assertThat(conv2.kernel().outHeight()).isEqualTo(11);
    assertThat(conv2.gflop()).isEqualTo(2e-9 * 32 * 11 * 11 * 64 * 288);
  }

  @Test
  void residualStagesKeepTheirSizeAndStridesHalveIt() {
    assertThat(Shapes.convolution("resnet_56").kernel().outWidth()).isEqualTo(56);
    assertThat(Shapes.convolution("resnet_stem").kernel().outWidth()).isEqualTo(112);
    assertThat(Shapes.convolution("resnet_28_s2").kernel().outWidth()).isEqualTo(28);
  }

  @Test
  void leadingDimensionsAreThoseOfTheStoredMatrices() {
    ProductShape shape = new ProductShape("s", 2, 3, 4, true, true, "test");
    assertThat(shape.lda()).isEqualTo(2);
    assertThat(shape.ldb()).isEqualTo(4);
    assertThat(shape.gflop()).isEqualTo(2e-9 * 2 * 3 * 4);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      gemm a 1 2 3 N N           | no origin
      gemm a 1 2 3 N N #         | no origin
      gemm a 1 2 3 N # x         | neither gemm with 6 words
      gemm a 0 2 3 N N # x       | 0 is not a size
      gemm a one 2 3 N N # x     | one
      gemm a 1 2 3 N X # x       | X is neither N nor T
      conv a 1 2 3 4 5 6 7 8 # x | nor conv with 10
      """)
  void aDamagedLineIsNamed(String line, String complaint) {
    assertThatIllegalArgumentException().isThrownBy(() -> Shapes.parse("file", "# a comment\n" + line))
        .withMessageContaining("file.txt, line 2").withMessageContaining(complaint);
  }

  @Test
  void unknownNamesAreAnsweredWithTheKnown() {
    assertThatIllegalArgumentException().isThrownBy(() -> Shapes.product("sq7")).withMessageContaining("sq8");
    assertThatIllegalArgumentException().isThrownBy(() -> Shapes.convolution("sq8")).withMessageContaining("resnet_56");
    assertThatIllegalArgumentException().isThrownBy(() -> Shapes.of(List.of("circles"))).withMessageContaining("squares");
  }
}
