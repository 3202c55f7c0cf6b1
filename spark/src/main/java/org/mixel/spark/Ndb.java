package org.mixel.spark;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.ReferenceMode;
import org.mixel.ndb.VoronoiBins;

/**
 * NDB on data sets that no machine holds: bins are placed on the driver, by a random part of the
 * reference (at most {@code maxRows} rows, as in the paper), and every row is counted where it is.
 * The mathematics, and the bands of equal sets, are those of {@link org.mixel.ndb}.
 */
public final class Ndb {
  private static final StructType SCHEMA =
      new StructType()
          .add("bins", DataTypes.IntegerType, false)
          .add("ndb", DataTypes.IntegerType, false)
          .add("ndbOverK", DataTypes.DoubleType, false)
          .add("expectedNdbOverK", DataTypes.DoubleType, false)
          .add("js", DataTypes.DoubleType, false)
          .add("jsExcess", DataTypes.DoubleType, false)
          .add("chiSquareP", DataTypes.DoubleType, false)
          .add("rows", DataTypes.IntegerType, false)
          .add("referenceRows", DataTypes.IntegerType, false)
          .add("proportions", DataTypes.createArrayType(DataTypes.DoubleType, false), false)
          .add(
              "referenceProportions", DataTypes.createArrayType(DataTypes.DoubleType, false), false)
          .add("different", DataTypes.createArrayType(DataTypes.IntegerType, false), false);

  private Ndb() {}

  /**
   * How to place the bins, and how to test.
   *
   * @param binning number of bins, the reference's part in them, and how they are placed
   * @param alpha significance level of each bin's test, in (0, 1)
   * @param imageShape channels x height x width; empty for vectors
   */
  public record Options(VoronoiBins.Options binning, double alpha, String imageShape) {
    /**
     * @throws InputException if alpha is out of its range, or the shape is none
     */
    public Options {
      if (!(alpha > 0 && alpha < 1)) {
        throw new InputException("alpha must be between 0 and 1, got " + alpha);
      }
      MixtureColumns.shape(imageShape);
    }

    /** 100 bins by half of the reference, the other half counted; level 0.05; vectors. */
    public static Options defaults() {
      return new Options(VoronoiBins.Options.defaults(), 0.05, "");
    }

    /** The same with other bins. */
    public Options withBinning(VoronoiBins.Options other) {
      return new Options(other, alpha, imageShape);
    }

    /** The same with another level. */
    public Options withAlpha(double level) {
      return new Options(binning, level, imageShape);
    }

    /** The same for images. */
    public Options withImageShape(String shape) {
      return new Options(binning, alpha, shape);
    }
  }

  /**
   * Tests a candidate.
   *
   * @return one row: {@code bins}, {@code ndb}, {@code ndbOverK}, {@code expectedNdbOverK}, {@code
   *     js}, {@code jsExcess}, {@code chiSquareP}, {@code rows}, {@code referenceRows}, {@code
   *     proportions}, {@code referenceProportions}, {@code different}
   * @throws InputException as {@link #run}
   */
  public static Dataset<Row> test(
      Dataset<?> reference, Dataset<?> candidate, String featuresCol, Options options) {
    NdbResult result = run(reference, candidate, featuresCol, options);
    Row row =
        RowFactory.create(
            result.bins(),
            result.ndb(),
            result.ndbOverK(),
            result.expectedNdbOverK(),
            result.js(),
            result.excess().value(),
            result.chiSquareP(),
            result.rows(),
            result.referenceRows(),
            boxed(result.proportions()),
            boxed(result.referenceProportions()),
            result.different().toArray(Integer[]::new));
    return candidate.sparkSession().createDataFrame(List.of(row), SCHEMA);
  }

  private static Double[] boxed(double[] values) {
    return java.util.Arrays.stream(values).boxed().toArray(Double[]::new);
  }

  /**
   * Tests a candidate.
   *
   * @param featuresCol the column of rows in both sets
   * @throws InputException if the column is missing or of another type, a row is null, of another
   *     size or not finite, or there are fewer rows than bins
   */
  public static NdbResult run(
      Dataset<?> reference, Dataset<?> candidate, String featuresCol, Options options) {
    try {
      @Nullable ImageShape shape = MixtureColumns.shape(options.imageShape());
      VoronoiBins.Options binning = options.binning();
      JavaRDD<RowBlock> known = RowBlocks.of(reference, featuresCol, null);
      JavaRDD<RowBlock> others = RowBlocks.of(candidate, featuresCol, null);
      boolean heldOut = binning.mode() == ReferenceMode.HELD_OUT;
      JavaRDD<RowBlock> placing = heldOut ? Holdout.of(known, 0.5, binning.seed(), false) : known;
      JavaRDD<RowBlock> counting = heldOut ? Holdout.of(known, 0.5, binning.seed(), true) : known;
      Samples sample =
          SampledRows.of(placing, binning.maxRows(), binning.seed()).block().samples(shape);
      VoronoiBins.Cells cells =
          VoronoiBins.fit(sample, binning.withMode(ReferenceMode.PAPER)).cells();
      int[] expected = count(counting, cells, shape, sample.dims(), binning.bins());
      int[] counts = count(others, cells, shape, sample.dims(), binning.bins());
      return NdbResult.of(binning.seed(), expected, "candidate", counts, options.alpha());
    } catch (Exception e) {
      throw Refusals.plain(e);
    }
  }

  /** Rows in each bin. */
  static int[] count(
      JavaRDD<RowBlock> blocks,
      VoronoiBins.Cells cells,
      @Nullable ImageShape shape,
      int dims,
      int bins) {
    Broadcast<VoronoiBins.Cells> sent =
        JavaSparkContext.fromSparkContext(blocks.context()).broadcast(cells);
    try {
      List<int[]> parts =
          blocks
              .coalesce(blocks.context().defaultParallelism())
              .mapPartitions(
                  rows -> {
                    Natives.prepare();
                    int[] counts = new int[bins];
                    while (rows.hasNext()) {
                      RowBlock block = rows.next();
                      if (block.dims() != dims) {
                        throw new InputException(
                            "the candidate's rows have %d values, the reference's %d"
                                .formatted(block.dims(), dims));
                      }
                      for (int bin : sent.value().assign(block.samples(shape))) {
                        counts[bin]++;
                      }
                    }
                    return List.of(counts).iterator();
                  })
              .collect();
      return IntStream.range(0, bins)
          .map(bin -> parts.stream().mapToInt(part -> part[bin]).reduce(0, Math::addExact))
          .toArray();
    } finally {
      sent.destroy();
    }
  }
}
