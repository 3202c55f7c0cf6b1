package org.mixel.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.Holdout;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.Tensors;

/**
 * Mixtures of random tables by every trainer, judged in Python: likelihoods against dense float64
 * covariances of NumPy, and those of rows held out against scikit-learn's mixture of diagonal
 * Gaussians with as many components and a {@code reg_covar} of the noise floor. The ratio is the
 * share of tables that miss a bar: 0.01 nats a row in the mean, 0.1 in the worst row, 0.1 below
 * scikit-learn.
 */
final class Tables implements BenchCase {
  private static final int TABLES = 67;
  private static final int HELD = 1000;
  private static final double MEAN = 0.01;
  private static final double WORST = 0.1;

  /** Reads tables, parameters and likelihoods; prints what they differ by, a line each. */
  private static final String SCRIPT =
      """
      import sys, warnings
      import numpy as np
      from sklearn.mixture import GaussianMixture
      warnings.filterwarnings('ignore')
      source = sys.stdin.buffer
      def take(*shape):
          count = int(np.prod(shape))
          return np.frombuffer(source.read(8 * count), dtype='<f8').reshape(shape)
      def density(rows, weights, means, loadings, noise):
          joint = np.empty((len(rows), len(means)))
          for k in range(len(means)):
              unit = np.sqrt(noise[k] + (loadings[k] ** 2).sum(0))
              a = loadings[k] / unit
              lower = np.linalg.cholesky(a.T @ a + np.diag(noise[k] / unit ** 2))
              z = np.linalg.solve(lower, ((rows - means[k]) / unit).T)
              joint[:, k] = weights[k] - (z ** 2).sum(0) / 2 - np.log(np.diag(lower) * unit).sum()
          top = joint.max(1)
          total = top + np.log(np.exp(joint - top[:, None]).sum(1))
          return total - rows.shape[1] * np.log(2 * np.pi) / 2
      while True:
          head = source.read(48)
          if len(head) < 48:
              break
          n, held, d, K, l, floor = np.frombuffer(head, dtype='<f8')
          n, held, d, K, l = int(n), int(held), int(d), int(K), int(l)
          rows, test = take(n, d), take(held, d)
          model = take(K), take(K, d), take(K, l, d), take(K, d)
          scores, told = take(held), take(1)[0]
          truth = density(test, *model)
          mean, unit = rows.mean(0), rows.std(0)
          unit[unit == 0] = 1
          rival = GaussianMixture(K, covariance_type='diag', reg_covar=floor, random_state=0)
          rival.fit((rows - mean) / unit)
          theirs = rival.score((test - mean) / unit) - np.log(unit).sum()
          fitted = density(rows, *model).mean()
          print(abs(told - fitted), abs(scores - truth).max(), truth.mean() - theirs)
      """;

  /** What Python found of one table. */
  private record Judgement(double mean, double worst, double gain) {
    boolean passes() {
      return mean <= MEAN && worst <= WORST && gain >= -WORST;
    }
  }

  /** A table, its model and what was said of it. */
  private record Fitted(
      double[] train,
      double[] held,
      int dims,
      MixtureOfFactorAnalyzers model,
      double[] scores,
      double told) {}

  @Override
  public String name() {
    return "tables";
  }

  @Override
  public String measures() {
    return "mixtures of "
        + TABLES
        + " random tables, three times, by every trainer; the ratio is the share that misses a bar of"
        + " NumPy's float64 or scikit-learn";
  }

  @Override
  public Trial prepare(long seed, Progress progress) {
    Python python =
        Python.with("sklearn").orElseThrow(() -> new InputException("scikit-learn was not found"));
    return new Fits(python, seed);
  }

  private static final class Fits implements Trial {
    private final Python python;
    private final List<Judgement> judgements = new ArrayList<>();
    private long next;

    Fits(Python python, long seed) {
      this.python = python;
      next = 1000 * seed;
    }

