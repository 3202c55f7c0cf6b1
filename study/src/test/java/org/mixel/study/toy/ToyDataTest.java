package org.mixel.study.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mixel.data.DataHash;
import org.mixel.data.Samples;

/** The toy data has the parts that its Javadoc tells of, and a seed that replays them. */
class ToyDataTest {
  private static final int ROWS = 20_000;

  private static double share(Samples points, double degrees, double reach) {
    double x = 3.9 * Math.cos(Math.toRadians(degrees));
    double y = 3.9 * Math.sin(Math.toRadians(degrees));
    return IntStream.range(0, ROWS)
            .mapToObj(points::row)
            .filter(row -> Math.hypot(row[0] - x, row[1] - y) < reach)
            .count()
        / (double) ROWS;
  }

  @Test
  void halfLieOnTheSpiralAndTheRestInClustersOfFallingWeight() {
    Samples points = ToyData.draw("points", ROWS, 7);
    assertThat(points.rows()).isEqualTo(ROWS);
    assertThat(points.dims()).isEqualTo(2);
    assertThat(points.shape()).isEmpty();
    assertThat(share(points, 20, 0.9)).isCloseTo(0.18 * 0.989, within(0.01));
    assertThat(share(points, 300, 0.6)).isCloseTo(0.04, within(0.006));
    double inner =
        IntStream.range(0, ROWS)
                .mapToObj(points::row)
                .filter(row -> Math.hypot(row[0], row[1]) < 3.1)
                .count()
            / (double) ROWS;
    assertThat(inner).isCloseTo(0.5, within(0.02));
  }

  @Test
  void theSeedFixesThePoints() {
    String once = DataHash.sha256(ToyData.draw("a", 50, 1));
    assertThat(DataHash.sha256(ToyData.draw("b", 50, 1))).isEqualTo(once);
    assertThat(DataHash.sha256(ToyData.draw("a", 50, 2))).isNotEqualTo(once);
  }
}
