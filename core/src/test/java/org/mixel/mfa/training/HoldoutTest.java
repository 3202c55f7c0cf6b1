package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Rows are divided where there are enough of them. */
class HoldoutTest {
  @Test
  void fewRowsAreNotDivided() {
    assertThat(Holdout.of(Lines.rows(999, 12), 5, 0)).isEmpty();
    assertThat(Holdout.of(Lines.rows(1000, 12), 981, 0)).isEmpty();
    assertThat(Holdout.of(Lines.rows(1999, 12), 100, 0).orElseThrow().validation().rows())
        .isEqualTo(39);
    assertThat(Holdout.of(Lines.rows(2000, 12), 100, 0).orElseThrow().validation().rows())
        .isEqualTo(200);
  }
}
