package org.mixel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mixel.cluster.KMeans;
import org.mixel.cluster.KSubspaces;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.Inpainting;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Sampler;
import org.mixel.mfa.Scoring;
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.HierarchicalTrainer;
import org.mixel.mfa.training.Initialization;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.VoronoiBins;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.Tensors;

/** No native object outlives the work that made it, whether the work succeeds or fails. */
class NativeMemoryTest {
  private static final int DIMS = 6;
  private static final int ROWS = 300;

  private static final Samples ROWS_OF_NUMBERS = rows(ROWS, -1);

  /** Like those, but one value of a late row is missing. */
  private static final Samples BROKEN = rows(ROWS, (ROWS - 5) * DIMS);

  private static Samples rows(int count, int missing) {
    float[] values = new float[count * DIMS];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = i == missing ? Float.NaN : (float) random.nextGaussian() + i / DIMS % 3;
    }
    return StoredSamples.ofFloats("rows", DIMS, null, values);
  }

  /** Some work; what it makes is closed. */
  interface Work {
    void run();
  }

  private static Named<Work> work(String name, Work work) {
    return Named.of(name, work);
  }

  private static Work fit(Samples samples, Algorithm algorithm, Initialization first) {
    TrainingOptions options =
        TrainingOptions.forVectors(3, 2)
            .withAlgorithm(algorithm)
            .withInitialization(first)
            .withIterations(2);
    return () ->
        Trainer.of(options, ComputeDevice.CPU)
            .validatedBy(ROWS_OF_NUMBERS)
            .fit(samples, Progress.SILENT)
            .model()
            .close();
  }

  private static MixtureOfFactorAnalyzers model(double noise) {
    try (NativeScope scope = new NativeScope()) {
      double[] means = new double[2 * DIMS];
      double[] loadings = new double[2 * DIMS];
      double[] variances = new double[2 * DIMS];
      for (int i = 0; i < means.length; i++) {
        means[i] = i % 3;
        loadings[i] = i % 2;
        variances[i] = noise;
      }
      return MixtureOfFactorAnalyzers.of(
          Tensors.of(new double[2], 2),
          Tensors.of(means, 2, DIMS),
          Tensors.of(loadings, 2, 1, DIMS),
          Tensors.of(variances, 2, DIMS),
          null,
          Map.of());
    }
  }

  private static Work kMeans(Samples samples) {
    return () -> {
      try (RowReader reader = RowReader.of(samples, ComputeDevice.CPU);
          RowReader columns = reader.columns(new int[] {0, 3})) {
        KMeans.fit(columns, KMeans.Options.defaults(4), Progress.SILENT);
      }
    };
  }

  private static Work ndb(Samples candidate) {
    VoronoiBins.Options bins =
        VoronoiBins.Options.defaults().withBins(5).withWhiten(true).withMaxDims(3);
    return () -> Ndb.test(ROWS_OF_NUMBERS, candidate, bins);
  }

  static Stream<Named<Work>> successes() {
    return Stream.of(
        work("em", fit(ROWS_OF_NUMBERS, new Algorithm.ExactEm(), Initialization.KMEANS)),
        work("em, missing values", fit(BROKEN, new Algorithm.ExactEm(), Initialization.RANDOM)),
        work(
            "truncated em",
            fit(ROWS_OF_NUMBERS, new Algorithm.TruncatedEm(2, 2), Initialization.SUBSPACES)),
        work(
            "stepwise em",
            fit(ROWS_OF_NUMBERS, new Algorithm.StepwiseEm(100, 0.6), Initialization.KMEANS)),
        work(
            "sgd",
            fit(
                ROWS_OF_NUMBERS,
                new Algorithm.StochasticGradient(100, 1e-3),
                Initialization.KMEANS)),
        work(
            "score",
            () -> {
              try (MixtureOfFactorAnalyzers model = model(1)) {
                Scoring.logLikelihood(model, BROKEN, Progress.SILENT);
                Scoring.mostProbable(model, ROWS_OF_NUMBERS, Progress.SILENT);
              }
            }),
        work(
            "sample",
            () -> {
              try (MixtureOfFactorAnalyzers model = model(1);
                  Sampler sampler = Sampler.of(model, true, 0)) {
                model.weights();
                model.component(1);
                sampler.nextRows(10);
                sampler.nextDoubles(10);
              }
            }),
        work("in-paint", NativeMemoryTest::inpaint),
        work("k-means", kMeans(ROWS_OF_NUMBERS)),
        work("ndb", ndb(ROWS_OF_NUMBERS)));
  }

  private static void inpaint() {
    try (MixtureOfFactorAnalyzers model = model(1)) {
      for (Inpainting.Mode mode : Inpainting.Mode.values()) {
        inpaint(model, mode, rows -> {});
      }
    }
  }

  private static void inpaint(
      MixtureOfFactorAnalyzers model, Inpainting.Mode mode, Consumer<float[]> target) {
    for (boolean[] observed :
        List.of(new boolean[] {true, true, true, false, false, false}, new boolean[0])) {
      Inpainting.complete(
          model,
          BROKEN,
          observed.length == 0 ? null : observed,
          new Inpainting.Options(mode, 2, 0),
          Progress.SILENT,
          target);
    }
  }

  static Stream<Named<Work>> failures() {
    Samples infinite =
        StoredSamples.ofFloats(
            "infinite", DIMS, null, new float[] {1, 2, 3, Float.POSITIVE_INFINITY, 5, 6});
    return Stream.of(
        work(
            "truncated em, missing values",
            fit(BROKEN, new Algorithm.TruncatedEm(2, 2), Initialization.KMEANS)),
        work(
            "sgd that diverges",
            fit(
                ROWS_OF_NUMBERS,
                new Algorithm.StochasticGradient(100, 1e6),
                Initialization.KMEANS)),
        work(
            "score",
            () -> {
              try (MixtureOfFactorAnalyzers model = model(1)) {
                Scoring.logLikelihood(model, infinite, Progress.SILENT);
              }
            }),
        work(
            "score with a model that cannot be computed with",
            () -> {
              try (MixtureOfFactorAnalyzers model = model(Double.MIN_VALUE)) {
                Scoring.logLikelihood(model, ROWS_OF_NUMBERS, Progress.SILENT);
              }
            }),
        work(
            "in-paint with a model that cannot be computed with",
            () -> {
              try (MixtureOfFactorAnalyzers model = model(Double.MIN_VALUE)) {
                inpaint(model, Inpainting.Mode.PAPER, rows -> {});
              }
            }),
        work(
            "in-paint into a full disk",
            () -> {
              try (MixtureOfFactorAnalyzers model = model(1)) {
                inpaint(
                    model,
                    Inpainting.Mode.SAMPLE,
                    rows -> {
                      throw new InputException("the disk is full");
                    });
              }
            }),
        work("k-means", kMeans(BROKEN)),
        work(
            "k-subspaces",
            () -> {
              try (RowReader reader = RowReader.of(BROKEN, ComputeDevice.CPU)) {
                KSubspaces.fit(reader, KSubspaces.Options.defaults(3, 2), Progress.SILENT);
              }
            }),
        work("ndb", ndb(BROKEN)));
  }

  @ParameterizedTest
  @MethodSource("successes")
  void successLeavesNothing(Work work) throws InterruptedException {
    requireNothingLeft(work);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failureLeavesNothing(Work work) throws InterruptedException {
    requireNothingLeft(() -> assertThatThrownBy(work::run).isInstanceOf(RuntimeException.class));
  }

  @Test
  void aTrainingInStagesLeavesNothingWhereverScoringFails() throws InterruptedException {
    AtomicInteger scored = new AtomicInteger();
    fitInStages(failing(-1, scored));
    assertThat(scored).as("roots, splits and the flat model").hasValueGreaterThan(2);
    for (int place = 1; place <= scored.get(); place++) {
      int last = place;
      requireNothingLeft(
          () ->
              assertThatThrownBy(() -> fitInStages(failing(last, new AtomicInteger())))
                  .isInstanceOf(LinkageError.class));
    }
  }

  private static void fitInStages(Progress progress) {
    TrainingOptions options = TrainingOptions.forVectors(2, 2).withIterations(2);
    HierarchicalTrainer.of(options, 2, ComputeDevice.CPU)
        .splitBy(50)
        .fit(ROWS_OF_NUMBERS, progress)
        .close();
  }

  /** Throws an error when rows are scored for the n-th time. */
  private static Progress failing(int place, AtomicInteger scored) {
    return (name, steps) -> {
      if (name.equals("log-likelihood") && scored.incrementAndGet() == place) {
        throw new LinkageError("scoring fails");
      }
      return Progress.SILENT.begin(name, steps);
    };
  }

  /** Runs the work once to make what stays for good, and then again. */
  private static void requireNothingLeft(Work work) throws InterruptedException {
    work.run();
    System.gc();
    Thread.sleep(100);
    long before = Pointer.totalCount();
    work.run();
    assertThat(Pointer.totalCount()).as("native objects").isLessThanOrEqualTo(before);
  }
}