    @Override
    public Timing time() {
      List<Fitted> all = new ArrayList<>();
      long began = System.nanoTime();
      for (int i = 0; i < TABLES; i++) {
        all.add(fit(next++));
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      Optional<String> printed =
          python.run(
              out -> {
                for (Fitted each : all) {
                  write(each, out);
                }
              },
              "-c",
              SCRIPT);
      all.forEach(each -> each.model().close());
      List<Judgement> found =
          printed
              .orElseThrow(() -> new IllegalStateException("Python failed"))
              .lines()
              .map(Fits::judgement)
              .toList();
      judgements.addAll(found);
      long missed = found.stream().filter(each -> !each.passes()).count();
      return new Timing(seconds, null, missed / (double) TABLES);
    }

    private static Judgement judgement(String line) {
      double[] words = Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
      return new Judgement(words[0], words[1], words[2]);
    }

    private static Fitted fit(long seed) {
      Random random = new Random(seed);
      int dims = 2 + random.nextInt(49);
      int rows = 600 + random.nextInt(3400);
      int components = 1 + random.nextInt(20);
      boolean any = random.nextInt(3) == 0;
      int factors = 1 + random.nextInt(any ? dims : Math.min(dims, 6));
      double[] values = new RandomTable(dims, random).rows(rows + HELD);
      double[] train = Arrays.copyOf(values, rows * dims);
      double[] held = Arrays.copyOfRange(values, rows * dims, values.length);
      List<String> trainers = List.of("em", "truncated-em", "stepwise-em", "sgd");
      TrainingOptions options =
          TrainingOptions.forVectors(components, factors)
              .withAlgorithm(
                  Algorithm.of(trainers.get((int) (seed % trainers.size()))).forVectors())
              .withSeed(seed);
      StoredSamples all = StoredSamples.ofDoubles("table", dims, train);
      Trainer trainer = Trainer.of(options, ComputeDevice.CPU);
      Optional<Holdout> parts = Holdout.of(all, components, seed);
      parts.ifPresent(each -> trainer.validatedBy(each.validation()));
      TrainingResult result = trainer.fit(parts.map(Holdout::train).orElse(all), Progress.SILENT);
      MixtureOfFactorAnalyzers model = result.model();
      double[] scores =
          Scoring.logLikelihood(
              model, StoredSamples.ofDoubles("held", dims, held), Progress.SILENT);
      // The trainer tells the mean of its own rows; the judge knows all of them.
      double told =
          parts.isEmpty()
              ? result.exactLogLikelihood()
              : Scoring.meanLogLikelihood(model, all, Progress.SILENT);
      return new Fitted(train, held, dims, model, scores, told);
    }

    private static void write(Fitted fitted, OutputStream out) throws IOException {
      MixtureOfFactorAnalyzers model = fitted.model();
      int dims = fitted.dims();
      double floor = TrainingOptions.forVectors(1, 1).maximization().noiseFloor();
      put(
          out,
          fitted.train().length / (double) dims,
          fitted.held().length / (double) dims,
          dims,
          model.components(),
          model.factors(),
          floor);
      put(out, fitted.train());
      put(out, fitted.held());
      put(out, Tensors.doubles(model.logWeights()));
      put(out, Tensors.doubles(model.means()));
      put(out, Tensors.doubles(model.loadings()));
      put(out, Tensors.doubles(model.noiseVariance()));
      put(out, fitted.scores());
      put(out, fitted.told());
    }

    private static void put(OutputStream out, double... values) throws IOException {
      ByteBuffer bytes =
          ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asDoubleBuffer().put(values);
      out.write(bytes.array());
    }

    @Override
    public String note() {
      return String.format(
          Locale.ROOT,
          "%d tables: likelihoods within %.1e nats in the mean and %.1e in the worst row of NumPy's;"
              + " held-out rows from %.2f below to %.2f nats above scikit-learn's",
          judgements.size(),
          judgements.stream().mapToDouble(Judgement::mean).max().orElseThrow(),
          judgements.stream().mapToDouble(Judgement::worst).max().orElseThrow(),
          -Math.min(0, judgements.stream().mapToDouble(Judgement::gain).min().orElseThrow()),
          judgements.stream().mapToDouble(Judgement::gain).max().orElseThrow());
    }

    @Override
    public void close() {}
  }
}
