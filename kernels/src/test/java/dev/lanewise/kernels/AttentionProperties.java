package dev.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.AttentionInDouble;
import dev.lanewise.kernels.reference.AttentionReference;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class AttentionProperties {
  private static final Workers ONE = Crew.of(1);
  private static final MemorySegment NONE = MemorySegment.NULL;

  /** Operands of one call, self or cross, and what the door made of them. */
  record Scene(
      int heads, int width, boolean causal, boolean self, int n, int queryRows, int keyRows, Guarded q, Guarded kv, MemorySegment lengths) {
    static Scene of(int heads, int width, boolean causal, boolean self, int n, int queryRows, int keyRows, boolean padded, long seed) {
      int all = heads * width;
      int keys = self ? queryRows : keyRows;
      Guarded q = Guarded.of(Data.seeded(seed).uniform(n * queryRows * all * (self ? 3 : 1), -2f, 2f));
      Guarded kv = self ? q : Guarded.of(Data.seeded(~seed).uniform(n * keys * all * 2, -2f, 2f));
      int[] lengths = Arrays.stream(Data.seeded(seed + 1).below(n, Math.max(1, keys))).map(i -> i + 1).toArray();
      return new Scene(heads, width, causal && self, self, n, queryRows, keys, q, kv,
          padded ? Guarded.ofInts(lengths).segment() : NONE);
    }

    Attention door() {
      return self ? Attention.self(heads, width, causal) : Attention.cross(heads, width);
    }

    AttentionReference twin() {
      int all = heads * width;
      return self
          ? new AttentionReference(heads, width, causal, 3 * all, 3 * all, all, 2 * all)
          : new AttentionReference(heads, width, causal, all, 2 * all, 0, all);
    }

    int[] lengthsOrAll() {
      int[] all = new int[n];
      for (int i = 0; i < n; i++) {
        all[i] = lengths.equals(NONE) ? keyRows : lengths.getAtIndex(JAVA_INT, i);
      }
      return all;
    }

    Guarded output() {
      return Guarded.nanFilled(n * queryRows * heads * width);
    }

    Guarded probabilities() {
      return Guarded.nanFilled(n * heads * queryRows * keyRows);
    }

    /** One of the three operands on its own, in double: [n, rows, heads width]. */
    double[] operand(int which) {
      int all = heads * width;
      int rows = n * (which == 0 ? queryRows : keyRows);
      int stride = self ? 3 * all : which == 0 ? all : 2 * all;
      int column = self ? which * all : which == 2 ? all : 0;
      float[] from = (which == 0 ? q : kv).floats();
      double[] operand = new double[rows * all];
      for (int i = 0; i < operand.length; i++) {
        operand[i] = from[i / all * stride + column + i % all];
      }
      return operand;
    }
  }

  private static int[] infer(Scene s, Workers workers) {
    Guarded y = s.output();
    s.door().infer(s.n, s.queryRows, s.keyRows, s.q.segment(), s.kv.segment(), s.lengths, y.segment(), workers);
    assertThat(y.guardsIntact()).isTrue();
    return y.bits();
  }

  @Property(tries = 300)
  void forwardHasTheBitsOfTheTwinWithAndWithoutProbabilities(
      @ForAll @IntRange(min = 1, max = 3) int heads, @ForAll @IntRange(min = 1, max = 40) int width, @ForAll boolean causal,
      @ForAll boolean self, @ForAll @IntRange(min = 0, max = 3) int n, @ForAll @IntRange(min = 1, max = 50) int queryRows,
      @ForAll @IntRange(min = 1, max = 70) int keyRows, @ForAll boolean padded, @ForAll long seed) {
    Scene s = Scene.of(heads, width, causal, self, n, queryRows, keyRows, padded, seed);
    Guarded want = s.output();
    Guarded wantP = s.probabilities();
    s.twin().forward(n, s.queryRows, s.keyRows, s.q.segment(), s.kv.segment(), s.lengths, wantP.segment(), want.segment(),
        new float[s.keyRows]);
    assertThat(infer(s, ONE)).isEqualTo(want.bits());
    Guarded y = s.output();
    Guarded p = s.probabilities();
    s.door().forward(n, s.queryRows, s.keyRows, s.q.segment(), s.kv.segment(), s.lengths, p.segment(), y.segment(), ONE);
    assertThat(y.bits()).isEqualTo(want.bits());
    assertThat(p.bits()).isEqualTo(wantP.bits());
    assertThat(p.guardsIntact() && y.guardsIntact()).isTrue();
  }

  @Property(tries = 6)
  void headsAndSequencesLongerThanABlockHaveTheBitsOfTheTwin(
      @ForAll @IntRange(min = 155, max = 200) int width, @ForAll boolean causal, @ForAll boolean self,
      @ForAll @IntRange(min = 150, max = 330) int rows, @ForAll boolean padded, @ForAll long seed) {
    Scene s = Scene.of(1, width, causal, self, 1, rows, 2 * rows / 3, padded, seed);
    Guarded want = s.output();
    Guarded p = s.probabilities();
    s.twin().forward(1, s.queryRows, s.keyRows, s.q.segment(), s.kv.segment(), s.lengths, p.segment(), want.segment(),
        new float[s.keyRows]);
    assertThat(infer(s, ONE)).isEqualTo(want.bits());
    backwardHasTheBits(s, p, seed);
  }

  @Property(tries = 300)
  void backwardHasTheBitsOfTheTwin(
      @ForAll @IntRange(min = 1, max = 3) int heads, @ForAll @IntRange(min = 1, max = 40) int width, @ForAll boolean causal,
      @ForAll boolean self, @ForAll @IntRange(min = 0, max = 3) int n, @ForAll @IntRange(min = 1, max = 50) int queryRows,
      @ForAll @IntRange(min = 1, max = 70) int keyRows, @ForAll boolean padded, @ForAll long seed) {
    Scene s = Scene.of(heads, width, causal, self, n, queryRows, keyRows, padded, seed);
    Guarded p = s.probabilities();
    s.door().forward(n, s.queryRows, s.keyRows, s.q.segment(), s.kv.segment(), s.lengths, p.segment(), s.output().segment(), ONE);
    backwardHasTheBits(s, p, seed);
  }

  private static void backwardHasTheBits(Scene s, Guarded p, long seed) {
    Guarded dy = Guarded.of(Data.seeded(seed + 2).uniform(s.n * s.queryRows * s.heads * s.width, -1f, 1f));
    Guarded wantQ = Guarded.nanFilled(s.q.floats().length);
    Guarded wantKv = s.self ? wantQ : Guarded.nanFilled(s.kv.floats().length);
    s.twin().backward(s.n, s.queryRows, s.keyRows, s.q.segment(), s.kv.segment(), s.lengths, p.segment(), dy.segment(),
        wantQ.segment(), wantKv.segment(), new float[s.keyRows]);
    Guarded dq = Guarded.nanFilled(s.q.floats().length);
    Guarded dkv = s.self ? dq : Guarded.nanFilled(s.kv.floats().length);
    s.door().backward(s.n, s.queryRows, s.keyRows, s.q.segment(), s.kv.segment(), s.lengths, p.segment(), dy.segment(),
        dq.segment(), dkv.segment(), ONE);
    assertThat(dq.bits()).isEqualTo(wantQ.bits());
    assertThat(dkv.bits()).isEqualTo(wantKv.bits());
    assertThat(dq.guardsIntact() && dkv.guardsIntact()).isTrue();
  }

  @Property(tries = 10)
  void anyNumberOfThreadsHasTheSameBits(@ForAll @IntRange(min = 2, max = Crew.LARGEST) int threads, @ForAll long seed) {
    Scene s = Scene.of(4, 16, true, true, 3, 65, 65, false, seed);
    assertThat(infer(s, Crew.of(threads))).isEqualTo(infer(s, ONE));
    Guarded p = s.probabilities();
    s.door().forward(3, 65, 65, s.q.segment(), s.kv.segment(), NONE, p.segment(), s.output().segment(), Crew.of(threads));
    Guarded dy = Guarded.of(Data.seeded(seed + 2).uniform(3 * 65 * 64, -1f, 1f));
    Guarded one = Guarded.nanFilled(s.q.floats().length);
    Guarded many = Guarded.nanFilled(s.q.floats().length);
    s.door().backward(3, 65, 65, s.q.segment(), s.q.segment(), NONE, p.segment(), dy.segment(), one.segment(), one.segment(), ONE);
    s.door().backward(
        3, 65, 65, s.q.segment(), s.q.segment(), NONE, p.segment(), dy.segment(), many.segment(), many.segment(), Crew.of(threads));
    assertThat(many.bits()).isEqualTo(one.bits());
  }

  @Property(tries = 60)
  void stepsWithACacheHaveTheBitsOfTheWholeSequence(
      @ForAll @IntRange(min = 1, max = 3) int heads, @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 100) int rows, @ForAll long seed) {
    Scene s = Scene.of(heads, width, true, true, 1, rows, rows, false, seed);
    int all = heads * width;
    int capacity = (rows + 15) / 16 * 16;
    Guarded keys = Guarded.nanFilled(all * capacity);
    Guarded values = Guarded.nanFilled(all * capacity);
    Guarded y = s.output();
    Guarded twinKeys = Guarded.nanFilled(all * capacity);
    Guarded twinValues = Guarded.nanFilled(all * capacity);
    Guarded twinY = s.output();
    for (int i = 0; i < rows; i++) {
      MemorySegment qkv = s.q.segment().asSlice(12L * i * all, 12L * all);
      s.door().step(i, capacity, qkv, keys.segment(), values.segment(), y.segment().asSlice(4L * i * all, 4L * all), ONE);
      s.twin().step(i, capacity, qkv, twinKeys.segment(), twinValues.segment(), twinY.segment().asSlice(4L * i * all, 4L * all),
          new float[capacity]);
    }
    assertThat(y.bits()).isEqualTo(infer(s, ONE));
    assertThat(twinY.bits()).isEqualTo(y.bits());
    assertThat(twinKeys.bits()).isEqualTo(keys.bits());
    assertThat(twinValues.bits()).isEqualTo(values.bits());
    assertThat(keys.guardsIntact() && values.guardsIntact() && y.guardsIntact()).isTrue();
  }

  @Property(tries = 60)
  void whatIsNotSeenChangesNoBit(
      @ForAll @IntRange(min = 1, max = 40) int width, @ForAll @IntRange(min = 2, max = 60) int rows, @ForAll long seed) {
    Scene s = Scene.of(2, width, true, true, 1, rows, rows, false, seed);
    int all = 2 * width;
    int[] whole = infer(s, ONE);
    int cut = 1 + Data.seeded(seed).below(1, rows - 1)[0];
    for (long i = 3L * cut * all; i < 3L * rows * all; i++) {
      s.q.segment().setAtIndex(JAVA_FLOAT, i, i % 2 == 0 ? Float.NaN : Float.POSITIVE_INFINITY);
    }
    assertThat(Arrays.copyOf(infer(s, ONE), cut * all)).isEqualTo(Arrays.copyOf(whole, cut * all));
  }

  @Property(tries = 100)
  void outputsLieWithinTheirBound(
      @ForAll @IntRange(min = 1, max = 3) int heads, @ForAll @IntRange(min = 1, max = 40) int width, @ForAll boolean causal,
      @ForAll @IntRange(min = 1, max = 90) int rows, @ForAll boolean padded, @ForAll long seed) {
    Scene s = Scene.of(heads, width, causal, true, 1, rows, rows, padded, seed);
    Guarded y = s.output();
    s.door().infer(1, rows, rows, s.q.segment(), s.q.segment(), s.lengths, y.segment(), ONE);
    double[] q = s.operand(0);
    double[] k = s.operand(1);
    double[] v = s.operand(2);
    double[] want = AttentionInDouble.forward(heads, width, causal, 1, rows, rows, q, k, v, s.lengthsOrAll());
    double[] mass = AttentionInDouble.forward(
        heads, width, causal, 1, rows, rows, q, k, Arrays.stream(v).map(Math::abs).toArray(), s.lengthsOrAll());
    // No score exceeds what operands below 2 can give, and two differ by at most twice that.
    double size = 4 * Math.sqrt(width);
    double ofScores = 2 * Bounds.gammaOf(width + 2) * size;
    double roundings = rows + 4 * size + 10 + ReductionsProperties.chain(rows);
    double relative = Math.expm1(ofScores) + Bounds.gammaOf(roundings);
    for (int i = 0; i < mass.length; i++) {
      mass[i] *= relative / Bounds.gammaOf(1);
    }
    assertThat(Bounds.gamma(1).times(mass).plusUnderflows(rows).holds(y.floats(), want)).isGreaterThanOrEqualTo(0);
  }
}
