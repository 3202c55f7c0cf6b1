package org.mixel.mfa.training;

import java.util.Arrays;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.mixel.Progress;
import org.mixel.cluster.KMeans;
import org.mixel.cluster.KSubspaces;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

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
  static FirstModel of(
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

  /**
   * A model to begin with, under the noise that its components are to be found under.
   *
   * @param model closed by this
   */
  static FirstModel under(
      MixtureOfFactorAnalyzers model,
      Samples samples,
      ComputeDevice device,
      TrainingOptions options,
      Progress progress) {
    return under(
        model,
        samples,
        device,
        options,
        rows ->
            KMeans.members(
                KMeans.assign(rows, Tensors.floats(model.means()), model.components(), progress),
                model.components()));
  }

  /**
   * @param members the rows of each component, where they are needed
   */
  private static FirstModel under(
      MixtureOfFactorAnalyzers model,
      Samples samples,
      ComputeDevice device,
      TrainingOptions options,
      Function<RowReader, int[][]> members) {
    Refit refit = options.refit();
    if (!refit.takesPlace()) {
      return new FirstModel(model, 0, 0);
    }
    try (model;
        NativeScope scope = new NativeScope();
        RowReader rows = RowReader.of(samples, device)) {
      double noise = refit.trainingNoise();
      if (noise == 0) {
        noise =
            ResidualSpectrum.trainingNoise(
                rows, members.apply(rows), model.factors(), options.seed());
      }
      noise = Math.max(noise, refit.leastFloor());
      Tensor variances = model.noiseVariance().clamp_min(new Scalar(noise));
      return new FirstModel(model.with(model.loadings(), variances), 0, noise);
    }
  }

  private static FirstModel from(
      Samples samples, ComputeDevice device, TrainingOptions options, Progress progress) {
    Initialization initialization = options.initialization();
    if (initialization == Initialization.RANDOM) {
      MixtureOfFactorAnalyzers model = RandomRows.span(samples, device, options);
      return under(model, samples, device, options, progress);
    }
    Clusters clusters =
        initialization == Initialization.KMEANS
            ? means(samples, device, options, progress)
            : subspaces(samples, device, options, progress);
    MixtureOfFactorAnalyzers model =
        ClusterAnalysis.of(
            samples, device, clusters.members(), clusters.centers(), options, progress);
    return under(model, samples, device, options, rows -> clusters.members());
  }

  private record Clusters(int[][] members, float[] centers) {}

  private static Clusters means(
      Samples samples, ComputeDevice device, TrainingOptions options, Progress progress) {
    KMeans.Options clustering =
        KMeans.Options.defaults(options.components())
            .withRestarts(RESTARTS)
            .withMaxIterations(MAX_ITERATIONS)
            .withSeed(options.seed());
    try (RowReader rows = RowReader.of(samples, device)) {
      KMeans clusters = KMeans.fit(rows, clustering, progress);
      return new Clusters(clusters.members(), clusters.centers());
    }
  }

  private static Clusters subspaces(
      Samples samples, ComputeDevice device, TrainingOptions options, Progress progress) {
    KSubspaces.Options clustering =
        KSubspaces.Options.defaults(options.components(), options.factors())
            .withMaxIterations(MAX_ITERATIONS)
            .withSeed(options.seed());
    try (RowReader rows = RowReader.of(samples, device)) {
      KSubspaces clusters = KSubspaces.fit(rows, clustering, progress);
      return new Clusters(clusters.members(), clusters.means());
    }
  }
}
