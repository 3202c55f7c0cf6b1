package org.mixel.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.mfa.training.Standardization;
import org.mixel.spark.row.GatheredBlocks;
import org.mixel.spark.row.RowBlock;
import org.mixel.tensor.Threads;

/**
 * The rows of a training where they are.
 *
 * @param blocks the rows, in as few partitions as there are tasks to run
 * @param shape of images; null for vectors
 * @param units of the training
 * @param beforePass is run before each pass
 */
record DistributedRows(
    JavaRDD<RowBlock> blocks,
    @Nullable ImageShape shape,
    Standardization units,
    Runnable beforePass) {
  /** The work of a task on its rows under a model. */
  interface Work extends Serializable {
    /**
     * @param rows in the units of the training, block by block
     * @param model open until the task ends
     */
    Iterator<KeyedSums.Part> run(
        int task, Iterator<Samples> rows, org.mixel.mfa.MixtureOfFactorAnalyzers model);
  }

  /** A pass over all rows, and the sums of what its tasks give. */
  List<KeyedSums.Part> pass(org.mixel.mfa.MixtureOfFactorAnalyzers model, Work work) {
    beforePass.run();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(blocks.context());
    Broadcast<byte[]> sent = context.broadcast(SharedModel.bytes(model));
    try {
      String id = UUID.randomUUID().toString();
      @Nullable ImageShape image = shape;
      Standardization standard = units;
      boolean alone = cpus(blocks.context()) == 1;
      JavaRDD<KeyedSums.Part> parts =
          blocks.mapPartitionsWithIndex(
              (task, rows) -> {
                org.mixel.mfa.MixtureOfFactorAnalyzers own = open(id, sent.value());
                Iterator<Samples> blocks = samples(rows, image, standard);
                return alone
                    ? Threads.alone(() -> work.run(task, blocks, own))
                    : work.run(task, blocks, own);
              },
              true);
      return KeyedSums.of(parts, model.components());
    } finally {
      sent.destroy();
    }
  }

  private static int cpus(SparkContext context) {
    return Integer.parseInt(context.getConf().get("spark.task.cpus", "1"));
  }

  private static org.mixel.mfa.MixtureOfFactorAnalyzers open(String id, byte[] file) {
    SharedModel.Use use = SharedModel.of(id, file);
    closeAfterTask(use);
    return use.model();
  }

  /** Closes something when the task ends, before the things that came earlier. */
  static void closeAfterTask(AutoCloseable each) {
    TaskContext.get()
        .addTaskCompletionListener(
            (TaskCompletionListener)
                context -> {
                  try {
                    each.close();
                  } catch (RuntimeException e) {
                    throw e;
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                });
  }

  private static Iterator<Samples> samples(
      Iterator<RowBlock> rows, @Nullable ImageShape shape, Standardization units) {
    Iterator<RowBlock> gathered = new GatheredBlocks(rows);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return gathered.hasNext();
      }

      @Override
      public Samples next() {
        return units.apply(gathered.next().samples(shape));
      }
    };
  }
}
