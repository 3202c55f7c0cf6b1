package org.mixel.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.mixel.InputException;
import org.mixel.data.DataOptions;
import org.mixel.data.ImageShape;
import org.mixel.data.format.FramedImage;

/**
 * Image files as rows of pixels, read, decoded, cut and resized where Spark runs: the same pixels,
 * and the same refusals, as those of a folder that one machine reads.
 *
 * <pre>{@code
 * Dataset<Row> files = Images.files(session, "hdfs:///faces");
 * DataOptions reading = DataOptions.defaults().withSize(new DataOptions.Size(64, 64));
 * ImageShape shape = Images.shape(files, reading);
 * Dataset<Row> pixels = Images.decode(files, reading, shape);   // path, features
 * }</pre>
 */
public final class Images {
  /** The column that {@link #decode} adds. */
  public static final String FEATURES = "features";

  private static final String PATH = "path";
  private static final String CONTENT = "content";
  private static final int PARTITIONS_PER_CORE = 4;

  private static final StructType FILES =
      new StructType()
          .add(PATH, DataTypes.StringType, false)
          .add(CONTENT, DataTypes.BinaryType, false);

  private static final StructType PIXELS =
      new StructType()
          .add(PATH, DataTypes.StringType, false)
          .add(FEATURES, DataTypes.BinaryType, false);

  private Images() {}

  /**
   * The image files of a folder, at any depth, in the order of their paths; their contents are read
   * when they are needed. Hidden files and those with other endings are left out.
   *
   * @param folder as Hadoop names it
   * @return the columns {@code path} and {@code content}, as of Spark's {@code binaryFile}
   * @throws InputException if there are no images
   */
  public static Dataset<Row> files(SparkSession session, String folder) {
    List<String> paths = paths(session.sparkContext(), folder);
    if (paths.isEmpty()) {
      throw new InputException(folder + ": holds no images");
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(session.sparkContext());
    SerializableConfiguration hadoop = new SerializableConfiguration(context.hadoopConfiguration());
    int most = PARTITIONS_PER_CORE * context.defaultParallelism();
    return session.createDataFrame(
        context
            .parallelize(paths, Math.min(most, paths.size()))
            .map(path -> RowFactory.create(path, content(path, hadoop))),
        FILES);
  }

  private static List<String> paths(SparkContext context, String folder) {
    Path root = new Path(folder);
    try {
      FileSystem system = root.getFileSystem(context.hadoopConfiguration());
      if (system.getFileStatus(root).isFile()) {
        throw new InputException(folder + ": is a file; name a folder of images or of Parquet");
      }
      int within = system.makeQualified(root).toString().length() + 1;
      List<String> paths = new ArrayList<>();
      RemoteIterator<LocatedFileStatus> files = system.listFiles(root, true);
      while (files.hasNext()) {
        String path = files.next().getPath().toString();
        if (FramedImage.isName(path.substring(within))) {
          paths.add(path);
        }
      }
      Collections.sort(paths);
      return paths;
    } catch (IOException e) {
      throw new InputException(folder + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private static byte[] content(String file, SerializableConfiguration hadoop) throws IOException {
    Path path = new Path(file);
    try (InputStream in = path.getFileSystem(hadoop.value()).open(path)) {
      return FramedImage.content(in, file);
    }
  }

  /** A size that images have, and the first of them by path. */
  private record Found(ImageShape shape, String path) implements Serializable {
    /** The first of both, with the channels that both need. */
    Found and(Found other) {
      Found first = path.compareTo(other.path) <= 0 ? this : other;
      boolean colours = shape.channels() == 3 || other.shape.channels() == 3;
      ImageShape its = first.shape;
      return new Found(new ImageShape(colours ? 3 : 1, its.height(), its.width()), first.path);
    }
  }

  /**
   * The shape that all images have: one channel if all of them are grey. Decodes them all.
   *
   * @param files the columns {@code path} and {@code content}
   * @param reading size and crop
   * @throws InputException if there are none, one is unusable, or they are of different sizes
   */
  public static ImageShape shape(Dataset<?> files, DataOptions reading) {
    try {
      List<Found> sizes =
          files
              .select(PATH, CONTENT)
              .javaRDD()
              .mapPartitions(rows -> sizes(rows, reading))
              .collect()
              .stream()
              .sorted(Comparator.comparing(Found::path))
              .toList();
      Found all = sizes.stream().reduce(Found::and).orElse(null);
      if (all == null) {
        throw new InputException("there are no images");
      }
      sizes.forEach(each -> FramedImage.requireSize(each.path(), each.shape(), all.shape()));
      return all.shape();
    } catch (Exception e) {
      throw Refusals.plain(e);
    }
  }

  /** The first image of each size. */
  private static Iterator<Found> sizes(Iterator<Row> rows, DataOptions reading) {
    Map<String, Found> sizes = new HashMap<>();
    rows.forEachRemaining(
        row -> {
          Found found = new Found(read(row, reading).shape(), name(row));
          sizes.merge(found.shape().width() + "x" + found.shape().height(), found, Found::and);
        });
    return sizes.values().iterator();
  }

  /**
   * The pixels of images, in CHW order.
   *
   * @param files the columns {@code path} and {@code content}, as of Spark's {@code binaryFile}
   * @param reading size and crop
   * @param shape of all images; grey ones are repeated in three channels
   * @return the columns {@code path} and {@code features}, which is {@code binary}. A file that is
   *     unusable, or of another shape, is refused when it is read
   */
  public static Dataset<Row> decode(Dataset<?> files, DataOptions reading, ImageShape shape) {
    MapPartitionsFunction<Row, Row> decode =
        rows -> {
          Iterable<Row> all = () -> rows;
          return StreamSupport.stream(all.spliterator(), false)
              .map(row -> pixels(row, reading, shape))
              .iterator();
        };
    return files.select(PATH, CONTENT).mapPartitions(decode, Encoders.row(PIXELS));
  }

  private static Row pixels(Row row, DataOptions reading, ImageShape shape) {
    FramedImage image = read(row, reading);
    FramedImage.requireSize(name(row), image.shape(), shape);
    if (image.shape().channels() > shape.channels()) {
      throw new InputException(name(row) + ": has colours, but the images are to be grey");
    }
    return RowFactory.create(row.getString(0), image.in(shape.channels()));
  }

  private static FramedImage read(Row row, DataOptions reading) {
    return FramedImage.read(row.getAs(1), name(row), reading);
  }

  /** The file, as errors call it: without {@code file:} on a disk. */
  private static String name(Row row) {
    String path = row.getString(0);
    return path.startsWith("file:") ? new Path(path).toUri().getPath() : path;
  }
}
