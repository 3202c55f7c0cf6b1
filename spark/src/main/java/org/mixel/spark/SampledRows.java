package org.mixel.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDD;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;

/**
 * Random rows of blocks, brought to the driver.
 *
 * @param block the rows, in the order of the data set
 * @param all what all rows of the data set weigh
 */
record SampledRows(RowBlock block, double all) {

  /** The rows that a partition gives. */
  private record Piece(int partition, RowBlock block) implements Serializable {}

  /** How many rows a partition has, and what they weigh. */
  private record Count(long rows, double weight) implements Serializable {
    Count and(RowBlock block) {
      double own = block.weights() == null ? block.rows() : Arrays.stream(block.weights()).sum();
      return new Count(rows + block.rows(), weight + own);
    }
  }

  /**
   * Takes random rows; all of them if there are not more.
   *
   * @param most rows
   * @param seed fixes the choice
   */
  static SampledRows of(JavaRDD<RowBlock> blocks, int most, long seed) {
    List<Count> counts = counts(blocks);
    long all = counts.stream().mapToLong(Count::rows).sum();
    long[] chosen = chosen(all, most, seed);
    long[] firsts = new long[counts.size()];
    for (int i = 1; i < firsts.length; i++) {
      firsts[i] = firsts[i - 1] + counts.get(i - 1).rows();
    }
    List<Piece> pieces = new ArrayList<>();
    pieces.addAll(
        blocks
            .mapPartitionsWithIndex(
                (partition, own) -> {
                  long at = firsts[partition];
                  List<Piece> found = new ArrayList<>();
                  while (own.hasNext()) {
                    RowBlock block = own.next();
                    int[] places = places(chosen, at, block.rows());
                    if (places.length > 0) {
                      found.add(new Piece(partition, block.select(places)));
                    }
                    at += block.rows();
                  }
                  return found.iterator();
                },
                true)
            .collect());
    pieces.sort(Comparator.comparingInt(Piece::partition));
    return new SampledRows(
        RowBlock.join(pieces.stream().map(Piece::block).toList()),
        counts.stream().mapToDouble(Count::weight).sum());
  }

  /** Rows of each partition. */
  private static List<Count> counts(JavaRDD<RowBlock> blocks) {
    List<Count> counts =
        blocks
            .mapPartitions(
                own -> {
                  Count count = new Count(0, 0);
                  while (own.hasNext()) {
                    count = count.and(own.next());
                  }
                  return List.of(count).iterator();
                },
                true)
            .collect();
    if (counts.stream().allMatch(count -> count.rows() == 0)) {
      throw new InputException("the data set has no rows that count");
    }
    return counts;
  }

  /** Rising places; null stands for all rows. */
  private static long @Nullable [] chosen(long all, int most, long seed) {
    if (all <= most) {
      return null;
    }
    SplittableRandom random = new SplittableRandom(seed);
    TreeSet<Long> places = new TreeSet<>();
    // Floyd's choice of a subset: one draw for each place.
    for (long last = all - most; last < all; last++) {
      long drawn = random.nextLong(last + 1);
      places.add(places.contains(drawn) ? last : drawn);
    }
    return places.stream().mapToLong(Long::longValue).toArray();
  }

  /** Those of the chosen rows that lie in a block, counted from its first. */
  private static int[] places(long @Nullable [] chosen, long from, int rows) {
    if (chosen == null) {
      int[] all = new int[rows];
      Arrays.setAll(all, i -> i);
      return all;
    }
    int first = Arrays.binarySearch(chosen, from);
    first = first < 0 ? -first - 1 : first;
    int end = Arrays.binarySearch(chosen, from + rows);
    end = end < 0 ? -end - 1 : end;
    int[] places = new int[end - first];
    for (int i = 0; i < places.length; i++) {
      places[i] = (int) (chosen[first + i] - from);
    }
    return places;
  }
}
