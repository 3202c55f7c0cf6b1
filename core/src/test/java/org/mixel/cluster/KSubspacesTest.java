package org.mixel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.tensor.RowReader;

/** k-subspaces finds the planes that rows lie about, and the rows of each. */
class KSubspacesTest {
  private static final int DIMS = 20;
  private static final int PLANES = 3;

  /**
   * Row {@code i} lies within some noise of plane {@code i % 3}; the planes cross at the origin.
   */
  private static float[] planes(int rows, double noise, long seed) {
    Random random = new Random(seed);
    double[][] basis = new double[2 * PLANES][DIMS];
    for (double[] direction : basis) {
      Arrays.setAll(direction, j -> random.nextGaussian() / Math.sqrt(DIMS));
    }
    float[] values = new float[rows * DIMS];
    for (int i = 0; i < rows; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      int plane = i % PLANES;
      for (int j = 0; j < DIMS; j++) {
        values[i * DIMS + j] =
            (float)
                (a * basis[2 * plane][j]
                    + b * basis[2 * plane + 1][j]
                    + noise * random.nextGaussian());
      }
    }
    return values;
  }

  private static KSubspaces fit(float[] values, KSubspaces.Options options) {
    try (RowReader data = Rows.reader(values, DIMS)) {
      return KSubspaces.fit(data, options, Progress.SILENT);
    }
  }

  /** Squared distance from a subspace, in float64. */
  private static double residual(KSubspaces fitted, float[] values, int row, int k, int dimension) {
    double left = Rows.squaredDistance(values, row, fitted.means(), k, DIMS);
    for (int f = 0; f < dimension; f++) {
      double along = 0;
      for (int j = 0; j < DIMS; j++) {
        along +=
            fitted.directions()[(k * dimension + f) * DIMS + j]
                * (values[row * DIMS + j] - fitted.means()[k * DIMS + j]);
      }
      left -= along * along;
    }
    return left;
  }

  @Test
  void planesAreFoundAgainThoughTheyCross() {
    float[] values = planes(900, 0.002, 1);
    KSubspaces fitted = fit(values, KSubspaces.Options.defaults(PLANES, 2));
    int[] names = new int[PLANES];
    for (int plane = 0; plane < PLANES; plane++) {
      int[] votes = new int[PLANES];
      for (int i = plane; i < 900; i += PLANES) {
        votes[fitted.assignments()[i]]++;
      }
      names[plane] = votes[0] > 150 ? 0 : votes[1] > 150 ? 1 : 2;
      assertThat(votes[names[plane]]).as("rows of plane %d", plane).isGreaterThan(290);
    }
    assertThat(Arrays.stream(names).distinct().count()).isEqualTo(PLANES);
    // What is left is the noise in the 18 directions across.
    assertThat(fitted.residual()).isCloseTo(900 * 18 * 4e-6, within(900 * 18 * 4e-6 * 0.05));
    assertThat(fitted.iterations()).isLessThan(30);
  }

  @Test
  void everyRowIsWithTheSubspaceNearestToIt() {
    float[] values = Rows.blobs(400, DIMS, 40, 1, 2, 2);
    KSubspaces fitted = fit(values, KSubspaces.Options.defaults(5, 3));
    double total = 0;
    for (int i = 0; i < 400; i++) {
      double own = residual(fitted, values, i, fitted.assignments()[i], 3);
      total += own;
      for (int k = 0; k < 5; k++) {
        assertThat(own).isLessThanOrEqualTo(residual(fitted, values, i, k, 3) + 1e-3);
      }
    }
    assertThat(fitted.residual()).isCloseTo(total, within(1e-4 * total));
    assertThat(Arrays.stream(fitted.members()).mapToInt(rows -> rows.length).sum()).isEqualTo(400);
  }

  @Test
  void theSameSeedReplaysWhateverTheNumberOfThreads() {
    float[] values = planes(600, 0.1, 3);
    KSubspaces.Options options = KSubspaces.Options.defaults(4, 3).withSeed(9);
    int threads = torch.get_num_threads();
    try {
      torch.set_num_threads(1);
      KSubspaces first = fit(values, options);
      torch.set_num_threads(2);
      KSubspaces second = fit(values, options);
      assertThat(second.assignments()).isEqualTo(first.assignments());
      assertThat(second.directions()).isEqualTo(first.directions());
      assertThat(fit(values, options.withSeed(10)).means()).isNotEqualTo(first.means());
    } finally {
      torch.set_num_threads(threads);
    }
  }

  @Test
  void fewDifferentRowsLeaveNothingThatIsNotFinite() {
    float[] values = new float[60 * DIMS];
    for (int i = 0; i < 60; i++) {
      values[i * DIMS + 3] = i % 4;
    }
    for (int clusters : new int[] {1, 3, 20, 60}) {
      KSubspaces fitted = fit(values, KSubspaces.Options.defaults(clusters, 2));
      assertThat(fitted.residual()).isCloseTo(0, within(1e-4));
      for (float value : fitted.directions()) {
        assertThat(value).isFinite();
      }
    }
  }

  @Test
  void subspacesWithoutRowsAreSpannedByThoseThatFitWorst() {
    float[] values = Arrays.copyOf(planes(900, 0.01, 4), 912 * DIMS);
    // Twelve rows on a line far away, which no random choice is likely to find.
    for (int i = 900; i < 912; i++) {
      Arrays.fill(values, i * DIMS, i * DIMS + 5, 40f);
      values[i * DIMS + 19] = i - 900;
    }
    KSubspaces fitted = fit(values, KSubspaces.Options.defaults(30, 2).withSeed(2));
    assertThat(Arrays.stream(fitted.members()).mapToInt(rows -> rows.length)).doesNotContain(0);
    assertThat(residual(fitted, values, 905, fitted.assignments()[905], 2)).isLessThan(1);
  }

  @Test
  void impossibleWishesAreRefused() {
    assertThatThrownBy(() -> fit(new float[4 * DIMS], KSubspaces.Options.defaults(5, 2)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "made: 5 clusters need at least as many rows, got 4; ask for fewer clusters or give"
                + " more rows");
    assertThatThrownBy(() -> fit(new float[4 * DIMS], KSubspaces.Options.defaults(2, 4)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "made: subspaces of 4 dimensions need at least 5 rows, got 4; ask for fewer"
                + " dimensions");
    assertThatThrownBy(() -> fit(new float[40 * DIMS], KSubspaces.Options.defaults(2, 21)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("subspaces of 21 dimensions need at least as many values per row");
    assertThatThrownBy(() -> KSubspaces.Options.defaults(0, 1)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> KSubspaces.Options.defaults(1, 0)).isInstanceOf(InputException.class);
    float[] damaged = planes(50, 0.1, 5);
    damaged[7 * DIMS] = Float.NaN;
    assertThatThrownBy(() -> fit(damaged, KSubspaces.Options.defaults(2, 2)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("row 7");
  }
}
