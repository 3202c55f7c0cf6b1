package org.mixel.neural;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** Every epoch shows every row once, in an order that the seed and the position alone decide. */
class DataLoaderTest {
  private static final int ROWS = 12;

  private static Samples rows() {
    float[] values = new float[2 * ROWS];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return StoredSamples.ofFloats("counted", 2, null, values);
  }

  private static DataLoader loader(int batch, long seed, long next) {
    return DataLoader.of(rows(), ComputeDevice.CPU, batch, seed, next);
  }

  private static List<int[]> take(DataLoader loader, int batches) {
    List<int[]> taken = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      taken.add(loader.nextIndices());
    }
    return taken;
  }

  private static int[] sorted(List<int[]> batches) {
    return batches.stream().flatMapToInt(Arrays::stream).sorted().toArray();
  }

  @Test
  void everyEpochVisitsEveryRowOnceInAnOrderOfItsOwn() {
    try (DataLoader loader = loader(4, 1, 0)) {
      int[] all = IntStream.range(0, ROWS).toArray();
      List<int[]> first = take(loader, 3);
      List<int[]> second = take(loader, 3);
      assertThat(sorted(first)).isEqualTo(all);
      assertThat(sorted(second)).isEqualTo(all);
      assertThat(first.toArray()).isNotEqualTo(second.toArray());
      assertThat(loader.position()).isEqualTo(6);
    }
  }

  @Test
  void whatDoesNotFillABatchIsLeftOut() {
    try (DataLoader loader = loader(5, 1, 0)) {
      assertThat(sorted(take(loader, 2))).hasSize(10).doesNotHaveDuplicates();
      assertThat(sorted(take(loader, 2))).hasSize(10).doesNotHaveDuplicates();
    }
    try (DataLoader loader = loader(ROWS, 1, 0)) {
      assertThat(sorted(take(loader, 1))).hasSize(ROWS).doesNotHaveDuplicates();
    }
  }

  @Test
  void aLoaderStartsAtAnyBatch() {
    try (DataLoader straight = loader(4, 7, 0)) {
      List<int[]> batches = take(straight, 9);
      for (int from = 0; from < 9; from++) {
        try (DataLoader later = loader(4, 7, from)) {
          assertThat(take(later, 9 - from).toArray()).isEqualTo(batches.subList(from, 9).toArray());
        }
      }
    }
    try (DataLoader one = loader(4, 7, 0);
        DataLoader other = loader(4, 8, 0)) {
      assertThat(take(one, 3).toArray()).isNotEqualTo(take(other, 3).toArray());
    }
  }

  @Test
  void rowsAreThoseOfTheirIndices() {
    try (NativeScope scope = new NativeScope();
        DataLoader loader = loader(4, 1, 0);
        DataLoader same = loader(4, 1, 0)) {
      int[] indices = loader.nextIndices();
      float[] values = Tensors.floats(same.next());
      for (int i = 0; i < indices.length; i++) {
        assertThat(values[2 * i]).isEqualTo(2f * indices[i]);
        assertThat(values[2 * i + 1]).isEqualTo(2f * indices[i] + 1);
      }
    }
  }
}
