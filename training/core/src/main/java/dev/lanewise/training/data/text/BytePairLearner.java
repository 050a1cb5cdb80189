package dev.lanewise.training.data.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the merges of a {@link BytePairTokenizer}. Each different piece of the text is kept once, with how often it
 * occurs; joining a pair touches only the pieces that hold it. A pair occurs less and less often once both of its tokens
 * exist, so the queue may hold counts that are too high: such an entry goes back with its count of now.
 */
final class BytePairLearner {
  /** A pair that occurs once would only be learned by heart. */
  private static final int LEAST = 2;

  /** A piece of the text, joined as far as the merges go. */
  private static final class Piece {
    final int[] ids;
    final long count;
    int length;

    Piece(int[] ids, long count) {
      this.ids = ids;
      this.length = ids.length;
      this.count = count;
    }

    long pair(int i) {
      return BytePairTokenizer.pair(ids[i], ids[i + 1]);
    }

    void join(long pair, int token) {
      int kept = 0;
      for (int i = 0; i < length; i++) {
        if (i + 1 < length && pair(i) == pair) {
          ids[kept++] = token;
          i++;
        } else {
          ids[kept++] = ids[i];
        }
      }
      length = kept;
    }
  }

  /** How often a pair occurs, and the numbers of the pieces that hold it or once held it, each once. */
  private static final class Tally {
    long count;
    int[] pieces = new int[4];
    int length;

    void list(int piece) {
      if (length > 0 && pieces[length - 1] == piece) {
        return;
      }
      if (length == pieces.length) {
        pieces = Arrays.copyOf(pieces, 2 * length);
      }
      pieces[length++] = piece;
    }
  }

  private record Entry(long count, long pair) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byCount = Long.compare(other.count, count);
      return byCount != 0 ? byCount : Long.compare(pair, other.pair);
    }
  }

  private final List<Piece> pieces = new ArrayList<>();
  private final Map<Long, Tally> tallies = new HashMap<>();
  private final PriorityQueue<Entry> queue = new PriorityQueue<>();

  BytePairLearner(String text) {
    Map<String, Long> counts = new HashMap<>();
    for (int start = 0; start < text.length();) {
      int end = Pieces.end(text, start);
      counts.merge(text.substring(start, end), 1L, Long::sum);
      start = end;
    }
    counts.forEach((piece, count) -> pieces.add(new Piece(BytePairTokenizer.bytes(piece), count)));
    for (int p = 0; p < pieces.size(); p++) {
      Piece piece = pieces.get(p);
      for (int i = 0; i + 1 < piece.length; i++) {
        Tally tally = tallies.computeIfAbsent(piece.pair(i), pair -> new Tally());
        tally.count += piece.count;
        tally.list(p);
      }
    }
    tallies.forEach((pair, tally) -> offer(tally.count, pair));
  }

  private void offer(long count, long pair) {
    if (count >= LEAST) {
      queue.add(new Entry(count, pair));
    }
  }

  /** Finds up to {@code merges} merges. */
  BytePairTokenizer learn(int merges) {
    int[] lefts = new int[merges];
    int[] rights = new int[merges];
    int done = 0;
    while (done < merges) {
      Entry best = next();
      if (best == null) {
        break;
      }
      lefts[done] = (int) (best.pair >>> 32);
      rights[done] = (int) best.pair;
      join(best.pair, BytePairTokenizer.BYTES + done);
      done++;
    }
    return new BytePairTokenizer(Arrays.copyOf(lefts, done), Arrays.copyOf(rights, done));
  }

  private @Nullable Entry next() {
    for (Entry best = queue.poll(); best != null; best = queue.poll()) {
      Tally tally = tallies.get(best.pair);
      long count = tally == null ? 0 : tally.count;
      if (count == best.count) {
        return best;
      }
      offer(count, best.pair);
    }
    return null;
  }

  private void join(long pair, int token) {
    Tally joined = Objects.requireNonNull(tallies.get(pair));
    Set<Long> fresh = new HashSet<>();
    for (int p = 0; p < joined.length; p++) {
      int number = joined.pieces[p];
      Piece piece = pieces.get(number);
      for (int i = 0; i + 1 < piece.length; i++) {
        Objects.requireNonNull(tallies.get(piece.pair(i))).count -= piece.count;
      }
      piece.join(pair, token);
      for (int i = 0; i + 1 < piece.length; i++) {
        Tally tally = tallies.computeIfAbsent(piece.pair(i), key -> new Tally());
        tally.count += piece.count;
        if (piece.ids[i] == token || piece.ids[i + 1] == token) {
          tally.list(number);
          fresh.add(piece.pair(i));
        }
      }
    }
    tallies.remove(pair);
    fresh.forEach(key -> offer(Objects.requireNonNull(tallies.get(key)).count, key));
  }
}
