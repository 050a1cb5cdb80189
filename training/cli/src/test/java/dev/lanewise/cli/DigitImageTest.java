package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.training.data.ImageDataset;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigitImageTest {
  @TempDir Path folder;

  /** A three of strokes two pixels wide, in a box of 20 rows, its centre of mass in the middle. */
  private static byte[] digit() {
    byte[] digit = new byte[784];
    for (int row = 4; row < 24; row++) {
      for (int column = 9; column < 19; column++) {
        boolean bar = row < 6 || row >= 22 || row == 13 || row == 14;
        if (bar || column >= 17) {
          digit[row * 28 + column] = (byte) (bar ? 200 : 255);
        }
      }
    }
    return digit;
  }

  private byte[] read(BufferedImage image) throws IOException {
    File file = Files.createTempFile(folder, "digit", ".png").toFile();
    ImageIO.write(image, "png", file);
    return DigitImage.read(file.toPath(), 28, 28);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void imageInMnistsFormStaysAsItIs(boolean darkOnLight) throws IOException {
    assertThat(read(SmallMnist.picture(digit(), 1, 28, 28, 0, 0, darkOnLight))).isEqualTo(digit());
  }

  @ParameterizedTest
  @CsvSource({"1, 40, 61, 0, 30", "2, 60, 60, 1, 3", "5, 200, 150, 55, 4", "11, 700, 400, -20, 40"})
  void sizeAndPlaceDoNotMatter(int scale, int width, int height, int left, int top) throws IOException {
    byte[] upright = read(SmallMnist.picture(digit(), scale, width, height, left, top, false));
    byte[] inverted = read(SmallMnist.picture(digit(), scale, width, height, left, top, true));
    assertThat(inverted).isEqualTo(upright);
    for (int i = 0; i < 784; i++) {
      // The digit spans 20 rows in whole squares of pixels, so scaling it back hits the pixels exactly, up to one level of rounding;
      // but its centre of mass lies between two columns, so it may stand one to the left.
      int want = digit()[i] & 0xFF;
      int shifted = i % 28 < 27 ? digit()[i + 1] & 0xFF : 0;
      assertThat(upright[i] & 0xFF).as("pixel %d", i).satisfiesAnyOf(
          got -> assertThat(got).isBetween(want - 1, want + 1), got -> assertThat(got).isBetween(shifted - 1, shifted + 1));
    }
    assertThat(ink(upright)).isEqualTo(ink(digit()));
  }

  private static long ink(byte[] image) {
    long count = 0;
    for (byte pixel : image) {
      count += (pixel & 0xFF) > 100 ? 1 : 0;
    }
    return count;
  }

  @ParameterizedTest
  @ValueSource(ints = {
      BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY, BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB,
      BufferedImage.TYPE_3BYTE_BGR})
  void levelsAreTheSameInEveryKindOfImage(int type) throws IOException {
    BufferedImage image = new BufferedImage(28, 28, type);
    for (int i = 0; i < 784; i++) {
      int level = digit()[i] & 0xFF;
      if (type == BufferedImage.TYPE_BYTE_GRAY || type == BufferedImage.TYPE_USHORT_GRAY) {
        image.getRaster().setSample(i % 28, i / 28, 0, type == BufferedImage.TYPE_BYTE_GRAY ? level : level * 257);
      } else {
        image.setRGB(i % 28, i / 28, 0xFF << 24 | level << 16 | level << 8 | level);
      }
    }
    assertThat(read(image)).isEqualTo(digit());
  }

  @ParameterizedTest
  @ValueSource(ints = {0x000000, 0xFFFFFF})
  void strokesOnTransparentGroundAreFound(int colour) throws IOException {
    BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < 784; i++) {
      image.setRGB(i % 28, i / 28, (digit()[i] & 0xFF) << 24 | colour);
    }
    assertThat(read(image)).isEqualTo(digit());
  }

  @Test
  void paletteOfTwoColoursIsRead() throws IOException {
    BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_BINARY);
    byte[] want = new byte[784];
    for (int i = 0; i < 784; i++) {
      want[i] = (byte) (digit()[i] == 0 ? 0 : 255);
      image.setRGB(i % 28, i / 28, digit()[i] == 0 ? 0xFFFFFFFF : 0xFF000000);
    }
    assertThat(read(image)).isEqualTo(want);
  }

  @Test
  void hugeImageIsThinnedOut() throws IOException {
    byte[] small = read(SmallMnist.picture(digit(), 150, 4300, 4300, 10, 10, true));
    assertThat(ink(small)).isBetween(ink(digit()) - 20, ink(digit()) + 20);
  }

  @Test
  void digitsOfTheDataSetKeepTheirFormAtEverySize() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      ImageDataset data = SmallMnist.digits(arena).test();
      for (int i = 0; i < 20; i++) {
        byte[] digit = SmallMnist.pixels(data, i);
        byte[] large = read(SmallMnist.picture(digit, 9, 300, 300, 20, 30, true));
        byte[] small = read(SmallMnist.picture(digit, 3, 100, 90, 5, 2, false));
        double difference = 0;
        for (int p = 0; p < 784; p++) {
          difference += Math.abs((large[p] & 0xFF) - (small[p] & 0xFF));
        }
        assertThat(difference / 784).as("mean difference of digit %d", i).isLessThan(2);
      }
    }
  }

  @Test
  void wrongFilesAreNamed() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.png"), "not an image");
    assertThatThrownBy(() -> DigitImage.read(text, 28, 28)).isInstanceOf(IOException.class)
        .hasMessageContaining("notes.png").hasMessageContaining("no image");
    assertThatThrownBy(() -> DigitImage.read(folder.resolve("missing.png"), 28, 28)).isInstanceOf(IOException.class)
        .hasMessageContaining("missing.png: there is no such file");
    assertThatThrownBy(() -> DigitImage.read(folder, 28, 28)).isInstanceOf(IOException.class)
        .hasMessageContaining("a folder");
    Path blank = folder.resolve("blank.png");
    ImageIO.write(new BufferedImage(30, 30, BufferedImage.TYPE_INT_RGB), "png", blank.toFile());
    assertThatThrownBy(() -> DigitImage.read(blank, 28, 28)).isInstanceOf(IOException.class)
        .hasMessageContaining("blank.png").hasMessageContaining("no digit");
  }

  @Test
  void damagedImagesAreNamedOrReadNeverACrash() throws IOException {
    Path whole = folder.resolve("whole.png");
    ImageIO.write(SmallMnist.picture(digit(), 3, 100, 100, 5, 5, true), "png", whole.toFile());
    byte[] bytes = Files.readAllBytes(whole);
    Path damaged = folder.resolve("damaged.png");
    int refused = 0;
    for (int i = 8; i < bytes.length; i += 3) {
      byte[] copy = i % 2 == 0 ? Arrays.copyOf(bytes, i) : bytes.clone();
      copy[i - 1] ^= 0x55;
      Files.write(damaged, copy);
      try {
        DigitImage.read(damaged, 28, 28);
      } catch (IOException e) {
        refused++;
        assertThat(e).hasMessageContaining("damaged.png");
      }
    }
    assertThat(refused).isPositive();
  }
}
