package dev.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanewise.kernels.reference.ElementwiseReference;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import dev.lanewise.kernels.testkit.Sizes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;

class ElementwiseProperties {
  /** Operations of two operands and one result. */
  enum Binary {
    ADD(Elementwise::add, ElementwiseReference::add) {
      @Override
      double truth(double x, double y) {
        return x + y;
      }
    },
    SUBTRACT(Elementwise::subtract, ElementwiseReference::subtract) {
      @Override
      double truth(double x, double y) {
        return x - y;
      }
    },
    MULTIPLY(Elementwise::multiply, ElementwiseReference::multiply) {
      @Override
      double truth(double x, double y) {
        return x * y;
      }
    };

    final Door door;
    final Door twin;

    Binary(Door door, Door twin) {
      this.door = door;
      this.twin = twin;
    }

    /** In double: products are exact, and sums rounded to double and then to float are what rounding once gives (Figueroa 1995). */
    abstract double truth(double x, double y);
  }

  interface Door {
    void apply(long n, MemorySegment x, MemorySegment y, MemorySegment z);
  }

  @Property(tries = 300)
  void binaryOperationsHaveTheBitsOfTheTwinAndOfTheTruthRoundedOnceAlsoInPlace(
      @ForAll Binary op, @ForAll(supplier = Sizes.Straddling.class) int n, @ForAll long seed) {
    Guarded x = Guarded.of(Data.seeded(seed).edgy(n));
    Guarded y = Guarded.of(Data.seeded(~seed).edgy(n));
    Guarded got = Guarded.nanFilled(n);
    Guarded want = Guarded.nanFilled(n);
    op.door.apply(n, x.segment(), y.segment(), got.segment());
    op.twin.apply(n, x.segment(), y.segment(), want.segment());
    assertThat(got.bits()).isEqualTo(want.bits());
    assertThat(got.guardsIntact()).isTrue();
    for (int i = 0; i < n; i++) {
      assertThat(got.bits()[i]).isEqualTo(Float.floatToIntBits((float) op.truth(x.floats()[i], y.floats()[i])));
    }
    Guarded overY = Guarded.of(y.floats());
    op.door.apply(n, x.segment(), overY.segment(), overY.segment());
    assertThat(overY.bits()).isEqualTo(want.bits());
    op.door.apply(n, x.segment(), y.segment(), x.segment());
    assertThat(x.bits()).isEqualTo(want.bits());
    assertThat(x.guardsIntact() && overY.guardsIntact()).isTrue();
  }

  @Property(tries = 200)
  void scaleAxpyAndFillHaveTheBitsOfTheTwinAlsoInPlace(
      @ForAll(supplier = Sizes.Straddling.class) int n, @ForAll @FloatRange(min = -3f, max = 3f) float a, @ForAll long seed) {
    Guarded x = Guarded.of(Data.seeded(seed).edgy(n));
    float[] y = Data.seeded(~seed).edgy(n);
    Guarded got = Guarded.of(y);
    Guarded want = Guarded.of(y);
    Elementwise.axpy(n, a, x.segment(), got.segment());
    ElementwiseReference.axpy(n, a, x.segment(), want.segment());
    assertThat(got.bits()).isEqualTo(want.bits());
    Elementwise.scale(n, a, x.segment(), got.segment());
    ElementwiseReference.scale(n, a, x.segment(), want.segment());
    assertThat(got.bits()).isEqualTo(want.bits());
    Elementwise.scale(n, a, x.segment(), x.segment());
    assertThat(x.bits()).isEqualTo(want.bits());
    Elementwise.fill(n, a, got.segment());
    ElementwiseReference.fill(n, a, want.segment());
    assertThat(got.bits()).isEqualTo(want.bits());
    assertThat(got.guardsIntact() && x.guardsIntact()).isTrue();
  }

