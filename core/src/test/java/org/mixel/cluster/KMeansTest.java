package org.mixel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.tensor.RowReader;

/** k-means finds the clusters that are there, and says truly where every row belongs. */
class KMeansTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 300})
  void separatedBlobsAreRecovered(int dims) {
    float[] values = Rows.blobs(280, dims, 7, 10, 0.05, 5);
    int[] assignments = fit(values, dims, KMeans.Options.defaults(7)).assignments();
    for (int i = 0; i < assignments.length; i++) {
      assertThat(assignments[i]).isEqualTo(assignments[i % 7]);
    }
    assertThat(Arrays.stream(assignments, 0, 7).distinct().count()).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 200})
  void figuresAgreeWithAnIndependentCount(int dims) {
    float[] values = Rows.blobs(900, dims, 40, 1, 2, 2);
    KMeans fitted = fit(values, dims, new KMeans.Options(15, 3, 300, 0, 0));
    float[] centers = fitted.centers();
    int[] assignments = fitted.assignments();
    double inertia = inertia(fitted, values, dims);
    assertThat(inertia).isCloseTo(Rows.inertia(values, centers, dims), within(1e-6 * inertia));
    for (int i = 0; i < assignments.length; i++) {
      double own = Rows.squaredDistance(values, i, centers, assignments[i], dims);
      int nearest = Rows.nearest(values, i, centers, dims);
      assertThat(own)
          .isLessThanOrEqualTo(
              Rows.squaredDistance(values, i, centers, nearest, dims) * (1 + 1e-5));
    }
    assertThat(centers)
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(Rows.means(values, assignments, 15, dims));
    assertThat(Arrays.stream(counts(fitted)).sum()).isEqualTo(900);
    assertThat(fitted.iterations()).isBetween(1, 299);
  }

  private static int[] counts(KMeans clustering) {
    return Arrays.stream(clustering.members()).mapToInt(rows -> rows.length).toArray();
  }

  @Test
  void theSameSeedReplaysWhateverTheNumberOfThreads() {
    float[] values = Rows.blobs(800, 160, 30, 1, 2, 3);
    KMeans.Options options = KMeans.Options.defaults(12).withRestarts(2).withSeed(9);
    int threads = torch.get_num_threads();
    try {
      torch.set_num_threads(1);
      KMeans first = fit(values, 160, options);
      torch.set_num_threads(2);
      KMeans second = fit(values, 160, options);
      assertThat(second.assignments()).isEqualTo(first.assignments());
      assertThat(second.centers()).isEqualTo(first.centers());
      assertThat(inertia(second, values, 160)).isEqualTo(inertia(first, values, 160));
      assertThat(fit(values, 160, options.withSeed(10)).centers()).isNotEqualTo(first.centers());
    } finally {
      torch.set_num_threads(threads);
    }
  }

  @Test
  void moreRestartsDoNotEndWorse() {
    float[] values = Rows.blobs(600, 8, 40, 1, 0.4, 4);
    KMeans one = fit(values, 8, KMeans.Options.defaults(40).withRestarts(1));
    KMeans many = fit(values, 8, KMeans.Options.defaults(40).withRestarts(12));
    assertThat(inertia(many, values, 8)).isLessThanOrEqualTo(inertia(one, values, 8));
  }

  @Test
  void everyRowCanBeItsOwnCluster() {
    float[] values = Rows.blobs(60, 9, 60, 1, 0.1, 5);
    KMeans fitted = fit(values, 9, KMeans.Options.defaults(60));
    assertThat(counts(fitted)).containsOnly(1);
    assertThat(inertia(fitted, values, 9)).isCloseTo(0, within(1e-9));
  }

  @Test
  void duplicateRowsLeaveNoClusterEmptyThatCouldBeFilled() {
    float[] values = new float[400 * 3];
    for (int i = 0; i < 400; i++) {
      values[i * 3] = i % 8;
      values[i * 3 + 2] = 5;
    }
    KMeans exact = fit(values, 3, KMeans.Options.defaults(8).withRestarts(2));
    assertThat(counts(exact)).containsOnly(50);
    KMeans tooMany = fit(values, 3, KMeans.Options.defaults(12).withRestarts(2));
    assertThat(inertia(tooMany, values, 3)).isCloseTo(0, within(1e-6));
    assertThat(Arrays.stream(counts(tooMany)).filter(n -> n > 0).count()).isEqualTo(8);
  }

  @Test
  void rowsThatAreAllTheSameMakeOneCluster() {
    float[] values = new float[50 * 4];
    Arrays.fill(values, 0.3f);
    KMeans fitted = fit(values, 4, KMeans.Options.defaults(3));
    assertThat(Arrays.stream(counts(fitted)).max()).hasValue(50);
    assertThat(inertia(fitted, values, 4)).isCloseTo(0, within(1e-6));
    assertThat(fit(values, 4, KMeans.Options.defaults(1)).centers())
        .usingComparatorWithPrecision(1e-6f)
        .containsExactly(0.3f, 0.3f, 0.3f, 0.3f);
  }

  @Test
  void constantColumnsAndFarOffsetsChangeNothing() {
    float[] near = Rows.blobs(300, 4, 6, 3, 0.3, 6);
    float[] far = new float[300 * 5];
    for (int i = 0; i < 300; i++) {
      far[i * 5] = 2000;
      for (int j = 0; j < 4; j++) {
        far[i * 5 + 1 + j] = near[i * 4 + j] + 1000;
      }
    }
    KMeans fitted = fit(far, 5, KMeans.Options.defaults(6));
    for (int i = 0; i < 300; i++) {
      assertThat(fitted.assignments()[i]).isEqualTo(fitted.assignments()[i % 6]);
    }
    assertThat(inertia(fitted, far, 5))
        .isCloseTo(Rows.inertia(far, fitted.centers(), 5), within(1e-2));
  }

  @Test
  void chosenScaledColumnsClusterAsTheSameNumbersStoredDo() {
    float[] values = Rows.blobs(400, 6, 10, 1, 0.7, 7);
    float[] stored = new float[400 * 2];
    for (int i = 0; i < 400; i++) {
      stored[i * 2] = values[i * 6 + 4] * 3f;
      stored[i * 2 + 1] = values[i * 6 + 1] * 0.5f;
    }
    KMeans.Options options = KMeans.Options.defaults(10);
    try (RowReader all = Rows.reader(values, 6);
        RowReader chosen = all.columns(new int[] {4, 1});
        RowReader view = chosen.scaled(new float[] {3, 0.5f})) {
      KMeans fromView = KMeans.fit(view, options, Progress.SILENT);
      KMeans fromStored = fit(stored, 2, options);
      assertThat(fromView.centers()).isEqualTo(fromStored.centers());
      assertThat(fromView.assign(view, Progress.SILENT)).isEqualTo(fromStored.assignments());
    }
  }

  @Test
  void savedCentersPlaceRowsAsTheFitDid() {
    float[] values = Rows.blobs(500, 20, 30, 1, 2, 8);
    try (RowReader data = Rows.reader(values, 20)) {
      KMeans fitted = KMeans.fit(data, KMeans.Options.defaults(12), Progress.SILENT);
      assertThat(KMeans.assign(data, fitted.centers(), 12, Progress.SILENT))
          .isEqualTo(fitted.assignments());
      assertThatThrownBy(() -> KMeans.assign(data, new float[30], 3, Progress.SILENT))
          .isInstanceOf(InputException.class)
          .hasMessage("made: rows have 20 values, but the centres have 10");
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, 3e38f})
  void valuesThatAreNotFiniteAreRefusedByRow(float value) {
    float[] values = Rows.blobs(5000, 3, 4, 1, 0.1, 9);
    KMeans fitted = fit(values, 3, KMeans.Options.defaults(4).withRestarts(1));
    values[4321 * 3 + 1] = value;
    assertThatThrownBy(() -> fit(values, 3, KMeans.Options.defaults(4)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("made: row 4321 (counted from 0) holds a value");
    try (RowReader data = Rows.reader(values, 3)) {
      if (value != 3e38f) {
        assertThatThrownBy(() -> fitted.assign(data, Progress.SILENT))
            .isInstanceOf(InputException.class)
            .hasMessageContaining("row 4321");
      }
    }
  }

  @Test
  void impossibleWishesAreRefused() {
    assertThatThrownBy(() -> fit(new float[12], 3, KMeans.Options.defaults(5)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "made: 5 clusters need at least as many rows, got 4; ask for fewer clusters or give"
                + " more rows");
    KMeans.Options options = KMeans.Options.defaults(2);
    assertThatThrownBy(() -> KMeans.Options.defaults(0)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> options.withRestarts(0)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> options.withMaxIterations(0)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> new KMeans.Options(2, 1, 1, Double.NaN, 0))
        .isInstanceOf(InputException.class);
  }

  @Test
  void structurelessRowsInManyDimensionsAreClusteredToAFixedPoint() {
    double[] noise = new SplittableRandom(10).doubles(400 * 150, -1, 1).toArray();
    float[] values = new float[noise.length];
    for (int j = 0; j < values.length; j++) {
      values[j] = (float) noise[j];
    }
    KMeans fitted = fit(values, 150, new KMeans.Options(20, 2, 300, 0, 0));
    assertThat(counts(fitted)).doesNotContain(0);
    assertThat(fitted.centers())
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(Rows.means(values, fitted.assignments(), 20, 150));
  }

  @Test
  void theInertiaIsOfTheRowsThatWereClustered() {
    float[] values = Rows.blobs(40, 3, 4, 1, 0.1, 11);
    KMeans fitted = fit(values, 3, KMeans.Options.defaults(4));
    assertThatThrownBy(() -> inertia(fitted, Arrays.copyOf(values, 39 * 3), 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> inertia(fitted, new float[40 * 2], 2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static double inertia(KMeans fitted, float[] values, int dims) {
    try (RowReader data = Rows.reader(values, dims)) {
      return fitted.inertia(data);
    }
  }

  private static KMeans fit(float[] values, int dims, KMeans.Options options) {
    try (RowReader data = Rows.reader(values, dims)) {
      return KMeans.fit(data, options, Progress.SILENT);
    }
  }
}
