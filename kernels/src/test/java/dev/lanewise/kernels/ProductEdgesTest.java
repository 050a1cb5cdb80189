package dev.lanewise.kernels;

import static dev.lanewise.kernels.testkit.Data.filled;
import static dev.lanewise.kernels.testkit.Data.with;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.GemmReference;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of IEEE edges in the Javadoc of {@link Gemm}, {@link PackedMatrix} and {@link Im2col}, cell by cell, by every door and on every path. */
class ProductEdgesTest {
  private static final Workers ONE = Crew.of(1);
  private static final float NAN = Float.NaN;
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  /** Which door; each computes the same product. */
  enum Door {
    MULTIPLY,
    BATCHED,
    PACKED;

    void run(int m, int n, int k, float[] a, float[] b, MemorySegment c, boolean accumulate, Epilogue epilogue) {
      MemorySegment left = Data.segment(a);
      MemorySegment right = Data.segment(b);
      switch (this) {
        case MULTIPLY -> Gemm.multiply(false, false, m, n, k, left, k, right, n, c, n, accumulate, epilogue, ONE);
        case BATCHED -> Gemm.multiplyBatched(
            1, false, false, m, n, k, left, k, 0, right, n, 0, c, n, (long) m * n, accumulate, epilogue, ONE);
        case PACKED -> {
          try (Arena arena = Arena.ofConfined()) {
            PackedMatrix packed = PackedMatrix.of(k, n, arena);
            packed.pack(false, right, n, ONE);
            Gemm.multiplyPacked(false, m, left, k, packed, c, n, accumulate, epilogue, ONE);
          }
        }
      }
    }

    float[] product(int m, int n, int k, float[] a, float[] b, float[] start, Epilogue epilogue) {
      Guarded c = Guarded.nanFilled(m * n);
      if (start.length > 0) {
        c.segment().copyFrom(Data.segment(start));
      }
      run(m, n, k, a, b, c.segment(), start.length > 0, epilogue);
      assertThat(c.guardsIntact()).isTrue();
      return c.floats();
    }
  }

  /** By rows, in place, narrow, blocked with and without packing, through every door. */
  static Stream<Arguments> paths() {
    int[][] sizes = {{1, 40, 5}, {3, 7, 40}, {6, 40, 3}, {14, 5, 9}, {14, 64, 300}, {26, 33, 300}};
    return Stream.of(sizes).flatMap(size -> Stream.of(Door.values()).map(door -> Arguments.of(door, size[0], size[1], size[2])));
  }

  /** Row and column are -1 for all. */
  private static void onlyAt(float[] c, int n, int row, int column, float bad, float good) {
    for (int i = 0; i < c.length; i++) {
      boolean hit = (row < 0 || i / n == row) && (column < 0 || i % n == column);
      assertThat(c[i]).as("row %d, column %d", i / n, i % n).isEqualTo(Float.valueOf(hit ? bad : good));
    }
  }

  @ParameterizedTest
  @MethodSource("paths")
  void aNanOrAnInfinityReachesItsRowItsColumnOrItsElement(Door door, int m, int n, int k) {
    float[] none = {};
    int row = m - 1;
    int column = n - 1;
    for (float bad : new float[] {NAN, INFINITY, -INFINITY}) {
      onlyAt(door.product(m, n, k, with(filled(m * k, 1f), row * k + k / 2, bad), filled(k * n, 2f), none, Epilogue.NONE), n, row, -1, bad,
          2f * k);
      onlyAt(door.product(m, n, k, filled(m * k, 1f), with(filled(k * n, 2f), k / 2 * n + column, bad), none, Epilogue.NONE), n, -1, column,
          bad, 2f * k);
      onlyAt(
          door.product(m, n, k, filled(m * k, 1f), filled(k * n, 2f), none, Epilogue.bias(Data.segment(with(filled(n, 1f), column, bad)))),
          n, -1, column, bad, 2f * k + 1);
      onlyAt(
          door.product(m, n, k, filled(m * k, 1f), filled(k * n, 2f), with(filled(m * n, 1f), row * n + column, bad), Epilogue.NONE), n,
          row, column, bad, 2f * k + 1);
    }
  }

  @ParameterizedTest
  @MethodSource("paths")
  void infinityTimesZeroAndInfinitiesOfBothSignsAreNan(Door door, int m, int n, int k) {
    float[] none = {};
    float[] zero = with(filled(m * k, 1f), 0, 0f);
    float[] row = filled(k * n, 2f);
    Arrays.fill(row, 0, n, INFINITY);
    onlyAt(door.product(m, n, k, zero, row, none, Epilogue.NONE), n, 0, -1, NAN, INFINITY);
    float[] both = with(with(filled(m * k, 1f), 0, INFINITY), k - 1, -INFINITY);
    onlyAt(door.product(m, n, k, both, filled(k * n, 2f), none, Epilogue.NONE), n, 0, -1, NAN, 2f * k);
  }

