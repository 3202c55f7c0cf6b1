package org.mixel.spark.row;

import java.io.Serializable;
import org.apache.spark.Partition;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionCoalescer;
import org.apache.spark.rdd.PartitionGroup;
import org.apache.spark.rdd.RDD;
import scala.Option;

/**
 * Joins partitions to fewer ones, each of consecutive ones and of about as many: always the same,
 * wherever they lie. Spark's own way depends on their places, which change.
 */
public final class ConsecutivePartitions implements PartitionCoalescer, Serializable {
  private static final long serialVersionUID = 1;

  private ConsecutivePartitions() {}

  /** The same rows in at most so many partitions. */
  public static <T> JavaRDD<T> of(JavaRDD<T> rows, int most) {
    return most >= rows.getNumPartitions()
        ? rows
        : rows.rdd()
            .coalesce(most, false, Option.apply(new ConsecutivePartitions()), null)
            .toJavaRDD();
  }

  @Override
  public PartitionGroup[] coalesce(int most, RDD<?> parent) {
    Partition[] all = parent.partitions();
    PartitionGroup[] groups = new PartitionGroup[Math.min(most, all.length)];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = new PartitionGroup(Option.empty());
      int from = (int) ((long) i * all.length / groups.length);
      int to = (int) ((i + 1L) * all.length / groups.length);
      for (int j = from; j < to; j++) {
        groups[i].partitions().addOne(all[j]);
      }
    }
    return groups;
  }
}
