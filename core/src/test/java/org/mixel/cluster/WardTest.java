package org.mixel.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RowReader;

/** Ward's clustering makes the cheapest merges, as a search over all pairs does. */
class WardTest {
  private static final int DIMS = 3;

  private static Samples rows(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count * DIMS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (100 + random.nextGaussian() * (1 + i % 4));
    }
    return StoredSamples.ofFloats("rows", DIMS, null, values);
  }

  private static Ward fit(Samples samples, int[] rows, int clusters) {
    try (RowReader reader = RowReader.of(samples, ComputeDevice.CPU)) {
      return Ward.fit(reader, rows, clusters, Progress.SILENT);
    }
  }

  @Test
  void agreesWithASearchOverAllPairs() {
    Samples samples = rows(60, 1);
    int[] all = IntStream.range(0, 60).toArray();
    for (int clusters : new int[] {1, 2, 5, 17, 60}) {
      assertThat(fit(samples, all, clusters).assignments())
          .isEqualTo(greedy(samples, all, clusters));
    }
    int[] some = {3, 50, 7, 8, 9, 41, 22, 17, 59, 0, 30, 12};
    assertThat(fit(samples, some, 4).assignments()).isEqualTo(greedy(samples, some, 4));
  }

  /** The criterion itself: always the two clusters whose union raises the sum of squares least. */
  private static int[] greedy(Samples samples, int[] rows, int clusters) {
    List<List<Integer>> groups = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      groups.add(new ArrayList<>(List.of(i)));
    }
    while (groups.size() > clusters) {
      int first = 0;
      int second = 1;
      double least = Double.POSITIVE_INFINITY;
      for (int a = 0; a < groups.size(); a++) {
        for (int b = a + 1; b < groups.size(); b++) {
          List<Integer> union = new ArrayList<>(groups.get(a));
          union.addAll(groups.get(b));
          double cost =
              squares(samples, rows, union)
                  - squares(samples, rows, groups.get(a))
                  - squares(samples, rows, groups.get(b));
          if (cost < least) {
            least = cost;
            first = a;
            second = b;
          }
        }
      }
      groups.get(first).addAll(groups.remove(second));
    }
    groups.sort(java.util.Comparator.comparing(java.util.Collections::min));
    int[] assignments = new int[rows.length];
    for (int k = 0; k < groups.size(); k++) {
      for (int i : groups.get(k)) {
        assignments[i] = k;
      }
    }
    return assignments;
  }

  private static double squares(Samples samples, int[] rows, List<Integer> group) {
    double[] mean = mean(samples, rows, group);
    double total = 0;
    for (int i : group) {
      for (int j = 0; j < DIMS; j++) {
        total += Math.pow(samples.row(rows[i])[j] - mean[j], 2);
      }
    }
    return total;
  }

  private static double[] mean(Samples samples, int[] rows, List<Integer> group) {
    double[] mean = new double[DIMS];
    for (int i : group) {
      for (int j = 0; j < DIMS; j++) {
        mean[j] += samples.row(rows[i])[j] / group.size();
      }
    }
    return mean;
  }

  @Test
  void centresAreTheMeansOfTheirRows() {
    Samples samples = rows(200, 2);
    int[] all = IntStream.range(0, 200).toArray();
    Ward ward = fit(samples, all, 6);
    for (int k = 0; k < 6; k++) {
      int cluster = k;
      List<Integer> group =
          IntStream.range(0, 200).filter(i -> ward.assignments()[i] == cluster).boxed().toList();
      double[] mean = mean(samples, all, group);
      for (int j = 0; j < DIMS; j++) {
        assertThat((double) ward.centers()[k * DIMS + j]).isCloseTo(mean[j], within(1e-4));
      }
    }
  }

  @Test
  void equalRowsAreMergedFirst() {
    float[] values = new float[40];
    values[5] = 1;
    values[6] = 1;
    int[] all = IntStream.range(0, 40).toArray();
    Ward ward = fit(StoredSamples.ofFloats("rows", 1, null, values), all, 2);
    for (int i = 0; i < 40; i++) {
      assertThat(ward.assignments()[i]).isEqualTo(i == 5 || i == 6 ? 1 : 0);
    }
  }

  @Test
  void refusesWhatCannotBeClustered() {
    Samples samples = rows(5, 3);
    assertThatThrownBy(() -> fit(samples, new int[] {0, 1, 2}, 4))
        .isInstanceOf(InputException.class)
        .hasMessage("rows: 4 clusters need at least 1 and at most as many as rows, got 3 rows");
    float[] huge = {1e19f, -1e19f, 1};
    assertThatThrownBy(
            () -> fit(StoredSamples.ofFloats("huge", 1, null, huge), new int[] {0, 1, 2}, 2))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("huge: row 0");
    float[] large = new float[300];
    for (int i = 0; i < large.length; i++) {
      large[i] = (i % 7 - 3) * 1e18f;
    }
    int[] some = IntStream.range(100, 300).toArray();
    assertThatThrownBy(() -> fit(StoredSamples.ofFloats("large", 1, null, large), some, 3))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("large: row 100");
  }
}
