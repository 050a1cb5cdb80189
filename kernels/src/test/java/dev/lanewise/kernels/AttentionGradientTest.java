package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanewise.kernels.reference.AttentionInDouble;
import dev.lanewise.kernels.testkit.Bounds;
import dev.lanewise.kernels.testkit.Crew;
import dev.lanewise.kernels.testkit.Data;
import dev.lanewise.kernels.testkit.Differences;
import dev.lanewise.kernels.testkit.Guarded;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Backward against central differences of {@code sum dy y(q, k, v)} in double, and against the adjoint identity for values. */
class AttentionGradientTest {
  @ParameterizedTest
  @CsvSource({"1,4,true,true,7,7,false", "2,3,false,true,6,6,true", "2,4,true,true,13,13,true", "2,3,false,false,5,8,false",
      "1,5,false,false,4,9,true", "3,1,true,true,5,5,false"})
  void everyOperand(int heads, int width, boolean causal, boolean self, int queryRows, int keyRows, boolean padded) {
    var s = AttentionProperties.Scene.of(heads, width, causal, self, 2, queryRows, keyRows, padded, 5);
    int all = heads * width;
    Guarded p = s.probabilities();
    s.door().forward(2, queryRows, keyRows, s.q().segment(), s.kv().segment(), s.lengths(), p.segment(), s.output().segment(), Crew.of(1));
    float[] dy = Data.seeded(3).uniform(2 * queryRows * all, -1f, 1f);
    Guarded dq = Guarded.nanFilled(s.q().floats().length);
    Guarded dkv = self ? dq : Guarded.nanFilled(s.kv().floats().length);
    s.door().backward(2, queryRows, keyRows, s.q().segment(), s.kv().segment(), s.lengths(), p.segment(), Data.segment(dy),
        dq.segment(), dkv.segment(), Crew.of(1));
    double[][] operands = {s.operand(0), s.operand(1), s.operand(2)};
    for (int which = 0; which < 3; which++) {
      int w = which;
      double[] want = Differences.gradient(operands[w].clone(), at -> {
        double[] y = AttentionInDouble.forward(heads, width, causal, 2, queryRows, keyRows, w == 0 ? at : operands[0],
            w == 1 ? at : operands[1], w == 2 ? at : operands[2], s.lengthsOrAll());
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
          sum += dy[i] * y[i];
        }
        return sum;
      });
      int stride = self ? 3 * all : w == 0 ? all : 2 * all;
      int column = self ? w * all : w == 2 ? all : 0;
      float[] got = (w == 0 ? dq : dkv).floats();
      double largest = 0;
      for (int i = 0; i < want.length; i++) {
        // Operands are below 2, probabilities and dy at most 1: dP and its mean at most 2 width, a gradient at most 8 width keys, and
        // score errors of gamma_(width + 2) 4 sqrt(width) enter twice.
        double bound = Differences.ERROR
            + Bounds.gammaOf(4 * (width + 2) * Math.sqrt(width) * 2 + keyRows + queryRows + 40) * 8 * width * Math.max(queryRows, keyRows);
        assertThat(Math.abs(got[i / all * stride + column + i % all] - want[i])).isLessThanOrEqualTo(bound);
        assertThat(bound).isLessThan(1e-2);
        largest = Math.max(largest, Math.abs(want[i]));
      }
      assertThat(largest).isGreaterThan(width == 1 && w < 2 ? 0.1 : 0.2);
    }
  }
}
