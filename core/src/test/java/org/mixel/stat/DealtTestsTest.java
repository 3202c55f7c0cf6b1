package org.mixel.stat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.apache.commons.statistics.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;

/** Many tests on the same deals: p-values worked out by hand, and uniform ones of equal sets. */
class DealtTestsTest {
  @Test
  void minPCountsDealsWhoseBestTestIsAsGood() {
    double[] first = {5, 1, 2, 3, 4};
    double[] second = {10, 90, 20, 30, 40};
    // The sets are the best of 5 in the first test; a deal is in the second.
    assertThat(DealtTests.minP(new double[][] {first, second})).containsExactly(2 / 5.0, 1);
    assertThat(DealtTests.minP(new double[][] {first})).containsExactly(1 / 5.0);
    assertThat(DealtTests.minP(new double[][] {first, first})).containsExactly(1 / 5.0, 1 / 5.0);
    assertThat(DealtTests.minP(new double[][] {second})).containsExactly(1);
    assertThat(DealtTests.minP(new double[][] {{7, 7, 7}})).containsExactly(1);
  }

  @Test
  void maxTAdjustsStepByStep() {
    double[] apart = {9, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    double[] some = {1, 5, 0, 0, 0, 0, 0, 0, 0, 0};
    boolean[] large = {false, false};
    double[] p = DealtTests.maxT(new double[][] {some, apart}, large);
    // Both z of the first deal and of the sets are 3: the deal is as far as the sets.
    assertThat(p).containsExactly(2 / 10.0, 1 / 10.0);
    double[] constant = new double[10];
    assertThat(DealtTests.maxT(new double[][] {constant, apart}, large))
        .containsExactly(1, 1 / 10.0);
    double[] below = {-9, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    assertThat(DealtTests.maxT(new double[][] {below}, new boolean[] {true}))
        .containsExactly(1 / 10.0);
    assertThat(DealtTests.maxT(new double[][] {below}, new boolean[] {false})).containsExactly(1);
  }

  @Test
  void theUnitsOfAStatisticDoNotMatter() {
    Random random = new Random(4);
    double[][] plain = new double[3][50];
    double[][] other = new double[3][50];
    for (int t = 0; t < 3; t++) {
      for (int b = 0; b < 50; b++) {
        plain[t][b] = random.nextGaussian() + (b == 0 ? t : 0);
        other[t][b] = Math.pow(10, t) * plain[t][b] + 7 * t;
      }
    }
    boolean[] twoSided = {false, true, false};
    assertThat(DealtTests.maxT(other, twoSided)).isEqualTo(DealtTests.maxT(plain, twoSided));
    assertThat(DealtTests.maxT(plain, twoSided)[2]).isLessThan(0.3);
  }

  @Test
  void ofEqualSetsBothAreUniform() {
    boolean[] twoSided = {true, false, true};
    assertUniform(DealtTests::minP);
    assertUniform(values -> DealtTests.maxT(values, twoSided));
  }

  /** Tests that depend on each other, of normal statistics and of a skew one. */
  private static void assertUniform(Function<double[][], double[]> p) {
    SplittableRandom random = new SplittableRandom(1);
    double[] found = new double[400];
    for (int run = 0; run < found.length; run++) {
      double[][] values = new double[3][200];
      for (int b = 0; b < 200; b++) {
        double common = random.nextGaussian();
        values[0][b] = common + random.nextGaussian();
        values[1][b] = Math.exp(common + random.nextGaussian());
        values[2][b] = random.nextGaussian();
      }
      found[run] = Arrays.stream(p.apply(values)).min().orElseThrow();
    }
    double ks = KolmogorovSmirnovTest.withDefaults().test(found, x -> x).getPValue();
    assertThat(ks).isGreaterThan(0.01);
  }
}
