package org.mixel.bench;

import org.mixel.Progress;
import org.mixel.cluster.KMeans;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;

/**
 * k-means of the 60,000 training images of MNIST: 100 clusters, 10 restarts. Its floor is one
 * product of all rows with all centres: the cost of assigning the rows once the centres are known.
 */
final class KMeansMnist {
  private static final int CLUSTERS = 100;
  private static final int RESTARTS = 10;

  /** Of scikit-learn; its time is scaled to as many as ours. */
  private static final int MEASURED_RESTARTS = 2;

  static final BenchCase CASE =
      new BenchCase(
          "kmeans-mnist",
          "k-means, 100 clusters, 10 restarts, 60,000 MNIST images; floor: one product of all"
              + " rows with all centres",
          KMeansMnist::prepare);

  private KMeansMnist() {}

  private record Clustered(double seconds, KMeans clustering) {}

  private static BenchCase.Trial prepare(long seed, Progress progress) {
    Samples images = Pictures.digits(progress);
    KMeans.Options options =
        KMeans.Options.defaults(CLUSTERS).withSeed(seed).withRestarts(RESTARTS);
    RowReader rows = RowReader.of(images, ComputeDevice.CPU);
    return new Turns<>(
        1,
        () -> cluster(rows, options, progress),
        Turns.product(images, CLUSTERS),
        clustered -> note(clustered.clustering(), rows) + comparison(images, clustered.seconds()),
        rows::close);
  }

  private static String note(KMeans clustering, RowReader rows) {
    return "inertia %.0f, %d exact steps; "
        .formatted(clustering.inertia(rows), clustering.iterations());
  }

  private static Clustered cluster(RowReader rows, KMeans.Options options, Progress progress) {
    try (NativeScope scope = new NativeScope()) {
      long start = System.nanoTime();
      KMeans clustering = KMeans.fit(rows, options, progress);
      return new Clustered((System.nanoTime() - start) / 1e9, clustering);
    }
  }

  private static String comparison(Samples images, double seconds) {
    return Peer.of("kmeans.py", "sklearn")
        .flatMap(
            peer ->
                peer.answer(
                    out -> Peer.write(images, out), images.rows(), CLUSTERS, MEASURED_RESTARTS))
        .map(answer -> comparison(answer.strip().split(" ", 3), seconds))
        .orElse("scikit-learn was not found");
  }

  /** The words are seconds, inertia and version. */
  private static String comparison(String[] words, double seconds) {
    double peerSeconds = Double.parseDouble(words[0]) * RESTARTS / MEASURED_RESTARTS;
    return "scikit-learn %s takes %.1f times as long (%.0f s, inertia %.0f)"
        .formatted(words[2], peerSeconds / seconds, peerSeconds, Double.parseDouble(words[1]));
  }
}
