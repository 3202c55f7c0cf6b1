package org.mixel.mfa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.Progress;
import org.mixel.data.ElementType;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.io.SampleWriter;
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.HierarchicalTrainer;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.tensor.ComputeDevice;

/**
 * All that is said of the rows of a trained and saved model is what its dense covariances say in
 * float64, whatever the units of the columns and whatever the trainer.
 */
class GroundTruthTest {
  private static final List<Algorithm> ALGORITHMS =
      List.of(
          new Algorithm.ExactEm(),
          Algorithm.TruncatedEm.defaults(),
          Algorithm.StepwiseEm.defaults(),
          Algorithm.StochasticGradient.defaults());

  @TempDir Path folder;

  /** What was trained on rows, saved and read again. */
  private record Trained(double told, MixtureOfFactorAnalyzers model, DenseMixture dense) {}

  private Trained train(Samples samples, TrainingOptions options) {
    TrainingResult result = Trainer.of(options, ComputeDevice.CPU).fit(samples, Progress.SILENT);
    Path file = folder.resolve("m.mfa");
    result.model().save(file);
    result.model().close();
    MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(file, ComputeDevice.CPU);
    return new Trained(result.exactLogLikelihood(), model, new DenseMixture(model));
  }

  private static int[] all(int dims) {
    return IntStream.range(0, dims).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
  void ofTables(int seed) {
    Random random = new Random(seed);
    int dims = 2 + random.nextInt(12);
    int components = 1 + random.nextInt(6);
    int factors = 1 + random.nextInt(dims);
    RandomTable table = new RandomTable(dims, seed);
    double[][] rows = table.rows(300);
    TrainingOptions options =
        TrainingOptions.forVectors(components, factors)
            .withAlgorithm(ALGORITHMS.get(seed % 4).forVectors())
            .withIterations(10)
            .withSeed(seed);
    Trained trained = train(RandomTable.samples(rows), options);
    try (MixtureOfFactorAnalyzers model = trained.model()) {
      double[] scores = Scoring.logLikelihood(model, RandomTable.samples(rows), Progress.SILENT);
      double sum = 0;
      for (int i = 0; i < rows.length; i++) {
        double truth = trained.dense().logLikelihood(rows[i], all(dims));
        assertThat(scores[i]).isCloseTo(truth, within(1e-6));
        sum += truth;
      }
      assertThat(trained.told()).isCloseTo(sum / rows.length, within(1e-6));
      requireMaskedRows(model, trained.dense(), Arrays.copyOf(rows, 40), table, random);
      requireMoments(model, trained.dense());
    }
  }

  /** Likelihoods of what is seen, and means and variances of what is not, row by row. */
  private void requireMaskedRows(
      MixtureOfFactorAnalyzers model,
      DenseMixture dense,
      double[][] rows,
      RandomTable table,
      Random random) {
    double[][] holes = new double[rows.length][];
    int[][] observed = new int[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      holes[i] = rows[i].clone();
      for (int j = 0; j < table.dims; j++) {
        holes[i][j] = random.nextDouble() < 0.4 ? Double.NaN : holes[i][j];
      }
      double[] seen = holes[i];
      observed[i] = IntStream.range(0, table.dims).filter(j -> !Double.isNaN(seen[j])).toArray();
    }
    Samples samples = RandomTable.samples(holes);
    double[] scores = Scoring.logLikelihood(model, samples, Progress.SILENT);
    double[][] means = written(samples, model, false);
    double[][] variances = written(samples, model, true);
    for (int i = 0; i < rows.length; i++) {
      double truth = observed[i].length == 0 ? 0 : dense.logLikelihood(rows[i], observed[i]);
      assertThat(scores[i]).isCloseTo(truth, within(1e-6));
      for (int j = 0; j < table.dims; j++) {
        double unit = table.scale(j);
        if (!Double.isNaN(holes[i][j])) {
          assertThat(means[i][j]).isEqualTo(rows[i][j]);
          assertThat(variances[i][j]).isZero();
        } else if (observed[i].length > 0) {
          double mean = dense.mean(rows[i], observed[i], j);
          double variance = dense.variance(rows[i], observed[i], j);
          assertThat(means[i][j] / unit).isCloseTo(mean / unit, within(1e-6));
          double square = unit * unit;
          assertThat(variances[i][j] / square).isCloseTo(variance / square, within(1e-6));
        }
      }
    }
  }

  /** What in-painting writes, read back as float64. */
  private double[][] written(Samples holes, MixtureOfFactorAnalyzers model, boolean variance) {
    Path file = folder.resolve("out.npy");
    try (SampleWriter writer =
        SampleWriter.create(file, holes.rows(), holes.dims(), null, ElementType.FLOAT64)) {
      if (variance) {
        Inpainting.writeVariance(model, holes, null, Progress.SILENT, writer);
      } else {
        Inpainting.Options mean = Inpainting.Options.defaults().withMode(Inpainting.Mode.MEAN);
        Inpainting.write(model, holes, null, mean, Progress.SILENT, writer);
      }
    }
    return Doubles.of(file);
  }

  /** Samples with noise have the mixture's mean and variance, in every column's own units. */
  private static void requireMoments(MixtureOfFactorAnalyzers model, DenseMixture dense) {
    int count = 20_000;
    double[] mean = new double[dense.dims];
    double[] square = new double[dense.dims];
    try (Sampler sampler = Sampler.of(model, true, 1)) {
      assertThat(sampler.type()).isEqualTo(ElementType.FLOAT64);
      double[] drawn = sampler.nextDoubles(count);
      for (int i = 0; i < drawn.length; i++) {
        mean[i % dense.dims] += drawn[i] / count;
      }
      for (int i = 0; i < drawn.length; i++) {
        square[i % dense.dims] += Math.pow(drawn[i] - mean[i % dense.dims], 2) / count;
      }
    }
    for (int j = 0; j < dense.dims; j++) {
      double truth = dense.mean(new double[dense.dims], new int[0], j);
      double variance = dense.variance(new double[dense.dims], new int[0], j);
      double deviation = Math.sqrt(variance);
      assertThat((mean[j] - truth) / deviation).isCloseTo(0, within(6 / Math.sqrt(count)));
      assertThat(square[j] / variance).isCloseTo(1, within(0.15));
    }
  }

  /** Roots and their splits share the units of all rows, and images may validate vectors. */
  @Test
  void ofHierarchicalTables() {
    double[][] rows = new RandomTable(6, 5).rows(800);
    Samples table = RandomTable.samples(rows);
    float[] pixels = new float[20 * 6];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) rows[i / 6][i % 6];
    }
    TrainingResult result =
        HierarchicalTrainer.of(TrainingOptions.forVectors(8, 2), 2, ComputeDevice.CPU)
            .splitBy(100)
            .validatedBy(StoredSamples.ofFloats("images", 6, new ImageShape(1, 2, 3), pixels))
            .fit(table, Progress.SILENT);
    try (MixtureOfFactorAnalyzers model = result.model()) {
      DenseMixture dense = new DenseMixture(model);
      double sum = 0;
      for (double[] row : rows) {
        sum += dense.logLikelihood(row, all(6));
      }
      assertThat(model.components()).isGreaterThan(2);
      assertThat(result.exactLogLikelihood()).isCloseTo(sum / rows.length, within(1e-6));
    }
  }

  /** Values that are missing at random from a table cost some of the likelihood, not its truth. */
  @Test
  void ofTablesWithMissingValues() {
    double[][] rows = new RandomTable(5, 9).rows(400);
    Random random = new Random(3);
    for (double[] row : rows) {
      row[random.nextInt(5)] = Double.NaN;
    }
    Trained trained = train(RandomTable.samples(rows), TrainingOptions.forVectors(3, 2));
    try (MixtureOfFactorAnalyzers model = trained.model()) {
      double sum = 0;
      for (double[] row : rows) {
        int[] seen = IntStream.range(0, 5).filter(j -> !Double.isNaN(row[j])).toArray();
        sum += trained.dense().logLikelihood(row, seen);
      }
      assertThat(trained.told()).isCloseTo(sum / rows.length, within(1e-6));
    }
  }

  @Test
  void ofImages() {
    ImageShape shape = new ImageShape(1, 6, 6);
    Random random = new Random(1);
    byte[] pixels = new byte[400 * shape.dims()];
    for (int i = 0; i < pixels.length; i++) {
      double wave = Math.sin(i / shape.dims() % 5 + i % 6) * 80 + 120;
      pixels[i] = (byte) Math.max(0, Math.min(255, wave + 20 * random.nextGaussian()));
    }
    Samples images = StoredSamples.ofBytes("images", shape, pixels);
    for (Algorithm algorithm : ALGORITHMS) {
      TrainingOptions options =
          TrainingOptions.defaults(4, 2).withAlgorithm(algorithm).withIterations(6);
      Trained trained = train(images, options);
      try (MixtureOfFactorAnalyzers model = trained.model()) {
        double[] scores = Scoring.logLikelihood(model, images, Progress.SILENT);
        List<Double> truths = new ArrayList<>();
        for (int i = 0; i < images.rows(); i++) {
          float[] row = images.row(i);
          double[] x = IntStream.range(0, row.length).mapToDouble(j -> row[j]).toArray();
          truths.add(trained.dense().logLikelihood(x, all(x.length)));
          assertThat(scores[i]).isCloseTo(truths.get(i), within(0.01));
        }
        double mean = truths.stream().mapToDouble(v -> v).average().orElseThrow();
        assertThat(trained.told()).isCloseTo(mean, within(0.005));
      }
    }
  }

  /** One value a million times farther out than the rest leaves the likelihood what it is. */
  @ParameterizedTest
  @ValueSource(doubles = {1e6, 1e8, 1e12})
  void ofAnOutlierOfAnySize(double outlier) {
    Random random = new Random(2);
    double[][] rows = new double[500][3];
    for (double[] row : rows) {
      Arrays.setAll(row, j -> random.nextGaussian());
    }
    rows[7][1] = outlier;
    Trained trained = train(RandomTable.samples(rows), TrainingOptions.forVectors(3, 1));
    try (MixtureOfFactorAnalyzers model = trained.model()) {
      double sum = 0;
      for (double[] row : rows) {
        sum += trained.dense().logLikelihood(row, all(3));
      }
      assertThat(trained.told()).isCloseTo(sum / rows.length, within(1e-6));
    }
  }
}
