package org.mixel.mfa.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.Density;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RandomStream;
import org.mixel.tensor.RowReader;
import org.mixel.tensor.SafeTensors;
import org.mixel.tensor.Tensors;

/**
 * A pass of stepwise EM (Cappe and Moulines, <i>On-line expectation-maximization algorithm for
 * latent data models</i>, 2009): after batch {@code t} the statistics are {@code (1 - eta) old +
 * eta new} with {@code eta = (t + 2)^-decay}, both scaled to all rows, and the model is the M-step
 * of these. One pass takes a model a long way, which is all that very large sets need.
 *
 * <p>The first model's own expected statistics are the first to be forgotten. Batches are made of
 * short runs of consecutive rows in random order: data that lie sorted in a file are mixed, and the
 * file is still read in pieces of some size, the next batch while one is worked on.
 */
final class StepwiseEmPass implements Pass {
  private static final int RUN = 32;

  private final Samples samples;
  private final ComputeDevice device;
  private final Algorithm.StepwiseEm algorithm;
  private final TrainingOptions options;
  private SufficientStatistics statistics;
  private long steps;
  private long passes;

  private StepwiseEmPass(
      Samples samples,
      ComputeDevice device,
      Algorithm.StepwiseEm algorithm,
      TrainingOptions options,
      SufficientStatistics statistics,
      long steps,
      long passes) {
    this.samples = samples;
    this.device = device;
    this.algorithm = algorithm;
    this.options = options;
    this.statistics = statistics;
    this.steps = steps;
    this.passes = passes;
  }

  /**
   * @param state empty, or what {@link #state} gave
   */
  static StepwiseEmPass of(
      Samples samples,
      ComputeDevice device,
      MixtureOfFactorAnalyzers model,
      Algorithm.StepwiseEm algorithm,
      TrainingOptions options,
      SafeTensors state) {
    if (state.tensors().isEmpty()) {
      SufficientStatistics expected =
          SufficientStatistics.gather(
              model, statistics -> new OldRows(model, samples.rows()).addTo(statistics));
      return new StepwiseEmPass(samples, device, algorithm, options, expected, 0, 0);
    }
    long[] counts = Tensors.longs(state.get("counts", 2));
    return new StepwiseEmPass(
        samples,
        device,
        algorithm,
        options,
        SufficientStatistics.restore(model, state),
        counts[0],
        counts[1]);
  }

  @Override
  public SufficientStatistics expect(MixtureOfFactorAnalyzers model, Progress.Stage stage) {
    return ExactExpectation.of(samples, device, model, stage);
  }

  @Override
  public Outcome improve(
      MixtureOfFactorAnalyzers model, Maximization maximization, Progress.Stage stage) {
    passes++;
    Epoch epoch = new Epoch(model, maximization);
    try (RandomStream random = RandomStream.of(options.seed()).split(2000 + passes);
        RowReader rows = RowReader.of(samples.select(mixed(samples.rows(), random)), device)) {
      rows.forEach(evenBatch(), stage, epoch::step);
      return new Outcome(epoch.present, epoch.likelihood / samples.rows(), 0);
    } catch (RuntimeException | Error e) {
      epoch.closePresent();
      throw e;
    }
  }

  /** Batches of about equal size: each counts as much as any, and a few rows must not. */
  private int evenBatch() {
    int batches = (samples.rows() - 1) / algorithm.batch() + 1;
    return (samples.rows() - 1) / batches + 1;
  }

  /** The model on its way through one pass. */
  private final class Epoch {
    private final MixtureOfFactorAnalyzers start;
    private final Maximization maximization;
    private MixtureOfFactorAnalyzers present;
    private double likelihood;
    private final RowWeights weights = RowWeights.of(samples);

    Epoch(MixtureOfFactorAnalyzers start, Maximization maximization) {
      this.start = start;
      this.maximization = maximization;
      present = start;
    }

    void step(RowReader.Batch batch) {
      try (Density density = Density.of(present);
          SufficientStatistics ofBatch = SufficientStatistics.empty(present)) {
        ExactExpectation.add(batch, weights, density, ofBatch);
        likelihood += ofBatch.meanLogLikelihood() * batch.count();
        double eta = Math.pow(++steps + 1, -algorithm.decay());
        statistics.scale(1 - eta);
        ofBatch.scale(eta * samples.rows() / batch.count());
        statistics.merge(ofBatch);
      }
      MixtureOfFactorAnalyzers next = maximization.maximize(statistics);
      SufficientStatistics moved;
      try {
        moved = statistics.about(next);
      } catch (RuntimeException | Error e) {
        next.close();
        throw e;
      }
      statistics.close();
      statistics = moved;
      closePresent();
      present = next;
    }

    void closePresent() {
      if (present != start) {
        present.close();
      }
    }
  }

  /** All rows, in short runs in random order. */
  private static int[] mixed(int rows, RandomStream random) {
    int runs = (rows + RUN - 1) / RUN;
    return IntStream.of(random.choose(runs, runs))
        .flatMap(run -> IntStream.range(run * RUN, Math.min(rows, (run + 1) * RUN)))
        .toArray();
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>(statistics.tensors());
    state.put("counts", Tensors.of(new long[] {steps, passes}, 2));
    return state;
  }

  @Override
  public void close() {
    statistics.close();
  }
}
