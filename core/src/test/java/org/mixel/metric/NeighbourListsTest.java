package org.mixel.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;

/** Rows as far as each other are ordered by one random number each, in blocks of any size. */
class NeighbourListsTest {
  private static Samples equal(int rows, boolean bytes) {
    ImageShape shape = new ImageShape(1, 1, 2);
    if (bytes) {
      byte[] pixels = new byte[2 * rows];
      Arrays.fill(pixels, (byte) 7);
      return StoredSamples.ofBytes("equal", shape, pixels);
    }
    float[] values = new float[2 * rows];
    Arrays.fill(values, 0.3f);
    return StoredSamples.ofFloats("equal", 2, shape, values);
  }

  /** Of 1,025 rows of a set the last makes blocks of one row and of one column. */
  @ParameterizedTest
  @CsvSource({"1025, 30, true", "1025, 30, false", "30, 1025, true", "150, 150, false"})
  void allListsOfEqualRowsHaveOneOrder(int reference, int candidate, boolean bytes) {
    int rows = reference + candidate;
    try (NativeScope scope = new NativeScope();
        PooledProducts products =
            PooledProducts.of(equal(reference, bytes), equal(candidate, bytes), ComputeDevice.CPU);
        NeighbourLists lists = NeighbourLists.of(products, rows - 1, 3);
        Progress.Stage stage = Progress.SILENT.begin("", -1)) {
      products.forEach(stage, lists);
      int[] all = lists.neighbours(rows - 1);
      int[] order = orderOf(all, rows);
      for (int i = 0; i < rows; i++) {
        int row = i;
        assertThat(Arrays.copyOfRange(all, i * (rows - 1), (i + 1) * (rows - 1)))
            .isEqualTo(IntStream.of(order).filter(other -> other != row).toArray());
      }
      assertThat(lists.squaredDistances(rows - 1)).containsOnly(0);
    }
  }

  /** The list of the first row, with this row where the second's list has it. */
  private static int[] orderOf(int[] all, int rows) {
    int[] second = Arrays.copyOfRange(all, rows - 1, 2 * (rows - 1));
    int place = IntStream.range(0, second.length).filter(i -> second[i] == 0).findFirst().orElse(0);
    int next = place + 1 < second.length ? second[place + 1] : -1;
    int[] order = new int[rows];
    int at = 0;
    for (int i = 0; i < rows - 1; i++) {
      if (all[i] == next) {
        order[at++] = 0;
      }
      order[at++] = all[i];
    }
    if (at < rows) {
      order[at] = 0;
    }
    return order;
  }
}
