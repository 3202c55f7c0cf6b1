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

/** Random rows of blocks, brought to the driver. */
final class SampledRows {
  private SampledRows() {}

  /** The rows that a partition gives. */
  private record Piece(int partition, RowBlock block) implements Serializable {}

  /**
   * Takes random rows, in the order of the data set; all of them if there are not more.
   *
   * @param most rows
   * @param seed fixes the choice
   */
  static RowBlock of(JavaRDD<RowBlock> blocks, int most, long seed) {
    long[] counts = counts(blocks);
    long all = Arrays.stream(counts).sum();
    long[] chosen = chosen(all, most, seed);
    long[] firsts = new long[counts.length];
    for (int i = 1; i < firsts.length; i++) {
      firsts[i] = firsts[i - 1] + counts[i - 1];
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
    return RowBlock.join(pieces.stream().map(Piece::block).toList());
  }

  /** Rows of each partition. */
  private static long[] counts(JavaRDD<RowBlock> blocks) {
    List<Long> counts =
        blocks
            .mapPartitions(
                own -> {
                  long rows = 0;
                  while (own.hasNext()) {
                    rows += own.next().rows();
                  }
                  return List.of(rows).iterator();
                },
                true)
            .collect();
    long[] rows = counts.stream().mapToLong(Long::longValue).toArray();
    if (Arrays.stream(rows).sum() == 0) {
      throw new InputException("the data set has no rows that count");
    }
    return rows;
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
