package org.mixel.bench;

import java.util.Locale;
import org.mixel.Progress;
import org.mixel.cluster.KMeans;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.MatrixProducts;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;

/**
 * k-means of the 60,000 training images of MNIST: 100 clusters, 10 restarts. Its floor is one
 * matrix product of all rows with all centres: what the assignment of the rows takes once the
 * centres are known.
 */
final class KMeansMnist implements BenchCase {
  private static final int CLUSTERS = 100;
  private static final int RESTARTS = 10;

  @Override
  public String name() {
    return "kmeans-mnist";
  }

  @Override
  public String measures() {
    return "k-means, 100 clusters, 10 restarts, 60,000 MNIST images; floor: one product of all"
        + " rows with all centres";
  }

  @Override
  public Trial prepare(long seed, Progress progress) {
    Samples images = Pictures.digits(progress);
    return new Clustering(images, KMeans.Options.defaults(CLUSTERS).withSeed(seed), progress);
  }

  private static final class Clustering implements Trial {
    private final Samples images;
    private final KMeans.Options options;
    private final Progress progress;
    private double seconds;
    private double inertia;
    private int steps;

    Clustering(Samples images, KMeans.Options options, Progress progress) {
      this.images = images;
      this.options = options.withRestarts(RESTARTS);
      this.progress = progress;
    }

    @Override
    public Timing time() {
      try (NativeScope scope = new NativeScope();
          RowReader rows = RowReader.of(images, ComputeDevice.CPU)) {
        long start = System.nanoTime();
        KMeans clustering = KMeans.fit(rows, options, progress);
        seconds = (System.nanoTime() - start) / 1e9;
        inertia = clustering.inertia();
        steps = clustering.iterations();
      }
      double product =
          MatrixProducts.seconds(ComputeDevice.CPU, images.rows(), images.dims(), CLUSTERS);
      return new Timing(seconds, product);
    }

    @Override
    public String note() {
      String ours = String.format(Locale.ROOT, "inertia %.0f, %d exact steps; ", inertia, steps);
      return ours
          + ScikitLearn.kMeans(images, CLUSTERS, RESTARTS)
              .map(this::comparison)
              .orElse("scikit-learn was not found");
    }

    private String comparison(ScikitLearn.Outcome theirs) {
      return String.format(
          Locale.ROOT,
          "scikit-learn %s takes %.1f times as long (%.0f s, inertia %.0f)",
          theirs.version(),
          theirs.seconds() / seconds,
          theirs.seconds(),
          theirs.inertia());
    }

    @Override
    public void close() {}
  }
}
