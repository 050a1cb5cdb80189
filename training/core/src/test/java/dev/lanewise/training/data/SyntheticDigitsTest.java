package dev.lanewise.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SyntheticDigitsTest {
  private final Arena arena = Arena.ofShared();

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void anImageDependsOnSeedAndIndexAlone() {
    ImageDataset few = draw(700, 10, 1, null).train();
    ExecutorService executor = Executors.newFixedThreadPool(3);
    ImageDataset many = draw(2600, 10, 1, executor).train();
    executor.shutdown();
    ImageDataset other = draw(700, 10, 2, null).train();
    ImageDataset refused = draw(2600, 10, 1, executor).train();
    int differing = 0;
    for (int i = 0; i < 700; i++) {
      assertThat(many.label(i)).isEqualTo(few.label(i));
      assertThat(image(many, i)).isEqualTo(image(few, i)).isEqualTo(image(refused, i));
      differing += java.util.Arrays.equals(image(other, i), image(few, i)) ? 0 : 1;
    }
    assertThat(differing).isEqualTo(700);
  }

  /** Figures reached on these digits stay comparable only as long as they stay as they are. */
  @Test
  void theDataSetIsThisOneOnEveryMachine() {
    ImageDataset digits = draw(1000, 10, SyntheticDigits.SEED, null).train();
    CRC32 crc = new CRC32();
    for (int i = 0; i < 1000; i++) {
      crc.update(digits.label(i));
      crc.update(image(digits, i));
    }
    assertThat(Long.toHexString(crc.getValue())).isEqualTo("29b75906");
  }

  @Test
  void testImagesAreOthersAndDoNotDependOnTheTrainingImages() {
    Splits a = draw(20, 200, 1, null);
    Splits b = draw(500, 200, 1, null);
    assertThat(a.name()).isEqualTo("synthetic");
    for (int i = 0; i < 200; i++) {
      assertThat(image(a.test(), i)).isEqualTo(image(b.test(), i)).isNotEqualTo(image(b.train(), i));
    }
  }

  @Test
  void eachTenImagesHoldEachDigitOnceInNoFixedOrder() {
    ImageDataset digits = draw(1000, 10, 1, null).train();
    int first = 0;
    for (int ten = 0; ten < 100; ten++) {
      int seen = 0;
      for (int i = 0; i < 10; i++) {
        seen |= 1 << digits.label(10 * ten + i);
      }
      assertThat(seen).isEqualTo(1023);
      first |= 1 << digits.label(10 * ten);
    }
    assertThat(first).isEqualTo(1023);
  }

  @Test
  void imagesAreMadeInTheMannerOfMnist() {
    ImageDataset digits = draw(1000, 10, 1, null).train();
    for (int i = 0; i < digits.size(); i++) {
      double mass = 0;
      double rows = 0;
      double columns = 0;
      int darkest = 0;
      for (int r = 0; r < 28; r++) {
        for (int c = 0; c < 28; c++) {
          int value = digits.pixel(i, r, c);
          mass += value;
          rows += value * r;
          columns += value * c;
          darkest = Math.max(darkest, value);
        }
      }
      assertThat(mass / 784).as("image %d's mean", i).isBetween(6.0, 110.0);
      assertThat(rows / mass).isCloseTo(14, within(1.0));
      assertThat(columns / mass).isCloseTo(14, within(1.0));
      assertThat(darkest).isGreaterThan(160);
      assertThat(digits.pixel(i, 0, 0)).isZero();
    }
  }

  /** MNIST itself gives 82 % here. Chance gives 10 %: far more than that proves that the classes differ. */
  @Test
  void theNearestMeanTellsMostDigits() {
    Splits digits = draw(4000, 1000, 1, null);
    double[][] means = new double[10][784];
    for (int i = 0; i < 4000; i++) {
      byte[] image = image(digits.train(), i);
      for (int p = 0; p < 784; p++) {
        means[digits.train().label(i)][p] += (image[p] & 0xFF) / 400.0;
      }
    }
    int[] right = new int[10];
    for (int i = 0; i < 1000; i++) {
      byte[] image = image(digits.test(), i);
      int best = 0;
      double least = Double.MAX_VALUE;
      for (int digit = 0; digit < 10; digit++) {
        double distance = 0;
        for (int p = 0; p < 784; p++) {
          double d = means[digit][p] - (image[p] & 0xFF);
          distance += d * d;
        }
        if (distance < least) {
          least = distance;
          best = digit;
        }
      }
      if (best == digits.test().label(i)) {
        right[best]++;
      }
    }
    for (int digit = 0; digit < 10; digit++) {
      assertThat(right[digit]).as("of 100 images of digit %d", digit).isGreaterThanOrEqualTo(50);
    }
    System.out.println("synthetic digits, nearest mean: " + java.util.Arrays.stream(right).sum() + " of 1000");
  }

  @Test
  void refusesNoImages() {
    assertThatThrownBy(() -> draw(0, 1, 1, null)).hasMessageContaining("0 images");
  }

  private Splits draw(int train, int test, long seed, @Nullable ExecutorService executor) {
    return SyntheticDigits.splits(train, test, seed, arena, executor);
  }

  private static byte[] image(ImageDataset data, int index) {
    byte[] image = new byte[784];
    data.copyPixels(index, image);
    return image;
  }
}
