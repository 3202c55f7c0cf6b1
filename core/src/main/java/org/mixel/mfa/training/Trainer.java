package org.mixel.mfa.training;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataHash;
import org.mixel.data.Samples;
import org.mixel.mfa.Familiarity;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;

/**
 * Trains mixtures, iteration by iteration, each a {@link Pass} over the rows.
 *
 * <p>With a checkpoint file every finished iteration is saved, so that an interrupted training
 * loses at most one. The checkpoint stays until the caller has saved the model and deletes it
 * ({@link org.mixel.tensor.Checkpoint}).
 */
public final class Trainer {
  /** The name of the shrinkage in the metadata of a model of vectors. */
  static final String SHRINKAGE = "shrinkage";

  /** The number of rows learned from in the metadata of a model. */
  static final String LEARNED_ROWS = "learned_rows";

  /** Floating-point operations that closing scores may take. */
  private static final double MOST_OPERATIONS = 2e11;

  private static final int LEAST_SCORED = 5_000;

  private final TrainingOptions options;
  private final ComputeDevice device;
  private @Nullable Samples validation;
  private Beginning.From from = Beginning.From.ROWS;
  private @Nullable Standardization standardization;
  private int scoredComponents;
  private double seenRows = Double.NaN;

  private Trainer(TrainingOptions options, ComputeDevice device) {
    this.options = options;
    this.device = device;
  }

  /**
   * A trainer that computes on the CPU.
   *
   * @param options how to train
   */
  public static Trainer of(TrainingOptions options) {
    return of(options, ComputeDevice.CPU);
  }

  /**
   * @param options how to train
   * @param device where to compute
   */
  public static Trainer of(TrainingOptions options, ComputeDevice device) {
    return new Trainer(options, device);
  }

  /** Stops when these rows' likelihood falls, and returns the model that is best on them. */
  public Trainer validatedBy(Samples rows) {
    validation = rows;
    return this;
  }

  /**
   * Begins with this model instead of a first model made from the data.
   *
   * @param model of the size that the options ask for; must stay open until the training ends
   */
  public Trainer startingFrom(MixtureOfFactorAnalyzers model) {
    from = from.withStart(model, 0);
    return this;
  }

  /**
   * Begins with this model and goes on to learn from new rows, without those that it was trained
   * on: they enter as what the model expects of them ({@link #learnedRows}).
   *
   * @param model as of {@link #startingFrom}
   * @param rows how many rows the model stands for, at least 0; the fewer, the sooner it forgets
   */
  public Trainer updating(MixtureOfFactorAnalyzers model, double rows) {
    require(rows >= 0, "a model to update must stand for at least 0 rows, got " + rows);
    from = from.withStart(model, rows);
    return this;
  }

  /**
   * How many rows a model has learned from, by their weights: those of its training, and what an
   * updated model stood for.
   *
   * @param file the model's, for messages
   * @throws InputException if the model does not say
   */
  public static double learnedRows(MixtureOfFactorAnalyzers model, Path file) {
    require(
        model.metadata().containsKey(LEARNED_ROWS),
        file
            + ": does not say how many rows it has learned from ("
            + LEARNED_ROWS
            + " in its metadata)");
    return FinishedTraining.number(file, model.metadata(), LEARNED_ROWS, 0);
  }

  /**
   * Tells that the passes see other rows than {@link #fit}, which has a sample of them.
   *
   * @param rows how many they are, by their weights
   */
  public Trainer seeing(double rows) {
    seenRows = rows;
    return this;
  }

  /** Scores as many training rows in the end as it would under so many components. */
  Trainer scoringAs(int components) {
    scoredComponents = components;
    return this;
  }

  private TrainingOptions widest(TrainingOptions options) {
    return options.withComponents(Math.max(scoredComponents, options.components()));
  }

  /** Trains in given units instead of those of the training rows. */
  public Trainer standardizedBy(Standardization units) {
    standardization = units;
    return this;
  }

  /**
   * Trains a finished model on, with more iterations, a smaller tolerance or more patience. A
   * checkpoint, if there is one, is resumed instead. Exact EM gives the result of one training with
   * these limits, for vectors within the rounding of their units; other algorithms begin with the
   * model alone and without what they remembered.
   *
   * @param model must stay open until the training ends
   * @param file the model's, for messages
   */
  public Trainer goingOnFrom(MixtureOfFactorAnalyzers model, Path file) {
    from = from.withFinished(model, file);
    return this;
  }

  /**
   * Saves every iteration.
   *
   * @param file where
   * @param resume whether to resume from that file if it exists; otherwise it is replaced
   */
  public Trainer checkpointedIn(Path file, boolean resume) {
    from = from.withCheckpoint(file, resume);
    return this;
  }

  /**
   * Trains a model, and reports to nobody.
   *
   * @return the caller closes it, and with it the model
   * @throws InputException as {@link #fit(Samples, Progress)}
   */
  public TrainingResult fit(Samples samples) {
    return fit(samples, Progress.SILENT);
  }

