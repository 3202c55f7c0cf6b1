package org.mixel.spark;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.ndb.DistantRows;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.VoronoiBins;

/**
 * NDB on data sets that no machine holds: bins are placed on the driver, by a random part of the
 * reference (at most {@code maxRows} rows, as in the paper), and every row is counted where it is.
 * All else is {@link org.mixel.ndb}, and so are the figures: those of the same rows on one machine.
 * For several candidates, several sets of bins and a report there is {@link
 * org.mixel.ndb.Ndb#run(DistantRows, List, org.mixel.ndb.Ndb.Options, Progress)} with {@link
 * DatasetRows}.
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
    String shape = options.imageShape();
    try (DatasetRows known = DatasetRows.of("reference", reference, featuresCol, shape);
        DatasetRows other = DatasetRows.of("candidate", candidate, featuresCol, shape)) {
      VoronoiBins.Options binning = options.binning();
      org.mixel.ndb.Ndb.Options tested =
          org.mixel.ndb.Ndb.Options.defaults()
              .withBinning(binning)
              .withBins(binning.bins())
              .withSeeds(binning.seed(), 1)
              .withAlpha(options.alpha());
      return org.mixel.ndb.Ndb.run(known, List.of(other), tested, Progress.SILENT).results().get(0);
    }
  }
}
