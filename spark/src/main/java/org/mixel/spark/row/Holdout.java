package org.mixel.spark.row;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.api.java.JavaRDD;

/** Divides rows into those for training and those that are held out, by the seed. */
public final class Holdout {
  private Holdout() {}

  /**
   * One of both parts.
   *
   * @param share of the rows that is held out
   * @param held whether to return the rows that are held out, or the others
   */
  public static JavaRDD<RowBlock> of(
      JavaRDD<RowBlock> blocks, double share, long seed, boolean held) {
    return blocks.mapPartitionsWithIndex(
        (partition, rows) -> part(rows, new SplittableRandom(seed + partition), share, held), true);
  }

  private static Iterator<RowBlock> part(
      Iterator<RowBlock> blocks, SplittableRandom random, double share, boolean held) {
    List<RowBlock> chosen = new ArrayList<>();
    while (blocks.hasNext()) {
      RowBlock block = blocks.next();
      int[] places = new int[block.rows()];
      int count = 0;
      for (int i = 0; i < block.rows(); i++) {
        if (random.nextDouble() < share == held) {
          places[count++] = i;
        }
      }
      if (count > 0) {
        chosen.add(block.select(java.util.Arrays.copyOf(places, count)));
      }
    }
    return chosen.iterator();
  }
}
