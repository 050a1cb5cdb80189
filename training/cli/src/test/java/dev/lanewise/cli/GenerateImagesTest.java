package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train vae}, {@code train gan} and {@code generate}. */
class GenerateImagesTest {
  @TempDir static Path data;
  @TempDir static Path home;

  @BeforeAll
  static void train() throws IOException {
    SmallMnist.write(data);
    Command.Result result = Command.of("train", "vae", "--data", data.toString(), "--limit", "256", "--epochs", "1", "--latent", "4",
        "--threads", "2", "--out", "./vae.model", "--json", "./run.json").runHere(home);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("Encoder", "Decoder of 4 latent variables", "reconstruction", "kl", "test  ");
    assertThat(Files.readString(home.resolve("run.json"))).contains("\"model\" : \"vae\"", "\"reconstruction\"", "\"testLoss\"");
  }

  private static BufferedImage generate(String... more) throws IOException {
    String[] words = new String[more.length + 4];
    System.arraycopy(new String[] {"generate", "./vae.model", "--out", "./grid.png"}, 0, words, 0, 4);
    System.arraycopy(more, 0, words, 4, more.length);
    Command.Result result = Command.of(words).runHere(home);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).contains("written to " + home.resolve("grid.png"));
    return ImageIO.read(home.resolve("grid.png").toFile());
  }

  private static void isGrid(BufferedImage image, int rows, int columns) {
    assertThat(image.getWidth()).isEqualTo(2 + columns * 30);
    assertThat(image.getHeight()).isEqualTo(2 + rows * 30);
  }

  @Test
  void drawsImagesOfItsSeed() throws IOException {
    BufferedImage image = generate("--images", "12");
    isGrid(image, 3, 4);
    byte[] first = Files.readAllBytes(home.resolve("grid.png"));
    generate("--images", "12", "--threads", "2");
    assertThat(Files.readAllBytes(home.resolve("grid.png"))).isEqualTo(first);
    generate("--images", "12", "--seed", "2");
    assertThat(Files.readAllBytes(home.resolve("grid.png"))).isNotEqualTo(first);
  }

  @Test
  void walksAndReconstructs() throws IOException {
    isGrid(generate("--walk", "--images", "30"), 3, 10);
    // Ten test images and what becomes of them: three pairs of rows of four, the last with two places empty.
    BufferedImage pairs = generate("--reconstruct", "--images", "10", "--data", data.toString());
    isGrid(pairs, 6, 4);
  }

  @Test
  void whatCannotBeDrawnIsSaid() {
    assertThat(Command.of("generate", "./vae.model").runHere(home).err()).contains("where to? Give the image to write: --out grid.png");
    assertThat(Command.of("generate", "./vae.model", "--out", "./x.png", "--prompt", "a").runHere(home).err())
        .contains("--prompt is for text but this model draws images");
    assertThat(Command.of("generate", "./vae.model", "--out", "./x.png", "--walk", "--reconstruct").runHere(home).err())
        .contains("give one of them");
  }

  @Test
  void aGanDrawsAndIsJudgedByAClassifier() throws IOException {
    Command.Result cnn = Command.of("train", "cnn", "--data", data.toString(), "--limit", "256", "--epochs", "1", "--out", "./cnn.model")
        .runHere(home);
    assertThat(cnn.code()).as(cnn.err()).isZero();
    Command.Result gan = Command.of("train", "gan", "--data", data.toString(), "--limit", "128", "--epochs", "1", "--threads", "2",
        "--judge", "./cnn.model", "--out", "./gan.model", "--json", "./gan.json").runHere(home);
    assertThat(gan.code()).as(gan.err()).isZero();
    assertThat(gan.out()).contains("Generator", "Discriminator", "discriminator loss", "classScore");
    assertThat(Files.readString(home.resolve("gan.json"))).contains("\"recognised\"", "\"smallestShare\"", "\"largestShare\"",
        "\"classScore\"");
    Command.Result drawn = Command.of("generate", "./gan.model", "--out", "./gan.png", "--images", "9").runHere(home);
    assertThat(drawn.code()).as(drawn.err()).isZero();
    isGrid(ImageIO.read(home.resolve("gan.png").toFile()), 3, 3);
    assertThat(Command.of("generate", "./gan.model", "--out", "./x.png", "--reconstruct").runHere(home).err()).contains("a gan only draws");
    assertThat(Command.of("train", "gan", "--data", data.toString(), "--judge", "./vae.model").runHere(home).err())
        .contains("is a model of vae; a classifier of images is needed");
  }
}
