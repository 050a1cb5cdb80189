package dev.lanewise.kernels.golden;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.lanewise.kernels.Attention;
import dev.lanewise.kernels.Recurrent;
import dev.lanewise.kernels.Workers;
import dev.lanewise.kernels.testkit.Guarded;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Kernels of sequences: attention with its probabilities, recurrent cells. */
final class GoldenSequences {
  /** Heads, channels of a head, examples, queries, keys. */
  private static final int[][] ATTENTIONS = {{1, 4, 2, 5, 5}, {2, 17, 1, 33, 33}, {3, 32, 2, 18, 18}};

  private GoldenSequences() {}

  static List<Golden> all() {
    return List.of(
        new Golden("Attention.forward", "3 shapes, causal and not, and across with lengths: y and probabilities", GoldenSequences::attend),
        new Golden("Recurrent.forward", "4 cells, 3 sequences of 4 steps of 5 and 33 units, also reversed and masked: all results",
            (canon, workers) -> recurrent(canon, false, workers)),
        new Golden("Recurrent.backward", "the same cells: all gradients", (canon, workers) -> recurrent(canon, true, workers)));
  }

  private static void floats(Canon canon, Guarded... results) {
    for (Guarded result : results) {
      canon.floats(result);
    }
  }

  private static Guarded blank(int n) {
    return Guarded.nanFilled(n);
  }

  private interface Attend {
    void apply(Attention attention, int n, int queries, int keys, int queryWidth, int keyWidth, MemorySegment lengths);
  }

  private static void attentions(Canon canon, Attend attend) {
    for (int[] s : ATTENTIONS) {
      int w = s[0] * s[1];
      for (boolean causal : new boolean[] {false, true}) {
        attend.apply(Attention.self(s[0], s[1], causal), s[2], s[3], s[4], 3 * w, 0, MemorySegment.NULL);
      }
      MemorySegment lengths = canon.below(s[2], s[4]);
      for (int i = 0; i < s[2]; i++) {
        lengths.setAtIndex(JAVA_INT, i, lengths.getAtIndex(JAVA_INT, i) + 1);
      }
      attend.apply(Attention.cross(s[0], s[1]), s[2], s[3], s[4], w, 2 * w, lengths);
    }
  }

  private static void attend(Canon canon, Workers workers) {
    attentions(canon, (attention, n, queries, keys, queryWidth, keyWidth, lengths) -> {
      MemorySegment q = canon.uniform(n * queries * queryWidth, -2, 2);
      MemorySegment kv = keyWidth == 0 ? q : canon.uniform(n * keys * keyWidth, -2, 2);
      Guarded y = blank(n * queries * attention.heads() * attention.width());
      Guarded p = blank(n * attention.heads() * queries * keys);
      attention.forward(n, queries, keys, q, kv, lengths, p.segment(), y.segment(), workers);
      floats(canon, y, p);
    });
  }

  private static void recurrent(Canon canon, boolean backward, Workers workers) {
    for (Recurrent.Cell cell : Recurrent.Cell.values()) {
      for (int hidden : new int[] {5, 33}) {
        Recurrent forwards = Recurrent.of(cell, 4, hidden);
        recurrent(canon, forwards, MemorySegment.NULL, backward, workers);
        recurrent(canon, forwards.reversed(), canon.below(3 * 4, 2), backward, workers);
      }
    }
  }

  private static void recurrent(Canon canon, Recurrent r, MemorySegment mask, boolean backward, Workers workers) {
    int n = 3;
    int h = r.hidden();
    int gates = r.cell().gates() * h;
    boolean gru = r.cell() == Recurrent.Cell.GRU;
    MemorySegment w = canon.uniform(h * gates, -0.5f, 0.5f);
    MemorySegment b = gru ? canon.uniform(3 * h, -1, 1) : MemorySegment.NULL;
    Guarded a = Guarded.of(canon.uniform(n * r.steps() * gates, -1, 1).toArray(JAVA_FLOAT));
    Guarded state = Guarded.of(canon.uniform(n * r.cell().states() * h, -1, 1).toArray(JAVA_FLOAT));
    Guarded tape = blank(n * r.steps() * r.cell().taped() * h);
    Guarded u = blank(gru ? n * r.steps() * gates : 0);
    MemorySegment uOrNull = gru ? u.segment() : MemorySegment.NULL;
    Guarded y = blank(n * r.steps() * h);
    r.forward(n, a.segment(), w, b, mask, state.segment(), tape.segment(), uOrNull, y.segment(), h, 0, workers);
    if (!backward) {
      floats(canon, a, state, tape, u, y);
      return;
    }
    Guarded dstate = Guarded.of(canon.uniform(n * r.cell().states() * h, -1, 1).toArray(JAVA_FLOAT));
    r.backward(
        n, a.segment(), w, mask, dstate.segment(), tape.segment(), uOrNull, canon.uniform(n * r.steps() * h, -1, 1), h, 0, workers);
    floats(canon, a, dstate, u);
  }
}
