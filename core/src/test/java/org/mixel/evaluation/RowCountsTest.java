package org.mixel.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Figures of all pairs take minutes at most, and small sets are never thinned out. */
class RowCountsTest {
  @Test
  void setsThatAreCheapToCompareKeepTheirRows() {
    RowCounts digits = new RowCounts(60_000, 60_000);
    assertThat(digits.bounded(784)).isEqualTo(digits);
  }

  @Test
  void largeSetsGiveEquallyManyRows() {
    assertThat(new RowCounts(50_000, 60_000).bounded(3072))
        .isEqualTo(new RowCounts(31_250, 31_250));
  }

  @Test
  void aSmallSetKeepsItsRows() {
    assertThat(new RowCounts(100_000, 1_000).bounded(3072)).isEqualTo(new RowCounts(61_500, 1_000));
    assertThat(new RowCounts(1_000, 100_000).bounded(3072)).isEqualTo(new RowCounts(1_000, 61_500));
  }
}
