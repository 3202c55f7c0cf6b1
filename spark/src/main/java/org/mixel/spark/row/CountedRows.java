package org.mixel.spark.row;

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
 * Blocks whose rows are counted, so that each row has a place in the data set.
 *
 * @param blocks must give the same rows whenever they are read
 * @param firsts the place of the first row of each partition
 * @param rows number of all rows
 * @param dims values of a row
 * @param weight what all rows weigh
 */
public record CountedRows(
    JavaRDD<RowBlock> blocks, long[] firsts, long rows, int dims, double weight) {
  /** The rows that a partition gives. */
  private record Piece(int partition, RowBlock block) implements Serializable {}

  /** How many rows a partition has, their size (0 without rows), and what they weigh. */
  private record Count(long rows, int dims, double weight) implements Serializable {
    Count and(RowBlock block) {
      double own = block.weights() == null ? block.rows() : Arrays.stream(block.weights()).sum();
      return new Count(rows + block.rows(), sameDims(dims, block.dims()), weight + own);
    }
  }

  private static int sameDims(int some, int others) {
    if (some != 0 && others != 0 && some != others) {
      throw new InputException("some rows have %d values, others %d".formatted(some, others));
    }
    return Math.max(some, others);
  }

  /**
   * Counts rows.
   *
   * @throws InputException if there are none, or they are of different sizes
   */
  public static CountedRows of(JavaRDD<RowBlock> blocks) {
    List<Count> counts =
        blocks
            .mapPartitions(
                own -> {
                  Count count = new Count(0, 0, 0);
                  while (own.hasNext()) {
                    count = count.and(own.next());
                  }
                  return List.of(count).iterator();
                },
                true)
            .collect();
    long[] firsts = new long[counts.size()];
    long rows = 0;
    int dims = 0;
    for (int i = 0; i < firsts.length; i++) {
      firsts[i] = rows;
      rows += counts.get(i).rows();
      dims = sameDims(dims, counts.get(i).dims());
    }
    if (rows == 0) {
      throw new InputException("the data set has no rows that count");
    }
    return new CountedRows(
        blocks, firsts, rows, dims, counts.stream().mapToDouble(Count::weight).sum());
  }

  /** Rows of each partition. */
  public int[] ofPartitions() {
    int[] counts = new int[firsts.length];
    for (int i = 0; i < counts.length; i++) {
      long end = i + 1 < firsts.length ? firsts[i + 1] : rows;
      counts[i] = Math.toIntExact(end - firsts[i]);
    }
    return counts;
  }

  /**
   * Brings random rows to the driver, in the order of the data set; all of them if there are not
   * more.
   *
   * @param most rows
   * @param seed fixes the choice
   */
  public RowBlock sample(int most, long seed) {
    return take(chosen(rows, most, seed));
  }

  /**
   * Brings rows to the driver.
   *
   * @param chosen rising places; null for all rows
   */
  public RowBlock take(long @Nullable [] chosen) {
    long[] begins = firsts;
    List<Piece> pieces = new ArrayList<>();
    pieces.addAll(
        blocks
            .mapPartitionsWithIndex(
                (partition, own) -> {
                  long at = begins[partition];
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
