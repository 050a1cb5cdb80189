package dev.lanewise.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.eclipse.collections.impl.bag.mutable.primitive.IntHashBag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The real data set, where it is to be had. */
@EnabledIfEnvironmentVariable(named = "LANEWISE_DATA", matches = ".+", disabledReason = "set LANEWISE_DATA to a folder that holds MNIST")
class MnistFilesTest {

  @Test
  void theRealDigitsAreAllThere() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Splits mnist = Mnist.search().data(Path.of(System.getenv("LANEWISE_DATA"))).load(arena);
      assertThat(mnist.name()).isEqualTo("mnist");
      assertThat(mnist.train().size()).isEqualTo(60_000);
      assertThat(mnist.test().size()).isEqualTo(10_000);
      assertThat(mnist.train().inputShape()).isEqualTo(Shape.of(28, 28, 1));
      int[] first = new int[10];
      for (int i = 0; i < 10; i++) {
        first[i] = mnist.train().label(i);
      }
      assertThat(first).containsExactly(5, 0, 4, 1, 9, 2, 1, 3, 1, 4);
      IntHashBag counts = new IntHashBag();
      for (int i = 0; i < 10_000; i++) {
        counts.add(mnist.test().label(i));
      }
      assertThat(IntStream.range(0, 10).map(counts::occurrencesOf).toArray())
          .containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
    }
  }
}
