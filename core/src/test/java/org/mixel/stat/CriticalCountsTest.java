package org.mixel.stat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The critical counts are those at which the exact p-value of a bin's test passes the level. */
class CriticalCountsTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0.5",
    "4, 3, 0.2",
    "40, 40, 0.05",
    "200, 30, 0.01",
    "30, 200, 0.001",
    "900, 700, 5e-4",
    "3000, 1000, 1e-6"
  })
  void countsBelowTheCriticalOneDifferAndThatAboveDoesNot(
      int referenceRows, int candidateRows, double level) {
    CriticalCounts critical = new CriticalCounts(referenceRows, candidateRows, level);
    int all = referenceRows + candidateRows;
    int found = 0;
    for (int pooled = 0; pooled <= all; pooled += Math.max(1, all / 150)) {
      int count = critical.tooFew(pooled);
      int least = Math.max(0, pooled - referenceRows);
      assertThat(count).isGreaterThanOrEqualTo(-1).isLessThanOrEqualTo(candidateRows);
      if (count >= 0) {
        found++;
        assertThat(p(pooled, count, referenceRows, candidateRows)).isLessThan(level);
      }
      int next = Math.max(count + 1, least);
      assertThat(p(pooled, next, referenceRows, candidateRows)).isGreaterThanOrEqualTo(level);
    }
    assertThat(found > 0).isEqualTo(all > 2);
  }

  private static double p(int pooled, int count, int referenceRows, int candidateRows) {
    return TwoProportionTest.of(pooled - count, referenceRows, count, candidateRows).exactP();
  }
}
