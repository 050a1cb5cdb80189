package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.Tensor;
import dev.lanewise.training.EpochLog;
import dev.lanewise.training.Evaluation;
import dev.lanewise.training.History;
import dev.lanewise.training.data.ValueDataset;
import dev.lanewise.training.models.Cnn;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JSON of runs that have other figures than the digits' accuracy. */
class RunReportTest {
  @TempDir Path folder;

  private static EpochLog epoch(int number, double loss) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", loss);
    values.put("val_loss", loss + 1);
    return new EpochLog(number, values, 0.001f, 2, 100);
  }

  private String json(Course course, @Nullable Evaluation test, Map<String, Double> outcome) throws IOException {
    History history = new History(List.of(epoch(1, 3), epoch(2, 2)), "");
    Path file = folder.resolve("run.json");
    JsonFile.write(file, new RunReport("gpt", course, 1, 2, 7, history, test, outcome, 0, 100, "00")::write);
    return Files.readString(file).replaceAll("\\s", "");
  }

  @Test
  void headlinesStandAtTheTopAndTokensAreCounted() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Tensor two = Tensor.allocate(arena, Shape.of(2, 1));
      Course course = Course.of("shakespeare", Cnn.article(), ValueDataset.of(two, two), Course.Unit.tokens(64));
      assertThat(json(course.withHeadlines("valLoss", "testRmse"), new Evaluation(5, Map.of("rmse", 6.0), 2), Map.of("class_score", 8.5)))
          // Two epochs of 100 windows of 64 tokens in 2 seconds.
          .contains("{\"loss\":3.0,\"valLoss\":4.0,\"seconds\":2.0,\"tokensPerSecond\":3200.0}")
          .contains("\"test\":{\"loss\":5.0,\"rmse\":6.0},\"valLoss\":3.0,\"testRmse\":6.0,\"classScore\":8.5,\"tokensPerSecond\":3200.0,")
          // Nobody counted the useful work of this one.
          .doesNotContain("usefulGflops", "peakFraction").contains("\"peakGflops\":100.0");
      assertThat(json(course, null, Map.of())).doesNotContain("\"test\"").doesNotContain("valLoss\":3.0,\"tokens");
    }
  }

  @Test
  void figuresForPeople() {
    assertThat(Figures.ofEpoch(epoch(1, 3))).isEqualTo("loss 3.0000  val loss 4.0000");
    assertThat(Figures.ofTest(new Evaluation(5, Map.of("accuracy", 0.987), 1200), "images", "mnist"))
        .isEqualTo("loss 5.0000, accuracy 98.70% on 1,200 images (mnist)");
    assertThat(Figures.field("val_top_2_accuracy")).isEqualTo("valTop2Accuracy");
  }

  @Test
  void optionsForTextAndForImagesDoNotMix() {
    GenerateOptions options = new GenerateOptions();
    options.requireText(true);
    options.requireText(false);
    options.images = 3;
    assertThatThrownBy(() -> options.requireText(true)).hasMessage("--images is for images but this model writes text");
    options.images = null;
    options.topP = 0.5f;
    assertThatThrownBy(() -> options.requireText(false)).hasMessage("--top-p is for text but this model draws images");
  }
}
