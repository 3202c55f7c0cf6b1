package org.mixel.mfa.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.Tensors;

/** Near components share a group, and a row meets them first, then some that it does not know. */
class NeighbourhoodsTest {
  private static Neighbourhoods lists(int[]... lists) {
    return Neighbourhoods.of(lists);
  }

  /** A ring of components, each with the three that follow it. */
  private static Neighbourhoods ring(int components) {
    int[][] lists = new int[components][];
    Arrays.setAll(
        lists,
        k -> new int[] {k, (k + 1) % components, (k + 2) % components, (k + 3) % components});
    return Neighbourhoods.of(lists);
  }

  @Test
  void theNearestMeansAreNeighboursAfterTheComponentItself() {
    try (NativeScope scope = new NativeScope()) {
      Neighbourhoods lists =
          Neighbourhoods.ofMeans(Tensors.of(new float[] {10, 11, 13, 16, 16}, 5, 1), 3);
      assertThat(lists.size()).isEqualTo(3);
      assertThat(lists.of(0)).containsExactly(0, 1, 2);
      assertThat(lists.of(1)).containsExactly(1, 0, 2);
      assertThat(lists.of(2)[0]).isEqualTo(2);
      assertThat(lists.of(3)).containsExactly(3, 4, 2);
      assertThat(lists.of(4)).containsExactly(4, 3, 2);
      assertThat(lists.taught(2)).isZero();
      Neighbourhoods all = Neighbourhoods.ofMeans(Tensors.of(new float[] {1, 2}, 2, 1), 15);
      assertThat(all.of(1)).containsExactly(1, 0);
    }
  }

  @Test
  void areReadAsTheyWereWritten() {
    try (NativeScope scope = new NativeScope()) {
      Neighbourhoods lists = ring(6);
      lists.replace(4, new int[] {4, 0, 1, 2}, 2.5);
      assertThat(lists.taught(4)).isEqualTo(2.5);
      Neighbourhoods again = Neighbourhoods.of(lists.toTensor());
      for (int k = 0; k < 6; k++) {
        assertThat(again.of(k)).isEqualTo(lists.of(k));
      }
      assertThat(again.of(4)).containsExactly(4, 0, 1, 2);
      assertThat(again.taught(4)).isZero();
    }
  }

  /** The third component has won no row, the fourth has enough alone. */
  @Test
  void componentsOfFewRowsAreGroupedWithNearOnes() {
    Neighbourhoods lists =
        lists(
            new int[] {0, 2, 1, 4},
            new int[] {1, 4, 0, 2},
            new int[] {2, 3, 1, 0},
            new int[] {3, 4, 2, 1},
            new int[] {4, 0, 1, 2});
    List<int[]> groups = lists.groups(new int[] {100, 100, 0, 300, 100}, 200);
    assertThat(groups).containsExactly(new int[] {0, 1}, new int[] {3}, new int[] {4});
  }

  @Test
  void aGroupGrowsByTheNeighboursOfItsMembers() {
    List<int[]> groups = ring(12).groups(new int[] {9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9}, 45);
    assertThat(groups)
        .containsExactly(new int[] {0, 1, 2, 3, 4}, new int[] {5, 6, 7, 8, 9}, new int[] {10, 11});
  }

  /**
   * Of seven places beside the member the last two are to explore: one for a neighbour's neighbour,
   * if it is found, and one for any.
   */
  @Test
  void neighboursComeFirstThenOtherCandidatesThenSomeToExplore() {
    TreeSet<Integer> explored = new TreeSet<>();
    TreeSet<Integer> random = new TreeSet<>();
    for (long seed = 0; seed < 500; seed++) {
      int[] around =
          ring(40).around(new int[] {0}, new int[] {20, 3, 30, 35}, 8, new SplittableRandom(seed));
      assertThat(around).startsWith(0, 1, 2, 3, 20, 30).hasSize(8).doesNotHaveDuplicates();
      explored.add(around[6]);
      random.add(around[7]);
    }
    assertThat(explored).contains(4, 5, 6, 21, 22, 23, 31, 32, 33).hasSizeLessThan(14);
    assertThat(random).hasSizeGreaterThan(30).contains(39, 35, 10);
  }

  @Test
  void theNearestOfEachMemberComeBeforeTheNextOfAny() {
    int[] around = ring(40).around(new int[] {0, 20}, new int[] {}, 10, new SplittableRandom(1));
    assertThat(around).startsWith(0, 20, 1, 21, 2, 22, 3).hasSize(10);
  }

  @Test
  void membersAreNeverLeftOut() {
    int[] members = {5, 4, 3, 2, 1};
    assertThat(ring(8).around(members, new int[] {7}, 3, new SplittableRandom(1)))
        .containsExactly(5, 4, 3, 2, 1);
    assertThat(ring(8).around(members, new int[] {7}, 30, new SplittableRandom(1)))
        .startsWith(5, 4, 3, 2, 1)
        .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void thoseAroundAGroupAreAsManyAsAskedFor() {
    float[] means = new float[17 * 2];
    for (int i = 0; i < means.length; i++) {
      means[i] = i * i % 13;
    }
    for (long seed = 0; seed < 200; seed++) {
      for (int width : new int[] {4, 9, 17, 48}) {
        int[] around =
            Neighbourhoods.ofMeans(Tensors.of(means, 17, 2), 3)
                .around(new int[] {5, 2}, new int[] {2, 7}, width, new SplittableRandom(seed));
        assertThat(around).startsWith(5, 2).hasSize(Math.min(width, 17)).doesNotHaveDuplicates();
      }
    }
  }
}