  @ParameterizedTest
  @MethodSource("paths")
  void zerosOfEitherSignGivePlusZeroUnlessTheChainStartsFromMinusZeroAndMeetsNoOther(Door door, int m, int n, int k) {
    float[] none = {};
    float[] minus = filled(m * k, -0f);
    onlyAt(door.product(m, n, k, minus, filled(k * n, 2f), none, Epilogue.NONE), n, -1, -1, 0f, NAN);
    onlyAt(door.product(m, n, k, minus, filled(k * n, 2f), filled(m * n, -0f), Epilogue.NONE), n, -1, -1, -0f, NAN);
    onlyAt(
        door.product(m, n, k, with(minus.clone(), k / 2, 0f), filled(k * n, 2f), filled(m * n, -0f), Epilogue.NONE), n, 0, -1, 0f, -0f);
    onlyAt(door.product(m, n, 0, none, none, filled(m * n, -0f), Epilogue.NONE), n, -1, -1, -0f, NAN);
    onlyAt(door.product(m, n, 0, none, none, none, Epilogue.NONE), n, -1, -1, 0f, NAN);
  }

  @ParameterizedTest
  @MethodSource("paths")
  void whatOverflowsOnTheWayStaysInfiniteAndWhatIsSubnormalIsKept(Door door, int m, int n, int k) {
    float[] none = {};
    float[] large = new float[m * k];
    for (int i = 0; i < m; i++) {
      large[i * k] = 3e38f;
      large[i * k + 1] = 3e38f;
      large[i * k + 2] = -3e38f;
    }
    onlyAt(door.product(m, n, k, large, filled(k * n, 1f), none, Epilogue.NONE), n, -1, -1, INFINITY, NAN);
    float[] back = large.clone();
    for (int i = 0; i < m; i++) {
      back[i * k + 2] = -INFINITY;
    }
    onlyAt(door.product(m, n, k, back, filled(k * n, 1f), none, Epilogue.NONE), n, -1, -1, NAN, 0f);
    onlyAt(door.product(m, n, k, filled(m * k, Float.MIN_VALUE), filled(k * n, 1f), none, Epilogue.NONE), n, -1, -1, k * Float.MIN_VALUE,
        NAN);
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void aBadEntryOfABatchAndWhatFillsUpATileSpoilNobodyElse(Door door) {
    if (door == Door.BATCHED) {
      Guarded c = Guarded.nanFilled(3 * 40);
      Gemm.multiplyBatched(
          3, false, false, 1, 40, 2, Data.segment(1f, 1f, NAN, 1f, 1f, 1f), 2, 2, Data.segment(filled(80, 2f)), 40, 0, c.segment(), 40, 40,
          false, Epilogue.NONE, ONE);
      onlyAt(c.floats(), 40, 1, -1, NAN, 4f);
    } else {
      // A column beside what fills up the tile is the last one: by an infinite A the filling would be NaN, and so would be what it touched.
      onlyAt(door.product(14, 33, 3, filled(42, INFINITY), filled(99, 2f), new float[0], Epilogue.NONE), 33, -1, -1, INFINITY, NAN);
    }
  }

  /** Edges of every kind at once: where they meet, the twin says what comes of it. */
  @ParameterizedTest
  @MethodSource("paths")
  void edgesThatMeetHaveTheBitsOfTheTwin(Door door, int m, int n, int k) {
    float[] b = Data.seeded(m + n + k).edgy(k * n);
    float[] a = Data.seeded(k).uniform(m * k, -1, 1);
    Guarded want = Guarded.nanFilled(m * n);
    GemmReference.fmaOrder(false, false, m, n, k, Data.segment(a), k, Data.segment(b), n, want.segment(), n, false, Epilogue.NONE);
    assertThat(door.product(m, n, k, a, b, new float[0], Epilogue.NONE)).isEqualTo(want.floats());
  }

  @ParameterizedTest
  @EnumSource(Pixel.class)
  void aPatchMatrixHoldsEachPixelsBitsWhereverItIsSeenAndPlusZeroElsewhere(Pixel pixel) {
    Conv2d conv = Conv2d.of(3, 3, 1, 2, 2, 1, 1, 1, 1, 0, 1, 0, 1, 1);
    float[] x = filled(9, 1f);
    MemorySegment images = Data.segment(x);
    images.setAtIndex(JAVA_INT, 4, pixel.bits);
    Guarded p = Guarded.nanFilled(9 * 4);
    Im2col.run(conv.geometry(), 1, images, p.segment());
    assertThat(p.guardsIntact()).isTrue();
    for (int output = 0; output < 9; output++) {
      for (int tap = 0; tap < 4; tap++) {
        int row = output / 3 - 1 + tap / 2;
        int column = output % 3 - 1 + tap % 2;
        int want = row < 0 || column < 0 ? 0 : row == 1 && column == 1 ? pixel.bits : Float.floatToRawIntBits(1f);
        // Not Guarded.bits(): that makes all NaNs one.
        assertThat(p.segment().getAtIndex(JAVA_INT, output * 4 + tap)).as("output %d, tap %d", output, tap).isEqualTo(want);
      }
    }
  }

  /** What a pixel may hold: a NaN with a payload, a signalling one, infinities, zeros, a subnormal number. */
  enum Pixel {
    NAN_WITH_PAYLOAD(0x7fc0_1234),
    SIGNALLING_NAN(0xff80_0001),
    INFINITE(0x7f80_0000),
    MINUS_INFINITE(0xff80_0000),
    MINUS_ZERO(0x8000_0000),
    SUBNORMAL(1);

    private final int bits;

    Pixel(int bits) {
      this.bits = bits;
    }
  }
}