  /**
   * Trains a model.
   *
   * @param samples the training rows; with exact EM, values may be missing (NaN), with exact and
   *     truncated EM rows may have {@linkplain Samples#weightedBy weights}
   * @param progress hears of every iteration
   * @return the caller closes it, and with it the model
   * @throws InputException if there are fewer rows than components or fewer values than factors,
   *     the validation rows have another size, a value is infinite, or missing where the algorithm
   *     cannot do without or in every row, or the checkpoint or the model to go on with is of
   *     another training or leaves nothing to do
   */
  public TrainingResult fit(Samples samples, Progress progress) {
    check(samples);
    long began = System.nanoTime();
    Phases phases = new Phases(progress);
    TrainingOptions options = optionsFor(samples);
    Map<String, String> run = describe(samples, options);
    double learned = seen(samples) + from.oldRows();
    Standardization units = units(samples);
    Beginning beginning = new Beginning(options, device, from, samples, validation, units);
    try (TrainingState state = beginning.state(run, phases)) {
      state.begin(device);
      boolean converged = state.converged();
      beginning.requireOpenEnd(state.history(), converged);
      int most = options.stopping().iterations();
      try (Progress.Stage stage = phases.begin("EM", (long) most * samples.rows())) {
        stage.advance((long) state.history().iterations() * samples.rows());
        while (!converged && state.history().iterations() < most) {
          state.iterate(stage);
          state.save(run);
          converged = state.converged();
        }
      }
      TrainingHistory history = state.history();
      if (samples.areVectors()) {
        run.put(SHRINKAGE, Double.toString(history.shrinkage()));
      }
      run.put(LEARNED_ROWS, Double.toString(learned));
      new FinishedTraining(history.iterations(), converged, history.untilBest()).addTo(run);
      TrainingState.Result result = state.result(phases);
      try (MixtureOfFactorAnalyzers found = result.model()) {
        if (result.refit() != null) {
          run.put(
              MixtureOfFactorAnalyzers.POSTERIOR_NOISE, Double.toString(history.trainingNoise()));
        }
        MixtureOfFactorAnalyzers model;
        try (MixtureOfFactorAnalyzers restored = units.restore(found, run)) {
          model = Familiarity.learn(restored, samples, phases);
        }
        try {
          double exact = Scoring.meanLogLikelihood(model, scored(samples, widest(options)), phases);
          state.requireGain(exact);
          return new TrainingResult(
              model,
              history.train(),
              history.validation(),
              state.seconds(),
              exact,
              result.validation(),
              result.refit(),
              converged,
              phases.seconds(),
              (System.nanoTime() - began) / 1e9);
        } catch (Throwable e) {
          model.close();
          throw e;
        }
      }
    }
  }

  /** The options that apply to these rows: only images are refitted, and not by every algorithm. */
  private TrainingOptions optionsFor(Samples samples) {
    return samples.areVectors() || options.algorithm().climbsDensity()
        ? options.withRefit(Refit.NONE)
        : options;
  }

  /** The training rows, or as many of them as take a few seconds to score. */
  static Samples scored(Samples samples, TrainingOptions options) {
    double width = options.components() * (options.factors() + 2.0);
    double affordable = MOST_OPERATIONS / (2 * width * samples.dims());
    return samples.spread((int) Math.max(LEAST_SCORED, affordable));
  }

  /** The rows that passes see, by their weights. */
  private double seen(Samples samples) {
    return Double.isNaN(seenRows) ? RowWeights.of(samples).total() : seenRows;
  }

  private Standardization units(Samples samples) {
    return standardization == null ? Standardization.of(samples) : standardization;
  }

  void check(Samples samples) {
    boolean known = from.oldRows() > 0;
    if (known && !options.algorithm().allowsWeights()) {
      throw new InputException(
          "`trainer` %s cannot update a model; use em or truncated-em"
              .formatted(options.algorithm().trainer()));
    }
    if (!known && samples.rows() < options.components()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: %d components need at least as many rows, got %d; use fewer components",
              samples.name(),
              options.components(),
              samples.rows()));
    }
    if (samples.weights().isPresent()) {
      checkWeights(samples);
    }
    if (samples.dims() < options.factors()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: %d factors need at least as many values per row, got %d; use fewer factors",
              samples.name(),
              options.factors(),
              samples.dims()));
    }
    if (validation != null && validation.dims() != samples.dims()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: validation rows have %d values, but the training rows have %d",
              validation.name(),
              validation.dims(),
              samples.dims()));
    }
  }

  private void checkWeights(Samples samples) {
    if (!options.algorithm().allowsWeights()) {
      throw new InputException(
          "`trainer` %s cannot learn from rows with weights; use em or truncated-em"
              .formatted(options.algorithm().trainer()));
    }
    double total = seen(samples);
    if (from.oldRows() == 0 && total < options.components()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: the weights of the rows sum to %.6g, less than one row for each of %d components;"
                  + " multiply them by a number",
              samples.name(),
              total,
              options.components()));
    }
  }

  private Map<String, String> describe(Samples samples, TrainingOptions options) {
    Map<String, String> run = new TreeMap<>(options.toMetadata());
    run.put("data", samples.name());
    run.put("data_sha256", DataHash.sha256(samples));
    run.put("data_rows", Integer.toString(samples.rows()));
    from.addTo(run);
    samples.weights().ifPresent(own -> run.put("weights_sha256", DataHash.sha256(own)));
    if (validation != null) {
      run.put("validation_sha256", DataHash.sha256(validation));
      validation
          .weights()
          .ifPresent(own -> run.put("validation_weights_sha256", DataHash.sha256(own)));
    }
    return run;
  }

  /**
   * Only makes the first model, from which several trainings may {@linkplain #startingFrom start}.
   *
   * @throws InputException as {@link #fit(Samples, Progress)}
   */
  public MixtureOfFactorAnalyzers firstModel(Samples samples, Progress progress) {
    check(samples);
    Standardization units = units(samples);
    FirstModel first =
        new Beginning(optionsFor(samples), device, from, samples, null, units).firstModel(progress);
    try (MixtureOfFactorAnalyzers model = first.model()) {
      return units.restore(
          model,
          units.ofVectors() ? Map.of(SHRINKAGE, Double.toString(first.shrinkage())) : Map.of());
    }
  }
}
