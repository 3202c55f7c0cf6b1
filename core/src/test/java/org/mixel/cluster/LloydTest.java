package org.mixel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/** The rows that Lloyd's steps leave unmeasured are the ones that would not have changed. */
class LloydTest {
  private static final int DIMS = 12;
  private static final int CLUSTERS = 23;

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 32})
  void stepsAreThoseOfTheTextbook(int groups) {
    float[] values = Rows.blobs(2000, DIMS, 100, 1, 0.6, 11);
    float[] centers = Arrays.copyOf(values, CLUSTERS * DIMS);
    try (NativeScope scope = new NativeScope();
        RowReader data = Rows.reader(values, DIMS);
        CenteredRows rows = CenteredRows.of(data);
        Lloyd lloyd = new Lloyd(rows, centered(centers, rows), groups)) {
      double before = Double.POSITIVE_INFINITY;
      for (int step = 0; step < 25; step++) {
        int[] nearest = new int[2000];
        for (int i = 0; i < nearest.length; i++) {
          nearest[i] = Rows.nearest(values, i, centers, DIMS);
        }
        assertThat(assigned(lloyd)).isEqualTo(nearest);
        assertThat(lloyd.relativeInertia()).isLessThanOrEqualTo(before);
        before = lloyd.relativeInertia();
        centers = Rows.means(values, nearest, CLUSTERS, DIMS);
        lloyd.step();
        assertThat(Tensors.floats(lloyd.centers().add(rows.mean())))
            .usingComparatorWithPrecision(1e-6f)
            .containsExactly(centers);
      }
      assertThat(lloyd.measured()).isLessThan(2000 * 18);
    }
  }

  @Test
  void inertiaIsKnownUpToTheRowsOwnPart() {
    float[] values = Rows.blobs(500, DIMS, 30, 1, 0.6, 12);
    try (NativeScope scope = new NativeScope();
        RowReader data = Rows.reader(values, DIMS);
        CenteredRows rows = CenteredRows.of(data);
        Lloyd lloyd = new Lloyd(rows, centered(Arrays.copyOf(values, CLUSTERS * DIMS), rows), 1)) {
      assertThat(lloyd.run(0, 100)).isTrue();
      float[] centers = Tensors.floats(lloyd.centers().add(rows.mean()));
      double own = rows.variance() * DIMS * 500;
      assertThat(own + lloyd.relativeInertia())
          .isCloseTo(Rows.inertia(values, centers, DIMS), within(1e-5 * own));
    }
  }

  @Test
  void emptyClustersTakeTheWorstPlacedRows() {
    float[] values = Rows.blobs(90, DIMS, 9, 5, 0.1, 13);
    float[] centers = new float[9 * DIMS];
    Arrays.fill(centers, 0, 6 * DIMS, 100);
    try (NativeScope scope = new NativeScope();
        RowReader data = Rows.reader(values, DIMS);
        CenteredRows rows = CenteredRows.of(data);
        Lloyd lloyd = new Lloyd(rows, centered(centers, rows), 4)) {
      assertThat(Arrays.stream(assigned(lloyd)).distinct().count()).isLessThan(4);
      assertThat(lloyd.run(0, 100)).isTrue();
      assertThat(Arrays.stream(assigned(lloyd)).distinct().count()).isEqualTo(9);
    }
  }

  private static Tensor centered(float[] centers, CenteredRows rows) {
    return Tensors.of(centers, centers.length / DIMS, DIMS).sub(rows.mean());
  }

  private static int[] assigned(Lloyd lloyd) {
    return Arrays.stream(Tensors.longs(lloyd.assigned())).mapToInt(Math::toIntExact).toArray();
  }
}
