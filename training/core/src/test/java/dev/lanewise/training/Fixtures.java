package dev.lanewise.training;

import dev.lanewise.layers.Activation;
import dev.lanewise.layers.Conv2d;
import dev.lanewise.layers.Dense;
import dev.lanewise.layers.Dropout;
import dev.lanewise.layers.Flatten;
import dev.lanewise.layers.MaxPool2d;
import dev.lanewise.layers.Sequential;
import dev.lanewise.layers.Softmax;
import dev.lanewise.tensor.Shape;
import dev.lanewise.training.data.ImageDataset;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/** A data set and a network small enough to train in a blink and with every kind of randomness that a run has. */
final class Fixtures {
  static final int SIDE = 8;
  static final int CLASSES = 4;

  private Fixtures() {}

  /** Images with a bright bar whose place is the class, under noise that makes some of them hard. */
  static ImageDataset bars(Arena arena, int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] pixels = new byte[n * SIDE * SIDE];
    byte[] labels = new byte[n];
    for (int i = 0; i < n; i++) {
      int label = random.nextInt(CLASSES);
      labels[i] = (byte) label;
      for (int row = 0; row < SIDE; row++) {
        for (int col = 0; col < SIDE; col++) {
          int ink = row / 2 == label ? 120 : 0;
          pixels[(i * SIDE + row) * SIDE + col] = (byte) (ink + random.nextInt(135));
        }
      }
    }
    return ImageDataset.copyOf(arena, pixels, labels, SIDE, SIDE, CLASSES);
  }

  /** Convolution, pooling, dropout and softmax: 2,340 parameters or so. */
  static Sequential network(Arena arena, long seed) {
    return Sequential.build(Shape.of(SIDE, SIDE, 1), seed, arena,
        Conv2d.of(6, 3, Activation.RELU),
        MaxPool2d.of(2),
        Flatten.of(),
        Dense.of(16, Activation.RELU),
        Dropout.of(0.25f),
        Dense.of(CLASSES),
        Softmax.of());
  }

  /** A trainer with all that a checkpoint must remember: moments, a schedule, a metric. */
  static Trainer trainer(Sequential model, long seed) {
    return Trainer.of(model)
        .loss(Loss.SPARSE_CATEGORICAL_CROSSENTROPY)
        .optimizer(Adam.of(3e-3f))
        .schedule(Schedule.parse("cosine:warmup=5"))
        .metrics(Metric.accuracy(), Metric.topK(2))
        .dataName("bars")
        .seed(seed);
  }
}
