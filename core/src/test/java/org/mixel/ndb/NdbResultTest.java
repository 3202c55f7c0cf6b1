package org.mixel.ndb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The bins that a comparison names, and the figures beside them, follow from the counts. */
class NdbResultTest {
  private static final int[] REFERENCE = {200, 150, 150, 100, 100, 101, 196, 3};
  private static final int[] CANDIDATE = {60, 75, 96, 66, 53, 34, 115, 1};
  private static final double ALPHA = 0.15;

  private static NdbResult compare(int... candidate) {
    return compare(REFERENCE, candidate);
  }

  private static NdbResult compare(int[] reference, int[] candidate) {
    BinMembers none = BinMembers.of(new int[candidate.length][0]);
    return NdbResult.of(1, reference, "candidate", candidate, none, ALPHA);
  }

  /** By p-values summed over binomial coefficients in whole numbers. */
  @Test
  void eachAdjustmentNamesItsBinsByTheSizeOfTheDifference() {
    NdbResult result = compare(CANDIDATE);
    assertThat(result.different()).containsExactly(0, 2, 6, 5, 3);
    assertThat(result.differentByBenjaminiHochberg()).containsExactly(0, 2, 5, 3);
    assertThat(result.differentByHolm()).containsExactly(0);
    assertThat(result.ndb()).isEqualTo(5);
    assertThat(result.ndbOverK()).isEqualTo(5 / 8.0);
    assertThat(result.pValues()[2]).isCloseTo(0.03837, within(1e-5));
    assertThat(result.exactPValues()[2]).isCloseTo(0.04563, within(1e-5));
  }

  /** A bin with equal shares, the second, is neither. */
  @Test
  void fullerAndEmptierBinsNeedNotDiffer() {
    NdbResult result = compare(CANDIDATE);
    assertThat(result.overfilled(8)).containsExactly(2, 6, 3, 4);
    assertThat(result.overfilled(2)).containsExactly(2, 6);
    assertThat(result.underfilled(8)).containsExactly(0, 5, 7);
    assertThat(result.underfilled(1)).containsExactly(0);
  }

  @Test
  void sparseBinsExpectFewRowsOfTheSmallerSet() {
    NdbResult result = compare(CANDIDATE);
    assertThat(result.fewestExpectedRows()).isCloseTo(4 / 1500.0 * 500, within(1e-12));
    assertThat(result.sparseBins()).isEqualTo(1);
    int[] counts = {NdbResult.FEW_ROWS, 100 - NdbResult.FEW_ROWS};
    NdbResult enough = compare(counts, counts);
    assertThat(enough.fewestExpectedRows()).isEqualTo(NdbResult.FEW_ROWS);
    assertThat(enough.sparseBins()).isZero();
  }

  @Test
  void whatEqualSetsGiveIsThatOfTheDeals() {
    NdbResult result = compare(CANDIDATE);
    PermutationNull deals = PermutationNull.of(REFERENCE, CANDIDATE, ALPHA, 1);
    assertThat(result.expected()).isEqualTo(deals);
    assertThat(result.expectedNdbOverK()).isEqualTo(deals.ndb() / 8).isBetween(0.1, 0.2);
    assertThat(result.expectedJs()).isEqualTo(deals.js()).isPositive();
  }

  @Test
  void oneRowIsEnough() {
    assertThat(compare(0, 0, 0, 0, 0, 0, 0, 1).rows()).isEqualTo(1);
  }
}
