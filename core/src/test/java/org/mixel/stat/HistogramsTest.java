package org.mixel.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures of two histograms by hand, and random ones with the moments of their distribution. */
class HistogramsTest {
  @Test
  void pearsonsTest() {
    int[] reference = {10, 20, 30};
    int[] candidate = {20, 20, 20};
    // 25 / 7.5 + 0 + 25 / 12.5, two degrees of freedom
    assertThat(HomogeneityTest.statistic(reference, candidate)).isCloseTo(16 / 3.0, within(1e-12));
    assertThat(HomogeneityTest.pValue(reference, candidate))
        .isCloseTo(Math.exp(-8 / 3.0), within(1e-12));
    assertThat(HomogeneityTest.pValue(new int[] {10, 0, 20, 30}, new int[] {20, 0, 20, 20}))
        .isCloseTo(Math.exp(-8 / 3.0), within(1e-12));
    // Of 4 and 8 rows: 1.6 + 8 / 7, one degree of freedom
    assertThat(HomogeneityTest.statistic(new int[] {3, 1}, new int[] {2, 6}))
        .isCloseTo(96 / 35.0, within(1e-12));
    assertThat(HomogeneityTest.pValue(new int[] {3, 1}, new int[] {2, 6}))
        .isCloseTo(0.09768995934615686, within(1e-12));
  }

  @Test
  void oneBinTellsNothing() {
    assertThat(HomogeneityTest.pValue(new int[] {0, 3, 0}, new int[] {0, 9, 0})).isEqualTo(1);
    assertThat(HomogeneityTest.pValue(new int[] {3, 0}, new int[] {0, 9}))
        .isCloseTo(5.320055051392503e-4, within(1e-12));
  }

  @Test
  void divergenceLiesBetweenNothingAndLogTwo() {
    assertThat(JensenShannon.divergence(new int[] {1, 2}, new int[] {3, 6})).isZero();
    assertThat(JensenShannon.divergence(new int[] {1, 0, 0}, new int[] {0, 5, 0}))
        .isCloseTo(Math.log(2), within(1e-15));
    double expected = 0.25 * Math.log(0.5) + 0.75 * Math.log(1.5);
    assertThat(JensenShannon.divergence(new int[] {1, 3}, new int[] {3, 1}))
        .isCloseTo(expected, within(1e-15));
    assertThat(JensenShannon.divergence(new double[] {0.25, 0.75}, new double[] {0.75, 0.25}))
        .isCloseTo(expected, within(1e-15));
    assertThat(JensenShannon.term(0, 0.5)).isCloseTo(Math.log(2) / 4, within(1e-15));
    assertThat(JensenShannon.term(0, 0)).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void randomTablesAreHypergeometric(boolean swapped) {
    int[] few = {4, 0, 0};
    int[] many = {0, 5, 3};
    RandomTables tables = new RandomTables(swapped ? many : few, swapped ? few : many, 3);
    int draws = 20_000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < draws; i++) {
      tables.next();
      int[] smaller = swapped ? tables.candidate() : tables.reference();
      int[] larger = swapped ? tables.reference() : tables.candidate();
      assertThat(IntStream.of(smaller).sum()).isEqualTo(4);
      assertThat(IntStream.range(0, 3).map(k -> smaller[k] + larger[k]).toArray())
          .containsExactly(4, 5, 3);
      sum += smaller[0];
      squares += smaller[0] * smaller[0];
    }
    double mean = sum / draws;
    assertThat(mean).isCloseTo(4 / 3.0, within(0.02));
    assertThat(squares / draws - mean * mean).isCloseTo(64 / 99.0, within(0.02));
  }

  @Test
  void oneSeedGivesOneTable() {
    int[] counts = {30, 20, 10};
    RandomTables first = new RandomTables(counts, counts, 5);
    RandomTables second = new RandomTables(counts, counts, 5);
    first.next();
    second.next();
    assertThat(first.reference()).isEqualTo(second.reference());
    assertThat(first.candidate()).isEqualTo(second.candidate());
    int[] before = first.reference().clone();
    first.next();
    assertThat(first.reference()).isNotEqualTo(before);
  }

  @Test
  void anIntervalLeavesOutBothEnds() {
    double[] values = IntStream.rangeClosed(1, 39).mapToDouble(i -> i * 17 % 40).toArray();
    double[] before = values.clone();
    assertThat(Interval.central(values, 0.05)).isEqualTo(new Interval(1, 39));
    assertThat(Interval.central(values, 0.1)).isEqualTo(new Interval(2, 38));
    assertThat(Interval.central(values, 0.2)).isEqualTo(new Interval(4, 36));
    assertThat(Arrays.equals(values, before)).isTrue();
    assertThat(new Interval(1, 3).dividedBy(2)).isEqualTo(new Interval(0.5, 1.5));
    assertThat(new Interval(1, 2.5).toString("%.1f")).isEqualTo("1.0 to 2.5");
  }
}
