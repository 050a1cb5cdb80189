package dev.lanewise.training;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** T0: a sum over parameters tells apart what differs in a bit, the payloads of NaNs too. */
class FingerprintTest {
  @Test
  void zerosOfEitherSignAndNansOfAnyPayloadAreDifferentParameters() {
    try (Arena arena = Arena.ofShared()) {
      var params = Fixtures.network(arena, 1).parameters();
      MemorySegment last = params.list().getLast().value().segment();
      Set<String> sums = new HashSet<>();
      for (int bits : new int[] {0, 0x8000_0000, 0x7fc0_0000, 0xffc0_0000, 0x7fc0_1234, 0x7f80_0001, 0x7f80_0000}) {
        last.set(JAVA_INT, 0, bits);
        assertThat(sums.add(Fingerprint.parametersSha256(params))).as(Integer.toHexString(bits)).isTrue();
      }
    }
  }
}
