package dev.lanewise.training.data.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Byte-pair encoding, learned from a text: tokens 0 to 255 are the bytes of UTF-8, each later one joins two earlier
 * tokens that stood side by side most often. So every text has tokens, and decoding gives back exactly what was encoded.
 *
 * <p>A text is first cut into pieces, beyond whose ends nothing is joined: a run of letters, of digits or of other signs,
 * each with one blank before it if there is one, or a run of what blanks remain. The next pair to join is the most
 * frequent one; among equally frequent ones that with the smaller left, then the smaller right token. Encoding joins, in
 * each piece, the pair that was learned first, leftmost first, until none is left.
 *
 * <p>Source: Sennrich, Haddow and Birch, Neural Machine Translation of Rare Words with Subword Units, 2016; on bytes:
 * Radford and others, Language Models are Unsupervised Multitask Learners, 2019.
 */
public final class BytePairTokenizer implements Tokenizer {
  static final String KIND = "bytepair";
  static final String MERGES = "merges";

  static final int BYTES = 256;

  private final int[] lefts; // of token 256 + i
  private final int[] rights;
  private final byte[][] utf8;
  private final Map<Long, Integer> joined = new HashMap<>(); // pair to the token that joins it

  BytePairTokenizer(int[] lefts, int[] rights) {
    this.lefts = lefts;
    this.rights = rights;
    this.utf8 = new byte[BYTES + lefts.length][];
    for (int i = 0; i < BYTES; i++) {
      utf8[i] = new byte[] {(byte) i};
    }
    for (int i = 0; i < lefts.length; i++) {
      int token = BYTES + i;
      if (Math.min(lefts[i], rights[i]) < 0 || Math.max(lefts[i], rights[i]) >= token) {
        throw new IllegalArgumentException("BytePairTokenizer: token " + token + " joins " + lefts[i] + " and " + rights[i]
            + "; both should be tokens before it");
      }
      byte[] left = utf8[lefts[i]];
      byte[] right = utf8[rights[i]];
      utf8[token] = new byte[left.length + right.length];
      System.arraycopy(left, 0, utf8[token], 0, left.length);
      System.arraycopy(right, 0, utf8[token], left.length, right.length);
      if (joined.putIfAbsent(pair(lefts[i], rights[i]), token) != null) {
        throw new IllegalArgumentException(
            "BytePairTokenizer: tokens " + lefts[i] + " and " + rights[i] + " are joined twice, again by token " + token);
      }
    }
  }

  /**
   * Learns from a text.
   *
   * @param size tokens at most, at least 256; fewer if no pair occurs twice any more
   * @throws IllegalArgumentException when the text is empty or holds half of a surrogate pair, or the size is too small
   */
  public static BytePairTokenizer train(String text, int size) {
    if (size < BYTES) {
      throw new IllegalArgumentException("BytePairTokenizer: " + size + " tokens; the " + BYTES + " bytes alone need more");
    }
    if (text.isEmpty()) {
      throw new IllegalArgumentException("BytePairTokenizer: the text is empty; at least one character is needed");
    }
    Place.requireWellFormed("BytePairTokenizer", text);
    return new BytePairLearner(text).learn(size - BYTES);
  }

  /** The tokenizer with these merges, one a line: left token, blank, right token. */
  static BytePairTokenizer ofMerges(String merges) {
    List<String> lines = merges.lines().toList();
    int[] lefts = new int[lines.size()];
    int[] rights = new int[lines.size()];
    for (int i = 0; i < lefts.length; i++) {
      int blank = lines.get(i).indexOf(' ');
      try {
        lefts[i] = Integer.parseInt(lines.get(i), 0, Math.max(0, blank), 10);
        rights[i] = Integer.parseInt(lines.get(i), blank + 1, lines.get(i).length(), 10);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("BytePairTokenizer: merge " + i + " is '" + lines.get(i)
            + "'; two tokens with a blank between are needed", e);
      }
    }
    return new BytePairTokenizer(lefts, rights);
  }

  static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  @Override
  public int size() {
    return utf8.length;
  }

  /** @throws IllegalArgumentException only when the text holds half of a surrogate pair */
  @Override
  public int[] encode(String text) {
    Place.requireWellFormed("BytePairTokenizer", text);
    Map<String, int[]> known = new HashMap<>();
    int[] ids = new int[Math.max(16, text.length() / 2)];
    int count = 0;
    for (int start = 0; start < text.length();) {
      int end = Pieces.end(text, start);
      int[] piece = known.computeIfAbsent(text.substring(start, end), this::join);
      if (count + piece.length > ids.length) {
        ids = Arrays.copyOf(ids, Math.max(2 * ids.length, count + piece.length));
      }
      System.arraycopy(piece, 0, ids, count, piece.length);
      count += piece.length;
      start = end;
    }
    return Arrays.copyOf(ids, count);
  }

  private int[] join(String piece) {
    int[] ids = bytes(piece);
    int count = ids.length;
    while (true) {
      int first = Integer.MAX_VALUE;
      int at = -1;
      for (int i = 0; i + 1 < count; i++) {
        int token = joined.getOrDefault(pair(ids[i], ids[i + 1]), Integer.MAX_VALUE);
        if (token < first) {
          first = token;
          at = i;
        }
      }
      if (at < 0) {
        return Arrays.copyOf(ids, count);
      }
      ids[at] = first;
      System.arraycopy(ids, at + 2, ids, at + 1, count - at - 2);
      count--;
    }
  }

  /** The bytes of a piece as tokens. */
  static int[] bytes(String piece) {
    byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = bytes[i] & 0xFF;
    }
    return ids;
  }

  @Override
  public byte[] utf8(int token) {
    return utf8[Objects.checkIndex(token, utf8.length)].clone();
  }

  @Override
  public Map<String, String> texts() {
    StringBuilder merges = new StringBuilder();
    for (int i = 0; i < lefts.length; i++) {
      merges.append(lefts[i]).append(' ').append(rights[i]).append('\n');
    }
    return Map.of("tokenizer", KIND, MERGES, merges.toString());
  }
}
