package org.mixel.mfa.training;

import java.util.Arrays;
import java.util.function.Function;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.mixel.Progress;
import org.mixel.cluster.KMeans;
import org.mixel.cluster.KSubspaces;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.Batches;
import org.mixel.tensor.RandomStream;

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
  static MixtureOfFactorAnalyzers of(Batches batches, TrainingOptions options, Progress progress) {
    Samples all = batches.samples();
    long most = Math.max(MOST_ROWS, (long) ROWS_PER_COMPONENT * options.components());
    if (all.rows() <= most) {
      return from(batches, options, progress);
    }
    try (RandomStream seeded = RandomStream.of(options.seed());
        RandomStream random = seeded.split(2)) {
      int[] chosen = random.choose((int) most, all.rows());
      Arrays.sort(chosen);
      Samples some = all.select(chosen).named(all.name() + ", a random part");
      try (Batches part = Batches.of(some, batches.device(), batches.type())) {
        return from(part, options, progress);
      }
    }
  }

  private static MixtureOfFactorAnalyzers from(
      Batches batches, TrainingOptions options, Progress progress) {
    return switch (options.initialization()) {
      case KMEANS -> {
        KMeans.Options how =
            KMeans.Options.defaults(options.components())
                .withRestarts(RESTARTS)
                .withMaxIterations(MAX_ITERATIONS)
                .withSeed(options.seed());
        KMeans clusters = cluster(batches, rows -> KMeans.fit(rows, how, progress));
        yield ClusterAnalysis.of(
            batches, clusters.members(), clusters.centers(), options, progress);
      }
      case SUBSPACES -> {
        KSubspaces.Options how =
            KSubspaces.Options.defaults(options.components(), options.factors())
                .withMaxIterations(MAX_ITERATIONS)
                .withSeed(options.seed());
        KSubspaces clusters = cluster(batches, rows -> KSubspaces.fit(rows, how, progress));
        yield ClusterAnalysis.of(batches, clusters.members(), clusters.means(), options, progress);
      }
      case RANDOM -> RandomRows.span(batches, options);
    };
  }

  /** Clusters need no more than float32, whatever the training is in. */
  private static <T> T cluster(Batches batches, Function<Batches, T> method) {
    if (batches.type() == ScalarType.Float) {
      return method.apply(batches);
    }
    try (Batches single = Batches.of(batches.samples(), batches.device())) {
      return method.apply(single);
    }
  }
}
