package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.training.data.ImageDataset;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code predict} as a process. */
class PredictTest {
  private static final Pattern ANSWER = Pattern.compile("(?m)^(\\S+\\.png): (\\d) \\(");
  private static final Pattern PROBABILITY = Pattern.compile("(?m)^  \\d  (\\d\\.\\d{6})(  #+)?$");

  @TempDir static Path home;

  @BeforeAll
  static void train() throws IOException {
    SmallMnist.write(home);
    Command.Result result =
        Command.of("train", "cnn", "--data", home.toString(), "--epochs", "4", "--out", "./model").runHere(home);
    assertThat(result.code()).as(result.err()).isZero();
  }

  @Test
  void readsDigitsOfEverySizeAndPolarity() throws IOException {
    List<String> words = new ArrayList<>(List.of("predict", "model"));
    List<Integer> labels = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      ImageDataset digits = SmallMnist.digits(arena).test();
      int[][] sizes = {{1, 28, 28, 0, 0}, {1, 50, 40, 15, 3}, {3, 100, 120, 9, 20}, {8, 300, 260, 40, -8}};
      for (int i = 0; i < 80; i++) {
        int[] size = sizes[i / 2 % 4];
        BufferedImage image =
            SmallMnist.picture(SmallMnist.pixels(digits, i), size[0], size[1], size[2], size[3], size[4], i % 2 == 0);
        String name = "digit" + i + ".png";
        ImageIO.write(image, "png", home.resolve(name).toFile());
        words.add(name);
        labels.add(digits.label(i));
      }
    }

    Command.Result result = Command.of(words.toArray(String[]::new)).run(home);

    assertThat(result.code()).as(result.err()).isZero();
    List<MatchResult> answers = ANSWER.matcher(result.out()).results().toList();
    assertThat(answers).hasSize(80);
    int right = 0;
    for (int i = 0; i < 80; i++) {
      assertThat(answers.get(i).group(1)).isEqualTo("digit" + i + ".png");
      right += answers.get(i).group(2).equals(labels.get(i).toString()) ? 1 : 0;
    }
    // So small a training set teaches more than nine of ten; a polarity or a size that fails would cost an eighth at least.
    assertThat(right).as(result.out()).isGreaterThanOrEqualTo(73);
    List<Double> probabilities =
        PROBABILITY.matcher(result.out()).results().map(line -> Double.valueOf(line.group(1))).toList();
    assertThat(probabilities).hasSize(800);
    for (int i = 0; i < 80; i++) {
      double sum = probabilities.subList(10 * i, 10 * i + 10).stream().mapToDouble(p -> p).sum();
      assertThat(sum).as("image %d", i).isBetween(1 - 10e-6, 1 + 10e-6);
    }
  }

  @Test
  void imageThatCannotBeReadIsNamedAndTheOthersAreRead() throws IOException {
    Files.writeString(home.resolve("text.png"), "no image");
    try (Arena arena = Arena.ofConfined()) {
      byte[] digit = SmallMnist.pixels(SmallMnist.digits(arena).test(), 0);
      ImageIO.write(SmallMnist.picture(digit, 2, 60, 60, 2, 2, true), "png", home.resolve("good.png").toFile());
    }
    Command.Result result = Command.of("predict", "model", "text.png", "good.png", "gone.png").run(home);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.errors().lines()).hasSize(2);
    assertThat(result.errors()).contains("lanewise: text.png: no image").contains("lanewise: gone.png: there is no such file");
    assertThat(ANSWER.matcher(result.out()).results().toList()).hasSize(1);
  }

  @Test
  void damagedModelIsNamed() throws IOException {
    byte[] model = Files.readAllBytes(home.resolve("model"));
    Files.write(home.resolve("cut"), Arrays.copyOf(model, model.length - 1000));
    Command.Result result = Command.of("predict", "cut", "digit0.png").run(home);
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.errors()).contains("cut").hasLineCount(1);
  }
}