  @Property(tries = 200)
  void addRowHasTheBitsOfTheTwinAlsoInPlace(
      @ForAll @IntRange(min = 0, max = 5) int rows, @ForAll(supplier = Sizes.Straddling.class) int cols, @ForAll long seed) {
    Guarded x = Guarded.of(Data.seeded(seed).edgy(rows * cols));
    Guarded row = Guarded.of(Data.seeded(~seed).edgy(cols));
    Guarded got = Guarded.nanFilled(rows * cols);
    Guarded want = Guarded.nanFilled(rows * cols);
    Elementwise.addRow(rows, cols, x.segment(), row.segment(), got.segment());
    ElementwiseReference.addRow(rows, cols, x.segment(), row.segment(), want.segment());
    assertThat(got.bits()).isEqualTo(want.bits());
    Elementwise.addRow(rows, cols, x.segment(), row.segment(), x.segment());
    assertThat(x.bits()).isEqualTo(want.bits());
    assertThat(got.guardsIntact() && x.guardsIntact()).isTrue();
  }

  @Property(tries = 200)
  void scaleBytesHasTheBitsOfTheTwinAtAnyAddress(
      @ForAll @IntRange(min = 0, max = 80) int n, @ForAll @IntRange(min = 0, max = 3) int skip, @ForAll long seed) {
    MemorySegment bytes = Arena.ofAuto().allocate(n + skip + 1L).asSlice(skip, n);
    int[] values = Data.seeded(seed).below(n, 256);
    for (int i = 0; i < n; i++) {
      bytes.set(JAVA_BYTE, i, (byte) values[i]);
    }
    Guarded got = Guarded.nanFilled(n);
    Guarded want = Guarded.nanFilled(n);
    Elementwise.scaleBytes(n, bytes, 1 / 255f, got.segment());
    ElementwiseReference.scaleBytes(n, bytes, 1 / 255f, want.segment());
    assertThat(got.bits()).isEqualTo(want.bits());
    assertThat(got.guardsIntact()).isTrue();
    for (int i = 0; i < n; i++) {
      assertThat(got.floats()[i]).isEqualTo(values[i] * (1 / 255f));
    }
  }

  /** In double the product is exact, so nothing but the sum's last place stands between the truth and what is compared with. */
  @Property(tries = 200)
  void everyOperationRoundsOnce(
      @ForAll(supplier = Sizes.NonZero.class) int n, @ForAll @FloatRange(min = -3f, max = 3f) float a, @ForAll long seed) {
    float[] x = Data.seeded(seed).uniform(n, -9f, 9f);
    float[] y = Data.seeded(~seed).uniform(n, -9f, 9f);
    double[] scaled = new double[n];
    double[] summed = new double[n];
    double[] added = new double[n];
    for (int i = 0; i < n; i++) {
      scaled[i] = (double) a * x[i];
      summed[i] = (double) a * x[i] + y[i];
      added[i] = (double) x[i] + y[i];
    }
    Guarded z = Guarded.nanFilled(n);
    Elementwise.scale(n, a, Data.segment(x), z.segment());
    holdsOnce(scaled, z);
    Guarded sum = Guarded.of(y);
    Elementwise.axpy(n, a, Data.segment(x), sum.segment());
    holdsOnce(summed, sum);
    Elementwise.addRow(1, n, Data.segment(x), Data.segment(y), z.segment());
    holdsOnce(added, z);
    for (Binary op : Binary.values()) {
      op.door.apply(n, Data.segment(x), Data.segment(y), z.segment());
      double[] want = new double[n];
      for (int i = 0; i < n; i++) {
        want[i] = op.truth(x[i], y[i]);
      }
      holdsOnce(want, z);
    }
  }

  private static void holdsOnce(double[] want, Guarded got) {
    Bounds.gamma(1).times(Arrays.stream(want).map(Math::abs).toArray()).plusUnderflows(1).holds(got.floats(), want);
  }

