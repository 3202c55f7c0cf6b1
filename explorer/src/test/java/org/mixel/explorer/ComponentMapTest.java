package org.mixel.explorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;

/** Every component has a cell of its own, beside those that are like it. */
class ComponentMapTest {
  private static final int DIMS = 16;

  /** Means about a few centres, in an order that says nothing. */
  private static Samples means(int count, int centres, long seed) {
    Random random = new Random(seed);
    float[] middles = new float[centres * DIMS];
    for (int j = 0; j < middles.length; j++) {
      middles[j] = (float) random.nextGaussian();
    }
    float[] values = new float[count * DIMS];
    for (int i = 0; i < values.length; i++) {
      int centre = i / DIMS % centres;
      values[i] = (float) (middles[centre * DIMS + i % DIMS] + 0.1 * random.nextGaussian());
    }
    return StoredSamples.ofFloats("means", DIMS, new ImageShape(1, 4, 4), values);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 17, 100, 256, 1001})
  void cellsDiffer(int count) {
    ComponentMap map = ComponentMap.of(means(count, 7, 1));
    assertThat(map.cells()).hasSize(count).doesNotHaveDuplicates();
    assertThat(IntStream.of(map.cells()))
        .allMatch(cell -> cell >= 0 && cell < map.columns() * map.rows());
    assertThat(map.columns() * map.rows()).isBetween(count, count + 2 * map.columns());
    assertThat(map.method()).startsWith(count > 3 && count <= 1000 ? "t-SNE" : "principal");
  }

  @Test
  void equalMeansHaveCellsOfTheirOwn() {
    Samples same = StoredSamples.ofFloats("means", 2, null, new float[2 * 30]);
    assertThat(ComponentMap.of(same).cells()).hasSize(30).doesNotHaveDuplicates();
  }

  @Test
  void theSameMeansLieTheSameWay() {
    Samples means = means(200, 9, 3);
    assertThat(ComponentMap.of(means).cells()).isEqualTo(ComponentMap.of(means).cells());
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 1200})
  void neighboursAreAlike(int count) {
    int centres = 8;
    ComponentMap map = ComponentMap.of(means(count, centres, 5));
    int[] at = new int[map.columns() * map.rows()];
    java.util.Arrays.fill(at, -1);
    for (int k = 0; k < count; k++) {
      at[map.cells()[k]] = k;
    }
    int pairs = 0;
    int alike = 0;
    for (int cell = 0; cell + 1 < at.length; cell++) {
      boolean beside = (cell + 1) % map.columns() != 0 && at[cell] >= 0 && at[cell + 1] >= 0;
      pairs += beside ? 1 : 0;
      alike += beside && at[cell] % centres == at[cell + 1] % centres ? 1 : 0;
    }
    // By chance one pair in eight is of one centre.
    assertThat((double) alike / pairs).isGreaterThan(0.6);
  }

  @Test
  void unitsOfVectorsDoNotMatter() {
    float[] values = new float[40 * 2];
    float[] scaled = new float[40 * 2];
    Random random = new Random(2);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(1000);
      scaled[i] = i % 2 == 0 ? values[i] : 1024 * values[i];
    }
    assertThat(ComponentMap.of(StoredSamples.ofFloats("means", 2, null, scaled)).cells())
        .isEqualTo(ComponentMap.of(StoredSamples.ofFloats("means", 2, null, values)).cells());
  }
}
