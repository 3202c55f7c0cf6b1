package org.mixel.study.power;

import static org.mixel.InputException.require;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mixel.Progress;
import org.mixel.cluster.KMeans;
import org.mixel.data.DataHash;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;

/**
 * Rows of ten classes, to be dealt out to the sets of a {@link PowerStudy}: those of a data set, or
 * of normal distributions, whose truth is known. Immutable.
 */
final class PowerSource {
  /** Classes of the rows. */
  static final int CLASSES = 10;

  /** The name of the normal distributions. */
  static final String GAUSSIANS = "gaussians";

  /** Values of a Gaussian row; the means of two classes are 8 deviations apart. */
  private static final int DIMS = 32;

  /** Rows that the classes of unlabelled data are found in. */
  private static final int CLUSTERED = 10_000;

  /** Rows that are dealt out, for each row of a reference: it, an unseen fifth, and the pool. */
  private static final double UNSEEN = 0.2;

  private static final double POOL = 1.3;

  private final String name;
  private final Drawing drawing;
  private final float[][] means;
  private final int most;
  private final Optional<ImageShape> shape;
  private final String digest;

  /** Rows and their classes. */
  private record Labelled(Samples rows, int[] classes) {}

  /** Chooses or makes rows. */
  @FunctionalInterface
  private interface Drawing {
    Labelled draw(int count, long seed);
  }

  private PowerSource(
      String name,
      Drawing drawing,
      float[][] means,
      int most,
      Optional<ImageShape> shape,
      String digest) {
    this.name = name;
    this.drawing = drawing;
    this.means = means;
    this.most = most;
    this.shape = shape;
    this.digest = digest;
  }

  /**
   * Rows of a set.
   *
   * @param classes of each row, from 0 to 9
   */
  static PowerSource of(String name, Samples rows, int[] classes) {
    require(
        Arrays.stream(classes).allMatch(each -> each >= 0 && each < CLASSES)
            && Arrays.stream(classes).distinct().count() == CLASSES,
        "%s: the study needs rows of %d classes".formatted(name, CLASSES));
    Drawing drawing =
        (count, seed) -> {
          try (RandomStream random = RandomStream.of(seed)) {
            int[] some = random.choose(count, rows.rows());
            return new Labelled(
                inFloats(rows.select(some)), Arrays.stream(some).map(i -> classes[i]).toArray());
          }
        };
    return new PowerSource(
        name, drawing, means(rows, classes), rows.rows(), rows.shape(), DataHash.sha256(rows));
  }

  /** Doubles as floats, as candidates are made: their rounding is no fault. */
  private static Samples inFloats(Samples rows) {
    if (rows.type() != ElementType.FLOAT64) {
      return rows;
    }
    int dims = rows.dims();
    float[] values = new float[Math.multiplyExact(rows.rows(), dims)];
    for (int i = 0; i < rows.rows(); i++) {
      System.arraycopy(rows.row(i), 0, values, i * dims, dims);
    }
    return StoredSamples.ofFloats(rows.name(), dims, rows.shape().orElse(null), values);
  }

  /** Rows of a set without labels: the ten clusters of k-means stand for classes. */
  static PowerSource clustered(String name, Samples rows, long seed, Progress progress) {
    require(
        rows.rows() >= CLASSES,
        "%s: %d rows are too few for the study".formatted(name, rows.rows()));
    try (RowReader all = RowReader.of(rows, ComputeDevice.CPU);
        RowReader some = RowReader.of(rows.spread(CLUSTERED), ComputeDevice.CPU)) {
      KMeans.Options options = KMeans.Options.defaults(CLASSES).withRestarts(3).withSeed(seed);
      KMeans clusters = KMeans.fit(some, options, progress);
      return of(name, rows, clusters.assign(all, progress));
    }
  }

  /**
   * Ten normal distributions of unit covariance: the seed fixes their means; rows are drawn anew.
   */
  static PowerSource gaussians(long seed) {
    Random random = new Random(new SplittableRandom(seed).nextLong());
    float[][] means = new float[CLASSES][DIMS];
    for (float[] mean : means) {
      for (int j = 0; j < DIMS; j++) {
        mean[j] = (float) random.nextGaussian();
      }
    }
    return new PowerSource(
        GAUSSIANS,
        (count, drawSeed) -> gaussians(means, count, drawSeed),
        means,
        Integer.MAX_VALUE,
        Optional.empty(),
        "%d dims, means of seed %d".formatted(DIMS, seed));
  }

  private static Labelled gaussians(float[][] means, int count, long seed) {
    Random random = new Random(new SplittableRandom(seed).nextLong());
    int[] classes = random.ints(count, 0, CLASSES).toArray();
    float[] values = new float[Math.multiplyExact(count, DIMS)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (means[classes[i / DIMS]][i % DIMS] + random.nextGaussian());
    }
    return new Labelled(StoredSamples.ofFloats(GAUSSIANS, DIMS, null, values), classes);
  }

  private static float[][] means(Samples rows, int[] classes) {
    double[][] sums = new double[CLASSES][rows.dims()];
    int[] counts = new int[CLASSES];
    for (int i = 0; i < rows.rows(); i++) {
      float[] row = rows.row(i);
      double[] sum = sums[classes[i]];
      counts[classes[i]]++;
      for (int j = 0; j < sum.length; j++) {
        sum[j] += row[j];
      }
    }
    float[][] means = new float[CLASSES][rows.dims()];
    for (int c = 0; c < CLASSES; c++) {
      for (int j = 0; j < means[c].length; j++) {
        means[c][j] = (float) (sums[c][j] / counts[c]);
      }
    }
    return means;
  }

  /** The name of the rows, as tables show it. */
  String name() {
    return name;
  }

  /** The shape of a row when rows are images. */
  Optional<ImageShape> shape() {
    return shape;
  }

  /** Names the rows among others of the same name. */
  String digest() {
    return digest;
  }

  int dims() {
    return means[0].length;
  }

  /** The largest reference that can be dealt out. */
  int mostRows() {
    return (int) (most / (1 + UNSEEN + POOL));
  }

  /** Rows for training a model: as many as there are, up to a number. */
  Samples some(int count, long seed) {
    return drawing.draw(Math.min(count, most), seed).rows();
  }

  /**
   * Deals rows out for a repetition.
   *
   * @param rows of the reference, and of candidates
   * @param turn the number of the repetition
   */
  DealtRows deal(int rows, int turn, long seed) {
    int unseen = (int) (UNSEEN * rows);
    int pool = (int) (POOL * rows);
    Labelled all = drawing.draw(rows + unseen + pool, seed);
    int[] reference = IntStream.range(0, rows).toArray();
    int[] fresh = IntStream.range(rows, rows + unseen).toArray();
    int[] rest = IntStream.range(rows + unseen, rows + unseen + pool).toArray();
    return new DealtRows(
        all.rows().select(reference).named("reference"),
        all.rows().select(fresh).named("unseen"),
        all.rows().select(rest).named("candidate"),
        Arrays.copyOfRange(all.classes(), rows + unseen, rows + unseen + pool),
        means,
        turn);
  }
}