  @Property(tries = 100)
  void copyMovesBitsEvenBetweenOverlappingOperands(
      @ForAll(supplier = Sizes.NonZero.class) int n, @ForAll @IntRange(min = 0, max = 20) int shift, @ForAll long seed) {
    int[] x = Data.seeded(seed).patterns(n + shift);
    Guarded memory = Guarded.ofInts(x);
    Elementwise.copy(n, memory.segment(), memory.segment().asSlice(4L * shift));
    assertThat(Arrays.copyOfRange(memory.ints(), shift, n + shift)).isEqualTo(Arrays.copyOf(x, n));
    assertThat(memory.guardsIntact()).isTrue();
  }

  @Property(tries = 100)
  void fillWritesTheBitsOfItsValue(@ForAll(supplier = Sizes.NonZero.class) int n, @ForAll long seed) {
    int bits = Data.seeded(seed).patterns(1)[0];
    Guarded got = Guarded.nanFilled(n);
    Elementwise.fill(n, Float.intBitsToFloat(bits), got.segment());
    assertThat(got.ints()).containsOnly(bits);
    Guarded twin = Guarded.nanFilled(n);
    ElementwiseReference.fill(n, Float.intBitsToFloat(bits), twin.segment());
    assertThat(twin.ints()).containsOnly(bits);
    assertThat(got.guardsIntact()).isTrue();
  }

  @Example
  void refusesWhatItCannotDo() {
    MemorySegment x = Data.segment(new float[8]);
    MemorySegment y = Data.segment(new float[8]);
    MemorySegment heap = MemorySegment.ofArray(new float[8]);
    assertThatThrownBy(() -> Elementwise.add(9, x, y, x)).hasMessageContaining("x holds 8 elements but 9 are needed");
    assertThatThrownBy(() -> Elementwise.add(7, x, y, y.asSlice(4))).hasMessageContaining("the result overlaps y");
    assertThatThrownBy(() -> Elementwise.axpy(7, 1f, x, x.asSlice(4))).hasMessageContaining("the result overlaps x");
    assertThatThrownBy(() -> Elementwise.multiply(8, x, heap, x)).hasMessageContaining("y is a heap segment");
    assertThatThrownBy(() -> Elementwise.copy(8, heap, x)).hasMessageContaining("x is a heap segment");
    assertThatThrownBy(() -> Elementwise.addRow(2, 4, x, y, y)).hasMessageContaining("y overlaps the row");
    assertThatThrownBy(() -> Elementwise.addRow(3, 4, x, y, x)).hasMessageContaining("x holds 8 elements but 12 are needed");
    assertThatThrownBy(() -> Elementwise.scaleBytes(8, heap, 1f, y)).hasMessageContaining("x is a heap segment");
    assertThatThrownBy(() -> Elementwise.scaleBytes(8, x.asSlice(0, 7), 1f, y))
        .hasMessageContaining("x holds 7 bytes but 8 are needed");
    assertThatThrownBy(() -> Elementwise.scaleBytes(8, x, 1f, x)).hasMessageContaining("y overlaps x");
  }

  @Property(tries = 300)
  void aTransposeHasTheBitsOfTheTwinAndTwoAreNone(
      @ForAll @IntRange(min = 0, max = 50) int rows, @ForAll @IntRange(min = 0, max = 50) int cols, @ForAll long seed) {
    Guarded x = Guarded.ofInts(Data.seeded(seed).patterns(rows * cols));
    Guarded got = Guarded.nanFilled(rows * cols);
    Guarded want = Guarded.nanFilled(rows * cols);
    Elementwise.transpose(rows, cols, x.segment(), got.segment());
    ElementwiseReference.transpose(rows, cols, x.segment(), want.segment());
    assertThat(got.ints()).isEqualTo(want.ints());
    assertThat(got.guardsIntact()).isTrue();
    Guarded back = Guarded.nanFilled(rows * cols);
    Elementwise.transpose(cols, rows, got.segment(), back.segment());
    assertThat(back.ints()).isEqualTo(x.ints());
  }
}
