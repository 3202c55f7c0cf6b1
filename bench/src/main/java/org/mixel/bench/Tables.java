package org.mixel.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.bench.BenchCase.Timing;
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
 * Mixtures of random tables by every trainer, judged in Python by {@code peers/tables.py}:
 * likelihoods against dense float64 covariances of NumPy, and those of rows held out against
 * scikit-learn's mixture of diagonal Gaussians with as many components and a {@code reg_covar} of
 * the noise floor. The ratio is the share of tables that miss a bar: 0.01 nats a row in the mean,
 * 0.1 in the worst row, 0.1 below scikit-learn.
 */
final class Tables implements BenchCase.Trial {
  private static final int TABLES = 67;
  private static final int HELD = 1000;
  private static final double MEAN = 0.01;
  private static final double WORST = 0.1;

  static final BenchCase CASE =
      new BenchCase(
          "tables",
          "mixtures of "
              + TABLES
              + " random tables, three times, by every trainer; the ratio is the share that misses"
              + " a bar of NumPy's float64 or scikit-learn",
          Tables::prepare);

  private final Peer peer;
  private final List<Judgement> judgements = new ArrayList<>();
  private long next;

  /** The differences of one table, in nats. */
  private record Judgement(double mean, double worst, double gain) {
    static Judgement parse(String line) {
      double[] words = Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
      return new Judgement(words[0], words[1], words[2]);
    }

    boolean passes() {
      return mean <= MEAN && worst <= WORST && gain >= -WORST;
    }
  }

  /** A table, its model and their log-likelihoods. */
  private record Fitted(
      double[] train,
      double[] held,
      int dims,
      MixtureOfFactorAnalyzers model,
      double[] scores,
      double mean) {}

  private Tables(Peer peer, long seed) {
    this.peer = peer;
    next = 1000 * seed;
  }

  private static Tables prepare(long seed, Progress progress) {
    return new Tables(
        Peer.of("tables.py", "sklearn")
            .orElseThrow(() -> new InputException("scikit-learn was not found")),
        seed);
  }

  @Override
  public Timing time() {
    List<Fitted> fitted = new ArrayList<>();
    double seconds =
        Timing.secondsOf(
            () -> {
              for (int i = 0; i < TABLES; i++) {
                fitted.add(fit(next++));
              }
            });
    Optional<String> answer = peer.answer(out -> write(fitted, out));
    fitted.forEach(each -> each.model().close());
    List<Judgement> judged =
        answer
            .orElseThrow(() -> new IllegalStateException("Python failed"))
            .lines()
            .map(Judgement::parse)
            .toList();
    judgements.addAll(judged);
    long missed = judged.stream().filter(each -> !each.passes()).count();
    return new Timing(seconds, null, missed / (double) TABLES);
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
                Algorithm.of(trainers.get((int) Math.floorMod(seed, (long) trainers.size())))
                    .forVectors())
            .withSeed(seed);
    StoredSamples all = StoredSamples.ofDoubles("table", dims, train);
    Trainer trainer = Trainer.of(options, ComputeDevice.CPU);
    Optional<Holdout> parts = Holdout.of(all, components, seed);
    parts.ifPresent(each -> trainer.validatedBy(each.validation()));
    TrainingResult result = trainer.fit(parts.map(Holdout::train).orElse(all), Progress.SILENT);
    MixtureOfFactorAnalyzers model = result.model();
    double[] scores =
        Scoring.logLikelihood(model, StoredSamples.ofDoubles("held", dims, held), Progress.SILENT);
    // The trainer knows the mean of its own rows; the judge wants that of all.
    double mean =
        parts.isEmpty()
            ? result.exactLogLikelihood()
            : Scoring.meanLogLikelihood(model, all, Progress.SILENT);
    return new Fitted(train, held, dims, model, scores, mean);
  }

  private static void write(List<Fitted> all, OutputStream out) throws IOException {
    for (Fitted each : all) {
      write(each, out);
    }
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
    put(out, fitted.mean());
  }

  private static void put(OutputStream out, double... values) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    out.write(bytes.array());
  }

  @Override
  public String note() {
    return ("%d tables: likelihoods within %.1e nats in the mean and %.1e in the worst row of NumPy's;"
            + " held-out rows from %.2f below to %.2f nats above scikit-learn's")
        .formatted(
            judgements.size(),
            judgements.stream().mapToDouble(Judgement::mean).max().orElseThrow(),
            judgements.stream().mapToDouble(Judgement::worst).max().orElseThrow(),
            -Math.min(0, judgements.stream().mapToDouble(Judgement::gain).min().orElseThrow()),
            judgements.stream().mapToDouble(Judgement::gain).max().orElseThrow());
  }
}
