package org.mixel.mfa.training;

import java.util.Arrays;
import org.mixel.Progress;
import org.mixel.cluster.KMeans;
import org.mixel.cluster.KSubspaces;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;

/**
 * The model that training begins with.
 *
 * <p>Of more than {@code max(100,000, 256 K)} rows only so many, chosen at random by the seed, are
 * looked at: a first model needs no more, and its cost stays bounded however many rows there are.
 */
final class InitialModel {
  private static final int MOST_ROWS = 100_000;
  private static final int ROWS_PER_COMPONENT = 256;
  private static final int RESTARTS = 1;
  private static final int MAX_ITERATIONS = 30;

  private InitialModel() {}

  /**
   * A model made as the options' {@link Initialization} says; the same rows, options and seed give
   * the same model.
   *
   * @throws org.mixel.InputException if there are too few rows, or one holds a value that is not
   *     finite
   */
  static MixtureOfFactorAnalyzers of(
      Samples all, ComputeDevice device, TrainingOptions options, Progress progress) {
    long most = Math.max(MOST_ROWS, (long) ROWS_PER_COMPONENT * options.components());
    if (all.rows() <= most) {
      return from(all, device, options, progress);
    }
    try (RandomStream seeded = RandomStream.of(options.seed());
        RandomStream random = seeded.split(2)) {
      int[] chosen = random.choose((int) most, all.rows());
      Arrays.sort(chosen);
      Samples some = all.select(chosen).named(all.name() + ", a random part");
      return from(some, device, options, progress);
    }
  }

  private static MixtureOfFactorAnalyzers from(
      Samples samples, ComputeDevice device, TrainingOptions options, Progress progress) {
    return switch (options.initialization()) {
      case KMEANS -> {
        KMeans.Options clustering =
            KMeans.Options.defaults(options.components())
                .withRestarts(RESTARTS)
                .withMaxIterations(MAX_ITERATIONS)
                .withSeed(options.seed());
        KMeans clusters;
        try (RowReader rows = RowReader.of(samples, device)) {
          clusters = KMeans.fit(rows, clustering, progress);
        }
        yield ClusterAnalysis.of(
            samples, device, clusters.members(), clusters.centers(), options, progress);
      }
      case SUBSPACES -> {
        KSubspaces.Options clustering =
            KSubspaces.Options.defaults(options.components(), options.factors())
                .withMaxIterations(MAX_ITERATIONS)
                .withSeed(options.seed());
        KSubspaces clusters;
        try (RowReader rows = RowReader.of(samples, device)) {
          clusters = KSubspaces.fit(rows, clustering, progress);
        }
        yield ClusterAnalysis.of(
            samples, device, clusters.members(), clusters.means(), options, progress);
      }
      case RANDOM -> RandomRows.span(samples, device, options);
    };
  }
}
