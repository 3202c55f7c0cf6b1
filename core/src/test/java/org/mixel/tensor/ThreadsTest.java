package org.mixel.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.evaluation.ComparedSets;
import org.mixel.evaluation.Evaluation;
import org.mixel.evaluation.Measure;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.ndb.Ndb;

/** Computations of one process do not change each other's threads. */
class ThreadsTest {
  private int before;

  @BeforeEach
  void useThreeThreads() {
    LibTorch.load();
    before = torch.get_num_threads();
    Threads.limit(3);
  }

  @AfterEach
  void useAsManyAsBefore() {
    Threads.limit(before);
  }

  @Test
  void twoFitsAtOnceGiveTheModelsOfEachAlone() {
    List<Samples> sets = List.of(blobs(1), blobs(2));
    List<TrainingResult> alone = sets.stream().map(ThreadsTest::fit).toList();
    List<CompletableFuture<TrainingResult>> running =
        sets.stream()
            .map(samples -> CompletableFuture.supplyAsync(() -> fit(samples), ThreadsTest::start))
            .toList();
    for (int i = 0; i < sets.size(); i++) {
      try (TrainingResult result = running.get(i).join();
          TrainingResult wanted = alone.get(i)) {
        requireSame(result, wanted);
      }
    }
    assertOrdinary();
  }

  @Test
  void aFitBesideNdbTestsOrAnEvaluationGivesTheResultsOfEachAlone() {
    Samples one = blobs(1);
    Samples other = blobs(2);
    requireSameBesideAFit(
        one, () -> Ndb.run(one, List.of(other), Ndb.Options.defaults()).toJson().toString());
    // Those that compute much; others need many repetitions.
    Evaluation.Options options =
        Evaluation.Options.defaults().withMeasures(Set.of(Measure.PRECISION, Measure.RECALL));
    requireSameBesideAFit(
        one,
        () ->
            Evaluation.run(
                    ComparedSets.of(one, List.of(other)),
                    options,
                    ComputeDevice.CPU,
                    Progress.SILENT)
                .toJson()
                .toString());
  }

  private static void requireSameBesideAFit(Samples rows, Supplier<String> work) {
    String wanted = work.get();
    try (TrainingResult alone = fit(rows)) {
      CompletableFuture<TrainingResult> fit =
          CompletableFuture.supplyAsync(() -> fit(rows), ThreadsTest::start);
      assertThat(work.get()).isEqualTo(wanted);
      try (TrainingResult beside = fit.join()) {
        requireSame(beside, alone);
      }
    }
    assertOrdinary();
  }

  private static void requireSame(TrainingResult result, TrainingResult wanted) {
    assertThat(result.trainLogLikelihood()).isEqualTo(wanted.trainLogLikelihood());
    assertThat(parameters(result.model())).isEqualTo(parameters(wanted.model()));
  }

  private static List<List<Double>> parameters(MixtureOfFactorAnalyzers model) {
    return Stream.of(model.logWeights(), model.means(), model.loadings(), model.noiseVariance())
        .map(tensor -> Arrays.stream(Tensors.doubles(tensor)).boxed().toList())
        .toList();
  }

  @Test
  void sectionsThatOverlapLeaveAllThreadsToThoseWhoCome() {
    CountDownLatch firstIsIn = new CountDownLatch(1);
    CountDownLatch secondIsIn = new CountDownLatch(1);
    CompletableFuture<?> first =
        CompletableFuture.runAsync(
            () ->
                Threads.alone(
                    () -> {
                      firstIsIn.countDown();
                      await(secondIsIn);
                      return torch.get_num_threads();
                    }),
            ThreadsTest::start);
    await(firstIsIn);
    int second =
        Threads.withSmallProducts(
            () -> {
              secondIsIn.countDown();
              first.join();
              return openblas_nolapack.blas_get_num_threads();
            });
    assertThat(second).isEqualTo(1);
    assertOrdinary();
  }

  @Test
  void othersBeginWithAllThreadsWhileOneComputesAlone() {
    int[] seen =
        Threads.alone(
            () ->
                new int[] {
                  torch.get_num_threads(),
                  CompletableFuture.supplyAsync(torch::get_num_threads, ThreadsTest::start).join()
                });
    assertThat(seen).containsExactly(1, 3);
    assertOrdinary();
  }

  @Test
  void aLimitHoldsForProductsToo() {
    Threads.limit(1);
    assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(1);
  }

  @Test
  void workersThatBeganAreAwaitedWhenOneThrows() {
    AtomicBoolean ended = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                divide(
                    (worker, workers) -> {
                      if (worker > 0) {
                        throw new IllegalArgumentException("cannot work");
                      }
                      sleep(300);
                      ended.set(true);
                    }))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(ended).isTrue();
    assertOrdinary();
  }

  @Test
  void workersThatBeganAreAwaitedWhenOthersCannotBegin() {
    ThreadPoolExecutor pool = Threads.POOL;
    AtomicBoolean ended = new AtomicBoolean();
    try {
      pool.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
      while (pool.getPoolSize() > 0) {
        sleep(5);
      }
      pool.setMaximumPoolSize(1);
      assertThatThrownBy(
              () ->
                  divide(
                      (worker, workers) -> {
                        sleep(300);
                        ended.set(true);
                      }))
          .isInstanceOf(RejectedExecutionException.class);
      assertThat(ended).isTrue();
    } finally {
      pool.setMaximumPoolSize(Integer.MAX_VALUE);
      pool.setKeepAliveTime(60, TimeUnit.SECONDS);
    }
    assertOrdinary();
  }

  private static void divide(Threads.Worker body) {
    try (Device cpu = Devices.cpu()) {
      Threads.divide(cpu, 3, body);
    }
  }

  private static void sleep(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void assertOrdinary() {
    assertThat(torch.get_num_threads()).isEqualTo(3);
    assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(3);
    assertThat(CompletableFuture.supplyAsync(torch::get_num_threads, ThreadsTest::start).join())
        .isEqualTo(3);
  }

  private static void start(Runnable task) {
    new Thread(task).start();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static TrainingResult fit(Samples samples) {
    TrainingOptions options = TrainingOptions.defaults(8, 2).withTolerance(0).withIterations(5);
    return Trainer.of(options, ComputeDevice.CPU).fit(samples, Progress.SILENT);
  }

  /** Rows about eight points, far from each other. */
  private static Samples blobs(long seed) {
    int rows = 800;
    int dims = 64;
    Random random = new Random(seed);
    float[] values = new float[rows * dims];
    IntStream.range(0, values.length)
        .forEach(
            at -> {
              int blob = at / dims % 8;
              double center = Math.sin(blob * 7 + at % dims);
              values[at] = (float) (center + 0.1 * random.nextGaussian());
            });
    return StoredSamples.ofFloats("blobs", dims, null, values);
  }
}
