package dev.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTest {
  @Test
  void barHasItsLengthAtEveryShare() {
    Terminal plain = new Terminal(true, false);
    assertThat(plain.bar(0, 10)).isEqualTo("[>         ]");
    assertThat(plain.bar(0.5, 10)).isEqualTo("[=====>    ]");
    assertThat(plain.bar(1, 10)).isEqualTo("[==========]");
    assertThat(plain.bar(7, 10)).isEqualTo("[==========]");
    for (double share = 0; share <= 1; share += 0.01) {
      assertThat(plain.bar(share, 17)).hasSize(19);
    }
  }

  @Test
  void coloursOnlyWhereTheyAreWanted() {
    assertThat(new Terminal(true, false).bar(0.3, 10)).doesNotContain("\033");
    assertThat(new Terminal(true, true).bar(0.3, 10)).contains("\033[32m").contains("\033[0m");
  }

  @Test
  void durations() {
    assertThat(Terminal.duration(0)).isEqualTo("0:00");
    assertThat(Terminal.duration(7.4)).isEqualTo("0:07");
    assertThat(Terminal.duration(750)).isEqualTo("12:30");
    assertThat(Terminal.duration(3723)).isEqualTo("1:02:03");
  }
}
