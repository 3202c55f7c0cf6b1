package org.mixel.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;

/** The threshold is the order statistic that keeps the promise, and no lower one. */
class LowerTailTest {
  private static LowerTail of(int values, double share) {
    return LowerTail.of(IntStream.range(0, values).mapToDouble(i -> values - i).toArray(), share);
  }

  @Test
  void itIsTheLargestOrderStatisticThatKeepsTheShare() {
    // Of the values 1 to n, the k-th smallest is k.
    assertThat(of(99, 0.01)).isEqualTo(new LowerTail(1, 0.01, 0.01));
    assertThat(of(198, 0.01)).isEqualTo(new LowerTail(1, 0.01, 1 / 199.0));
    assertThat(of(199, 0.01)).isEqualTo(new LowerTail(2, 0.01, 0.01));
    // 0.29 * 100 is a little less than 29.
    assertThat(of(99, 0.29).threshold()).isEqualTo(29);
    assertThat(of(3, 0.999).threshold()).isEqualTo(3);
    assertThat(of(9, 0.1).marks(1)).isFalse();
    assertThat(of(9, 0.1).marks(0.999)).isTrue();
  }

  @Test
  void tooFewValuesAndImpossibleSharesAreRefused() {
    assertThatThrownBy(() -> of(98, 0.01))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("0.01 needs at least 99 rows in `normal`, got 98");
    for (double share : new double[] {0, 1, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> of(9, share)).isInstanceOf(InputException.class);
    }
  }
}
