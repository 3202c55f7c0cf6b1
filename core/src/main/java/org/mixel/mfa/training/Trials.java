package org.mixel.mfa.training;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.NativeScope;
import org.mixel.tensor.RandomStream;

/**
 * Short trainings that choose how the training of vectors begins. Their components overlap, so EM
 * ends near where it began: of several first models, the one that leads farthest in a few
 * iterations is taken (Biernacki, Celeux and Govaert 2003). Clusters depend on the units of the
 * columns: where the columns differ in width, half as many more first models come from clusters in
 * the user's units. From there, several strengths of {@link Shrinkage} are tried. A tenth of the
 * rows, kept aside from the trials, judges.
 */
final class Trials {
  private static final int MOST_STARTS = 8;
  private static final int ITERATIONS = 15;
  private static final double[] SHRINKAGES = {0, 1, 3, 10, 30, 100, 300, 1000};

  /** While first models are compared, by turns: some sets divide along correlations, some not. */
  private static final double LITTLE_SHRINKAGE = 10;

  private static final double MUCH_SHRINKAGE = 1000;

  private static final int LEAST_ROWS = 100;
  private static final int MOST_JUDGES = 5_000;
  private static final int MOST_ROWS = 20_000;
  private static final int ROWS_PER_COMPONENT = 100;

  /** Floating-point operations that take a few seconds. */
  private static final double MOST_OPERATIONS = 2e11;

  private final TrainingOptions options;
  private final boolean missing;
  private final Samples rows;
  private final ComputeDevice device;
  private final Samples judges;
  private final Optional<Standardization> given;

  private Trials(
      TrainingOptions options,
      Optional<Standardization> given,
      boolean missing,
      Samples rows,
      ComputeDevice device,
      Samples judges) {
    this.options = options;
    this.given = given;
    this.missing = missing;
    this.rows = rows;
    this.device = device;
    this.judges = judges;
  }

  /**
   * The best beginning; where rows are few or a trial is long, the first model without trials.
   *
   * @param all vectors in the units of the training
   * @param units of the training
   * @param missing whether values are missing
   * @param first makes a first model of some of the rows, from a seed
   */
  static FirstModel best(
      Samples all,
      Standardization units,
      ComputeDevice device,
      boolean missing,
      TrainingOptions options,
      FirstModel.Maker first,
      Progress progress) {
    int held = Math.min(all.rows() / 10, MOST_JUDGES);
    int most = Math.max(MOST_ROWS, ROWS_PER_COMPONENT * options.components());
    int tried = Math.min(all.rows() - held, most);
    double width = options.components() * (options.factors() + 2.0);
    double operations =
        2.0 * tried * all.dims() * width * ITERATIONS * (missing ? options.factors() : 1);
    int starts = (int) Math.min(MOST_STARTS, MOST_OPERATIONS / operations / 2);
    if (all.rows() < LEAST_ROWS || tried < options.components() || starts == 0) {
      return first.make(all, options.seed(), progress);
    }
    try (RandomStream random = RandomStream.of(options.seed()).split(3)) {
      int[] order = random.choose(held + tried, all.rows());
      Samples judges = part(all, Arrays.copyOf(order, held));
      Samples part = part(all, Arrays.copyOfRange(order, held, order.length));
      Optional<Standardization> given = missing ? Optional.empty() : units.undone();
      return new Trials(options, given, missing, part, device, judges).run(starts, first, progress);
    }
  }

  private static Samples part(Samples samples, int[] rows) {
    Arrays.sort(rows);
    return samples.select(rows);
  }

  private FirstModel run(int starts, FirstModel.Maker first, Progress progress) {
    SplittableRandom seeds = new SplittableRandom(options.seed());
    int more = given.isPresent() ? (starts + 1) / 2 : 0;
    try (Progress.Stage stage = progress.begin("first models", starts + more + SHRINKAGES.length);
        Best best = new Best()) {
      for (int start = 0; start < starts + more; start++) {
        long seed = start == 0 ? options.seed() : seeds.nextLong();
        double shrinkage = start % 2 == 0 ? LITTLE_SHRINKAGE : MUCH_SHRINKAGE;
        try (NativeScope scope = new NativeScope();
            MixtureOfFactorAnalyzers model =
                start < starts
                    ? first.make(rows, seed, Progress.SILENT).model()
                    : inGivenUnits(first, seed)) {
          best.offer(trained(model, shrinkage), shrinkage);
        }
        stage.advance(1);
      }
      try (MixtureOfFactorAnalyzers start = best.take()) {
        for (double shrinkage : SHRINKAGES) {
          best.offer(trained(start, shrinkage), shrinkage);
          stage.advance(1);
        }
      }
      double shrinkage = best.shrinkage;
      return new FirstModel(best.take(), shrinkage, 0);
    }
  }

  /** A first model of clusters in the user's units, which may tell groups by one wide column. */
  private MixtureOfFactorAnalyzers inGivenUnits(FirstModel.Maker first, long seed) {
    Standardization undone = given.orElseThrow();
    try (MixtureOfFactorAnalyzers model =
        first.make(undone.apply(rows), seed, Progress.SILENT).model()) {
      return undone.restore(model, Map.of());
    }
  }

  private MixtureOfFactorAnalyzers trained(MixtureOfFactorAnalyzers start, double shrinkage) {
    Maximization maximization = options.maximization().withShrinkage(shrinkage);
    try (NativeScope scope = new NativeScope();
        EmPass pass = new EmPass(rows, device, missing)) {
      MixtureOfFactorAnalyzers model = start;
      for (int i = 0; i < ITERATIONS; i++) {
        MixtureOfFactorAnalyzers old = model;
        try {
          model = pass.improve(old, maximization, Progress.SILENT.begin("EM", -1)).model();
        } finally {
          if (old != start) {
            old.close();
          }
        }
      }
      return model;
    }
  }

  /** The model that the judging rows find most likely. */
  private final class Best implements AutoCloseable {
    private @Nullable MixtureOfFactorAnalyzers model;
    private double score;
    private double shrinkage;

    void offer(MixtureOfFactorAnalyzers other, double rows) {
      double reached;
      try {
        reached = Scoring.meanLogLikelihood(other, judges, Progress.SILENT);
      } catch (RuntimeException e) {
        other.close();
        throw e;
      }
      if (model == null || reached > score) {
        close();
        model = other;
        score = reached;
        shrinkage = rows;
      } else {
        other.close();
      }
    }

    /** Hands the model over. */
    MixtureOfFactorAnalyzers take() {
      MixtureOfFactorAnalyzers taken = Objects.requireNonNull(model);
      model = null;
      return taken;
    }

    @Override
    public void close() {
      if (model != null) {
        model.close();
      }
    }
  }
}
