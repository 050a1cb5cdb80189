package dev.lanewise.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import org.eclipse.collections.api.list.primitive.IntList;
import org.eclipse.collections.impl.list.mutable.primitive.IntArrayList;
import org.eclipse.collections.impl.list.primitive.IntInterval;
import org.jspecify.annotations.Nullable;

class BatchesProperties {
  private static final ExecutorService POOL = Executors.newFixedThreadPool(2);

  private final Arena arena = Arena.ofAuto();

  /** What one batch held, copied. */
  private record Copy(int[] pixels, int[] labels) {
    static Copy of(Batch batch) {
      assertThat(batch.x().dim(0)).isEqualTo(batch.count());
      assertThat(batch.y().dim(0)).isEqualTo(batch.count());
      int[] bits = new int[(int) batch.x().size()];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = Float.floatToRawIntBits(batch.x().get(i));
      }
      return new Copy(bits, batch.y().toArray());
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Copy copy && Arrays.equals(pixels, copy.pixels) && Arrays.equals(labels, copy.labels);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(pixels);
    }
  }

  @AfterContainer
  static void stop() {
    POOL.shutdown();
  }

  @Property(tries = 100)
  void anEpochHasEachExampleOnceAndEpochsDiffer(@ForAll @IntRange(min = 1, max = 150) int size,
      @ForAll @IntRange(min = 1, max = 40) int batchSize, @ForAll long seed) {
    try (Batches batches = Batches.open(numbered(size), batchSize, seed, null, POOL)) {
      IntList first = examples(batches, 0);
      IntList second = examples(batches, 1);
      assertThat(first.toSortedList()).isEqualTo(IntInterval.zeroTo(size - 1));
      assertThat(second.toSortedList()).isEqualTo(first.toSortedList());
      if (size > 20) {
        assertThat(second).isNotEqualTo(first);
      }
      assertThat(examples(batches, 0)).isEqualTo(first);
    }
  }

  @Property(tries = 60)
  void batchesAreTheSameWithAndWithoutAnExecutor(@ForAll @IntRange(min = 1, max = 70) int size,
      @ForAll @IntRange(min = 1, max = 20) int batchSize, @ForAll long seed, @ForAll boolean augmented) {
    Augmentation augmentation = augmented ? Augmentation.mnist() : null;
    List<Copy> alone = epoch(size, batchSize, seed, augmentation, null);
    assertThat(epoch(size, batchSize, seed, augmentation, POOL)).isEqualTo(alone);
    assertThat(epoch(size, batchSize, seed, augmentation, Runnable::run)).isEqualTo(alone);
    assertThat(epoch(size, batchSize, seed, augmentation, task -> {})).isEqualTo(alone);
  }

  @Property(tries = 60)
  void resumingGivesTheRestOfAnUninterruptedEpoch(@ForAll @IntRange(min = 1, max = 70) int size,
      @ForAll @IntRange(min = 1, max = 20) int batchSize, @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 69) int at) {
    List<Copy> whole = epoch(size, batchSize, seed, Augmentation.mnist(), null);
    int skip = at % (whole.size() + 1);
    try (Batches batches = Batches.open(numbered(size), batchSize, seed, Augmentation.mnist(), POOL)) {
      batches.startEpoch(7);
      Batch wasted = batches.next();
      assertThat(wasted).isNotNull();
      batches.startEpoch(3);
      batches.skipTo(skip);
      assertThat(batches.position()).isEqualTo(skip);
      assertThat(rest(batches)).isEqualTo(whole.subList(skip, whole.size()));
    }
  }

  @Property(tries = 40)
  void inOrderKeepsTheOrder(@ForAll @IntRange(min = 1, max = 150) int size,
      @ForAll @IntRange(min = 1, max = 40) int batchSize) {
    try (Batches batches = Batches.inOrder(numbered(size), batchSize, POOL)) {
      assertThat(examples(batches, 5)).isEqualTo(IntInterval.zeroTo(size - 1));
    }
  }

  @Property(tries = 40)
  void orderAndFromSayWhichExamplesABatchHolds(@ForAll @IntRange(min = 1, max = 150) int size,
      @ForAll @IntRange(min = 1, max = 40) int batchSize, @ForAll long seed) {
    try (Batches batches = Batches.open(numbered(size), batchSize, seed, null, POOL)) {
      batches.startEpoch(0);
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        for (int i = 0; i < batch.count(); i++) {
          assertThat(batch.y().get(i)).isEqualTo(batches.order()[batches.from() + i]);
        }
      }
    }
  }

  private List<Copy> epoch(
      int size, int batchSize, long seed, @Nullable Augmentation augmentation, @Nullable Executor ahead) {
    try (Batches batches = Batches.open(numbered(size), batchSize, seed, augmentation, ahead)) {
      batches.startEpoch(3);
      return rest(batches);
    }
  }

  private static List<Copy> rest(Batches batches) {
    List<Copy> copies = new ArrayList<>();
    for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
      copies.add(Copy.of(batch));
    }
    return copies;
  }

  private static IntList examples(Batches batches, int epoch) {
    batches.startEpoch(epoch);
    IntArrayList labels = new IntArrayList();
    for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
      labels.addAll(batch.y().toArray());
    }
    return labels;
  }

  /** Up to 256 random images whose label is their number. */
  private ImageDataset numbered(int size) {
    byte[] labels = new byte[size];
    for (int i = 0; i < size; i++) {
      labels[i] = (byte) i;
    }
    return ImageDataset.copyOf(arena, IdxBytes.pixels(size * 8 * 9, size), labels, 8, 9, 256);
  }
}
