package org.mixel.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.HashPartitioner;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.jspecify.annotations.Nullable;
import org.mixel.mfa.training.ComponentSums;
import scala.Tuple2;

/**
 * The results of tasks, part by part, and their sums. Parts travel sorted by component and task,
 * and those of a component are added in the order of the tasks: a task that is run again, or twice
 * at a time, changes nothing, and neither does the order in which tasks end.
 */
final class KeyedSums {
  private KeyedSums() {}

  /**
   * A part under its key.
   *
   * @param component or what else is summed
   */
  record Part(int component, int task, Load load) implements Serializable {}

  /** The content of a part. */
  sealed interface Load extends Serializable permits Component, Total, Candidates {}

  /**
   * The result of a task for a component.
   *
   * @param sums null if none are gathered
   * @param neighbours the list that was learned; null if none was
   * @param taught what the rows weighed that it was learned from
   */
  record Component(@Nullable ComponentSums sums, int @Nullable [] neighbours, double taught)
      implements Load {
    /** Both; the sums of the other are added to these. */
    Component plus(Component other) {
      if (sums != null && other.sums != null) {
        sums.add(other.sums);
      }
      Component teacher = other.taught > taught ? other : this;
      return new Component(sums, teacher.neighbours, teacher.taught);
    }
  }

  /** The rows of a task, by their weights, and their log-likelihood. */
  record Total(double rows, double logLikelihood) implements Load {
    Total plus(Total other) {
      return new Total(rows + other.rows, logLikelihood + other.logLikelihood);
    }

    /** In nats per row. */
    double meanLogLikelihood() {
      return logLikelihood / rows;
    }
  }

  /** The candidates of a task's rows, which stay apart. */
  record Candidates(int[] values) implements Load {}

  /** The sums over tasks. */
  static List<Part> of(JavaRDD<Part> parts, int components) {
    int most = Math.max(1, Math.min(components, parts.context().defaultParallelism()));
    return parts
        .mapToPair(part -> new Tuple2<>(key(part), part))
        .repartitionAndSortWithinPartitions(new ByComponent(most))
        .values()
        .mapPartitions(Sums::new)
        .collect();
  }

  private static long key(Part part) {
    return (long) part.component() << Integer.SIZE | part.task();
  }

  /** Sends the parts of a component from all tasks to one place. */
  private static final class ByComponent extends Partitioner {
    private static final long serialVersionUID = 1;

    private final HashPartitioner components;

    ByComponent(int parts) {
      components = new HashPartitioner(parts);
    }

    @Override
    public int numPartitions() {
      return components.numPartitions();
    }

    @Override
    public int getPartition(Object key) {
      return components.getPartition((int) ((Long) key >> Integer.SIZE));
    }
  }

  /** Adds consecutive parts of one component. */
  private static final class Sums implements Iterator<Part> {
    private final Iterator<Part> sorted;
    private @Nullable Part waiting;

    Sums(Iterator<Part> sorted) {
      this.sorted = sorted;
      waiting = sorted.hasNext() ? sorted.next() : null;
    }

    @Override
    public boolean hasNext() {
      return waiting != null;
    }

    @Override
    public Part next() {
      Part sum = waiting;
      if (sum == null) {
        throw new NoSuchElementException();
      }
      waiting = null;
      while (sorted.hasNext() && waiting == null) {
        Part other = sorted.next();
        if (sum.load() instanceof Component a
            && other.load() instanceof Component b
            && sum.component() == other.component()) {
          sum = new Part(sum.component(), sum.task(), a.plus(b));
        } else if (sum.load() instanceof Total a && other.load() instanceof Total b) {
          sum = new Part(sum.component(), sum.task(), a.plus(b));
        } else {
          waiting = other;
        }
      }
      return sum;
    }
  }
}
