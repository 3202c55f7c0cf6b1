package org.mixel.spark;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.ndb.DistantRows;
import org.mixel.ndb.VoronoiBins;
import org.mixel.spark.row.CountedRows;
import org.mixel.spark.row.RowBlock;
import org.mixel.spark.row.RowBlocks;

/**
 * A column as NDB sees it: the driver keeps a number for each row, and no rows. Decoded rows stay
 * in memory or on disk until {@link #close()}.
 */
public final class DatasetRows implements DistantRows, AutoCloseable {
  private final String name;
  private final CountedRows counted;
  private final @Nullable ImageShape shape;

  private DatasetRows(String name, CountedRows counted, @Nullable ImageShape shape) {
    this.name = name;
    this.counted = counted;
    this.shape = shape;
  }

  /**
   * Counts the rows of a column.
   *
   * @param name of the set in results
   * @param imageShape channels x height x width; empty for vectors
   * @throws InputException if the column is missing or of another type, has no rows or more than
   *     2^31 - 1, or one of them is null, of another size or infinite
   */
  public static DatasetRows of(
      String name, Dataset<?> data, String featuresCol, String imageShape) {
    @Nullable ImageShape shape = MixtureColumns.shape(imageShape);
    JavaRDD<RowBlock> blocks =
        RowBlocks.of(data, featuresCol, null).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      CountedRows counted = CountedRows.of(blocks);
      if (counted.rows() > Integer.MAX_VALUE) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s: has %,d rows; give a part of at most 2^31 - 1",
                name,
                counted.rows()));
      }
      return new DatasetRows(name, counted, shape);
    } catch (Exception e) {
      blocks.unpersist(false);
      throw Refusals.plain(e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int rows() {
    return (int) counted.rows();
  }

  @Override
  public int dims() {
    return counted.dims();
  }

  @Override
  public Optional<ImageShape> shape() {
    return Optional.ofNullable(shape);
  }

  @Override
  public Samples take(int[] rows) {
    try {
      long[] places = Arrays.stream(rows).asLongStream().toArray();
      return counted.take(places).samples(shape).named(name);
    } catch (Exception e) {
      throw Refusals.plain(e);
    }
  }

  @Override
  public int[] assign(VoronoiBins.Cells cells) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(counted.blocks().context());
    Broadcast<VoronoiBins.Cells> sent = context.broadcast(cells);
    @Nullable ImageShape image = shape;
    try {
      List<int[]> parts =
          counted
              .blocks()
              .map(
                  block -> {
                    Natives.prepare();
                    return sent.value().assign(block.samples(image));
                  })
              .collect();
      return parts.stream().flatMapToInt(Arrays::stream).toArray();
    } catch (Exception e) {
      throw Refusals.plain(e);
    } finally {
      sent.destroy();
    }
  }

  @Override
  public void close() {
    counted.blocks().unpersist(false);
  }
}
