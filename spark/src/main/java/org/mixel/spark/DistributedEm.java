package org.mixel.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.apache.spark.HashPartitioner;
import org.apache.spark.Partitioner;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.BlockExpectation;
import org.mixel.mfa.training.ComponentSums;
import org.mixel.mfa.training.Pass;
import org.mixel.mfa.training.Standardization;
import org.mixel.mfa.training.SufficientStatistics;
import org.mixel.tensor.Threads;
import scala.Tuple2;

/**
 * Exact EM whose E-step is made where the rows are. A task fills one set of statistics from all its
 * blocks; its sums leave it component by component, sorted by component and task, and those of a
 * component are added in the order of the tasks: a task that is run again, or twice at a time,
 * changes nothing, and neither does the order in which tasks end.
 *
 * @param blocks the rows, in as few partitions as there are tasks to run
 * @param shape of images; null for vectors
 * @param units of the training
 * @param beforePass is run before each pass
 */
record DistributedEm(
    JavaRDD<RowBlock> blocks,
    @Nullable ImageShape shape,
    Standardization units,
    Runnable beforePass)
    implements Algorithm {
  /** Values that are taken at a time. */
  private static final long GATHERED = 1 << 24;

  /** Sums of a component, or the row count and likelihood of a task, under their key. */
  private record Part(long key, @Nullable ComponentSums sums, double rows, double logLikelihood)
      implements Serializable {}

  @Override
  public String trainer() {
    return "em";
  }

  @Override
  public Map<String, String> toMetadata() {
    return Map.of("engine", "spark");
  }

  @Override
  public boolean allowsMissing() {
    return true;
  }

  @Override
  public boolean allowsWeights() {
    return true;
  }

  @Override
  public boolean remembers() {
    return false;
  }

  @Override
  public Pass begin(Pass.Setting setting) {
    return this::expect;
  }

  private SufficientStatistics expect(
      org.mixel.mfa.MixtureOfFactorAnalyzers model, Progress.Stage stage) {
    beforePass.run();
    SufficientStatistics statistics = SufficientStatistics.empty(model);
    try {
      for (Part part : gather(model)) {
        if (part.sums() == null) {
          statistics.count(part.rows(), part.logLikelihood());
          stage.advance((long) part.rows());
        } else {
          statistics.add(component(part.key()), part.sums());
        }
      }
      return statistics;
    } catch (RuntimeException | Error e) {
      statistics.close();
      throw e;
    }
  }

  private List<Part> gather(org.mixel.mfa.MixtureOfFactorAnalyzers model) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(blocks.context());
    Broadcast<byte[]> sent = context.broadcast(SharedModel.bytes(model));
    try {
      String id = UUID.randomUUID().toString();
      @Nullable ImageShape image = shape;
      Standardization standard = units;
      int cpus = cpus(blocks.context());
      int components = model.components();
      int parts = Math.max(1, Math.min(components, context.defaultParallelism()));
      return blocks
          .mapPartitionsWithIndex(
              (task, rows) ->
                  expected(task, rows, SharedModel.of(id, sent.value()), image, standard, cpus),
              true)
          .mapToPair(part -> new Tuple2<>(part.key(), part))
          .repartitionAndSortWithinPartitions(new ByComponent(parts))
          .values()
          .mapPartitions(Sums::new)
          .collect();
    } finally {
      sent.destroy();
    }
  }

  private static int cpus(SparkContext context) {
    return Integer.parseInt(context.getConf().get("spark.task.cpus", "1"));
  }

  /** The sums of a task's rows, one component after the other. */
  private static Iterator<Part> expected(
      int task,
      Iterator<RowBlock> rows,
      SharedModel.Use use,
      @Nullable ImageShape shape,
      Standardization units,
      int cpus) {
    BlockExpectation expectation;
    try {
      expectation = BlockExpectation.of(use.model());
    } catch (RuntimeException | Error e) {
      use.close();
      throw e;
    }
    TaskContext.get()
        .addTaskCompletionListener(
            (TaskCompletionListener)
                context -> {
                  expectation.close();
                  use.close();
                });
    Runnable work =
        () -> {
          while (rows.hasNext()) {
            expectation.add(units.apply(together(rows).samples(shape)));
          }
        };
    if (cpus == 1) {
      Threads.alone(
          () -> {
            work.run();
            return task;
          });
    } else {
      work.run();
    }
    SufficientStatistics statistics = expectation.statistics();
    int components = use.model().components();
    Part total =
        new Part(key(components, task), null, statistics.rows(), statistics.logLikelihood());
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next <= components;
      }

      @Override
      public Part next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        int k = next++;
        return k == components ? total : new Part(key(k, task), statistics.sums(k), 0, 0);
      }
    };
  }

  /** The next blocks as one: a component's share of few rows costs as much as that of many. */
  private static RowBlock together(Iterator<RowBlock> rows) {
    List<RowBlock> some = new ArrayList<>();
    long values = 0;
    while (rows.hasNext() && values < GATHERED) {
      RowBlock next = rows.next();
      some.add(next);
      values += (long) next.rows() * next.dims();
    }
    return some.size() == 1 ? some.get(0) : RowBlock.join(some);
  }

  private static long key(int component, int task) {
    return (long) component << Integer.SIZE | task;
  }

  private static int component(long key) {
    return (int) (key >> Integer.SIZE);
  }

  /** Sends the sums of a component from all tasks to one place. */
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
      return components.getPartition(component((Long) key));
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
        if (component(other.key()) == component(sum.key())) {
          sum = plus(sum, other);
        } else {
          waiting = other;
        }
      }
      return sum;
    }

    private static Part plus(Part sum, Part other) {
      if (sum.sums() != null && other.sums() != null) {
        sum.sums().add(other.sums());
      }
      return new Part(
          sum.key(),
          sum.sums(),
          sum.rows() + other.rows(),
          sum.logLikelihood() + other.logLikelihood());
    }
  }
}
