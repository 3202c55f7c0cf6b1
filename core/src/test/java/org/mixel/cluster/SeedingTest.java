package org.mixel.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/** Seeds of Markov chains are different rows, spread like those of k-means++, and replay. */
class SeedingTest {
  private static final int DIMS = 6;

  /** How seeds are found. */
  private interface Method {
    Tensor seeds(Points points, int clusters, RandomStream draws);
  }

  private static float[] seeds(Method method, float[] values, int clusters, long seed) {
    try (NativeScope scope = new NativeScope();
        RandomStream random = RandomStream.of(seed);
        RowReader data = Rows.reader(values, DIMS);
        CenteredRows rows = CenteredRows.of(data)) {
      return Tensors.floats(method.seeds(rows, clusters, random).add(rows.mean()));
    }
  }

  @Test
  void theSameSeedReplays() {
    float[] values = Rows.blobs(700, DIMS, 60, 1, 0.2, 1);
    float[] first = seeds(MarkovChains::seeds, values, 40, 3);
    assertThat(seeds(MarkovChains::seeds, values, 40, 3)).isEqualTo(first);
    assertThat(seeds(MarkovChains::seeds, values, 40, 4)).isNotEqualTo(first);
  }

  @Test
  void seedsAreDifferentRowsEvenIfAllAreAsked() {
    float[] values = Rows.blobs(90, DIMS, 90, 1, 0.1, 2);
    float[] seeds = seeds(MarkovChains::seeds, values, 90, 5);
    assertThat(Rows.inertia(values, seeds, DIMS)).isLessThan(1e-6);
    float[] same = new float[50 * DIMS];
    Arrays.fill(same, 0.5f);
    assertThat(seeds(MarkovChains::seeds, same, 50, 6)).containsOnly(0.5f);
  }

  @Test
  void chainsComeNearToKMeansPlusPlusAndFarFromChance() {
    float[] values = Rows.blobs(3000, DIMS, 50, 10, 0.1, 3);
    // A few blobs hold nearly all rows, so that chance alone misses the others.
    for (int i = 0; i < 3000; i++) {
      if (i % 50 > 4 && i >= 500) {
        System.arraycopy(values, (i % 5) * DIMS, values, i * DIMS, DIMS);
      }
    }
    double chains = 0;
    double greedy = 0;
    double chance = 0;
    for (int seed = 0; seed < 4; seed++) {
      chains += Rows.inertia(values, seeds(MarkovChains::seeds, values, 60, seed), DIMS);
      greedy += Rows.inertia(values, seeds(Seeding::plusPlus, values, 60, seed), DIMS);
      try (RandomStream random = RandomStream.of(seed)) {
        float[] drawn = new float[60 * DIMS];
        int[] rows = random.choose(60, 3000);
        for (int k = 0; k < 60; k++) {
          System.arraycopy(values, rows[k] * DIMS, drawn, k * DIMS, DIMS);
        }
        chance += Rows.inertia(values, drawn, DIMS);
      }
    }
    assertThat(chains).isLessThan(0.1 * chance);
    assertThat(greedy).isLessThan(0.1 * chance);
  }

  @Test
  void manyClustersAreFitFromChains() {
    int clusters = Seeding.MANY;
    float[] values = Rows.blobs(2 * clusters, DIMS, clusters, 50, 0.01, 4);
    float[] seeds = seeds(Seeding::of, values, clusters, 7);
    assertThat(seeds).isEqualTo(seeds(MarkovChains::seeds, values, clusters, 7));
    float[] few = seeds(Seeding::of, values, clusters - 1, 7);
    assertThat(few).isEqualTo(seeds(Seeding::plusPlus, values, clusters - 1, 7));
  }
}
