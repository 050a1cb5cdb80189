package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageGridTest {
  private final Arena arena = Arena.ofConfined();

  @TempDir Path folder;

  @AfterEach
  void free() {
    arena.close();
  }

  @Test
  void imagesStandRowByRowWithAGapBetween() throws IOException {
    ImageGrid grid = ImageGrid.square(5);
    assertThat(grid.columns()).isEqualTo(3);
    // Two of them: one grey, one with a level beyond white.
    grid.add(Tensor.of(arena, Shape.of(2, 1, 2, 1), 0.2f, 0.4f, 1f, 3f));
    grid.skip(1);
    grid.add(Tensor.of(arena, Shape.of(1, 1, 2, 1), 0.6f, -1f));
    Path file = folder.resolve("grid.png");
    grid.write(file);
    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isEqualTo(2 + 3 * (2 + 2));
    assertThat(image.getHeight()).isEqualTo(2 + 2 * (1 + 2));
    int[] top = image.getRaster().getSamples(0, 2, image.getWidth(), 1, 0, (int[]) null);
    int[] below = image.getRaster().getSamples(0, 5, image.getWidth(), 1, 0, (int[]) null);
    assertThat(top).containsExactly(0, 0, 51, 102, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0);
    assertThat(below).containsExactly(0, 0, 153, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() {
    ImageGrid grid = ImageGrid.square(1);
    grid.add(Tensor.of(arena, Shape.of(1, 1, 1, 1), 0.5f));
    Path file = folder.resolve("none/grid.png");
    assertThatThrownBy(() -> grid.write(file)).isInstanceOf(IOException.class).hasMessageStartingWith(file + ": cannot be written");
  }

  @Test
  void aWalkBeginsAndEndsAtItsVectorsAndKeepsTheirLengthInBetween() {
    int d = 20;
    Tensor all = Tensor.allocate(arena, Shape.of(2 * LatentWalk.STEPS + 1, d));
    LatentWalk.fill(all, 0, 3, 7);
    for (int leg = 0; leg < 2; leg++) {
      double longest = Math.max(length(all, leg * LatentWalk.STEPS), length(all, (leg + 1) * LatentWalk.STEPS));
      double shortest = Math.min(length(all, leg * LatentWalk.STEPS), length(all, (leg + 1) * LatentWalk.STEPS));
      for (int i = 1; i < LatentWalk.STEPS; i++) {
        // A great circle between vectors of lengths a and b; on a straight line through 20 dimensions 0.7 of both would be met.
        assertThat(length(all, leg * LatentWalk.STEPS + i)).isBetween(0.85 * shortest, 1.15 * longest);
      }
    }
    Tensor later = Tensor.allocate(arena, Shape.of(3, d));
    LatentWalk.fill(later, LatentWalk.STEPS - 1, 3, 7);
    for (int k = 0; k < 3 * d; k++) {
      assertThat(later.get(k)).isEqualTo(all.get((LatentWalk.STEPS - 1L) * d + k));
    }
  }

  private static double length(Tensor z, int row) {
    double sum = 0;
    for (int j = 0; j < z.dim(1); j++) {
      double at = z.get((long) row * z.dim(1) + j);
      sum += at * at;
    }
    return Math.sqrt(sum);
  }
}
