package org.mixel.spark.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.format.DataFormats;
import org.mixel.data.named.NamedSets;
import org.mixel.io.DataSource;
import org.mixel.neural.ModelSampler;
import org.mixel.spark.Images;
import org.mixel.spark.MixtureColumns;
import org.mixel.spark.SampleRows;
import picocli.CommandLine.Option;

/**
 * Opens data. Executors read images and Parquet; the driver reads what else Mixel reads, and deals
 * it out.
 */
final class DataChoice {
  private static final Pattern REMOTE = Pattern.compile("[a-z][a-z0-9+.-]+://.*");

  @Option(names = "--layout", paramLabel = "nhwc|nchw", description = "Order of an array's axes.")
  private @Nullable String layout;

  @Option(names = "--size", paramLabel = "WxH", description = "Resize images.")
  private @Nullable String size;

  @Option(
      names = "--crop",
      paramLabel = "L,T,W,H|center",
      description = "Cut out a part of each image.")
  private @Nullable String crop;

  @Option(
      names = "--column",
      paramLabel = "NAME",
      defaultValue = "features",
      description = "The column of rows in Parquet (${DEFAULT-VALUE}).")
  private String column = "features";

  @Option(
      names = "--image-shape",
      paramLabel = "CxHxW",
      defaultValue = "",
      description = "Rows of Parquet are images of this shape, such as 3x64x64.")
  private String imageShape = "";

  /**
   * Rows, in the column {@link #column}.
   *
   * @param shape of images; empty for vectors
   */
  record Opened(Dataset<Row> rows, String column, String shape) {}

  /**
   * Opens data.
   *
   * @throws InputException if it cannot be found or read, or is a model
   */
  Opened open(SparkSession session, String data) {
    DataOptions reading =
        new DataOptions(
            layout == null ? null : DataOptions.Layout.parse(layout),
            size == null ? null : DataOptions.Size.parse(size),
            crop == null ? null : DataOptions.Crop.parse(crop));
    boolean named = NamedSets.isName(data);
    boolean remote = REMOTE.matcher(data).matches();
    boolean parquet = data.toLowerCase(Locale.ROOT).endsWith(".parquet");
    if (parquet && (remote || Files.exists(Path.of(data)))) {
      return new Opened(session.read().parquet(data), column, imageShape);
    }
    if (remote || (!named && DataFormats.holdsImages(Path.of(data)))) {
      Dataset<Row> files =
          Images.files(session, remote ? data : Path.of(data).toAbsolutePath().toUri().toString());
      ImageShape shape = Images.shape(files, reading);
      return new Opened(
          Images.decode(files, reading, shape), Images.FEATURES, MixtureColumns.text(shape));
    }
    if (!named && ModelSampler.isModel(Path.of(data))) {
      throw new InputException(
          data
              + " is a model, and rows are needed here; draw some first: mixel sample "
              + data
              + " -n 20000 -o samples.npy");
    }
    Samples samples = DataSource.open(data, reading, Progress.SILENT);
    int partitions = 4 * session.sparkContext().defaultParallelism();
    return new Opened(
        SampleRows.of(session, samples, Images.FEATURES, partitions),
        Images.FEATURES,
        MixtureColumns.shapeOf(samples));
  }
}
