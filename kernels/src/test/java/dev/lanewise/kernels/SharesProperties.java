package dev.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SharesProperties {
  @Property
  void whateverTheOrderOfClaimsEachPieceIsClaimedOnce(
      @ForAll @IntRange(min = 1, max = 9) int workers,
      @ForAll @Size(3) List<@IntRange(max = 50) Integer> counts,
      @ForAll @Size(60) List<@IntRange(max = 8) Integer> claimants) {
    Shares shares = new Shares(workers);
    for (int count : counts) {
      shares.open(count);
      List<Integer> claimed = new ArrayList<>();
      for (int i = 0; !shares.isEmpty(); i++) {
        claimed.add(shares.claim(claimants.get(i) % workers));
      }
      assertThat(claimed).containsExactlyInAnyOrderElementsOf(IntStream.range(0, count).boxed().toList());
      assertThat(shares.claim(0)).isEqualTo(-1);
    }
  }

  @Property
  void workersThatTakeTurnsComputeEqualRunsInOrder(
      @ForAll @IntRange(min = 1, max = 9) int workers, @ForAll @IntRange(max = 50) int count) {
    Shares shares = new Shares(workers);
    shares.open(count);
    List<Integer> pieces = new ArrayList<>();
    for (int w = 0; w < workers; w++) {
      int own = count / workers + (w < count % workers ? 1 : 0);
      for (int i = 0; i < own; i++) {
        pieces.add(shares.claim(w));
      }
    }
    assertThat(pieces).isEqualTo(IntStream.range(0, count).boxed().toList());
  }

  @Property
  void whoHasNoneLeftGoesOnWithTheNextWorkers(
      @ForAll @IntRange(min = 1, max = 9) int workers,
      @ForAll @IntRange(max = 50) int count,
      @ForAll @IntRange(max = 8) int claimant) {
    int worker = claimant % workers;
    Shares shares = new Shares(workers);
    shares.open(count);
    int first = worker * (count / workers) + Math.min(worker, count % workers);
    for (int i = 0; i < count; i++) {
      assertThat(shares.claim(worker)).isEqualTo((first + i) % count);
    }
  }
}
