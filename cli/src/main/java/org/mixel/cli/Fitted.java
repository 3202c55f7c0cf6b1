package org.mixel.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mixel.cli.RowsChoice.Rows;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.training.ComponentSweep;
import org.mixel.mfa.training.Maximization;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;

/** The answer of {@code fit}: a model and its training. */
record Fitted(
    int components,
    int factors,
    int rows,
    int validationRows,
    int dims,
    String trainer,
    long seed,
    List<Double> trainLogLikelihood,
    List<Double> validationLogLikelihood,
    List<Double> iterationSeconds,
    double exactLogLikelihood,
    @Nullable Double testLogLikelihood,
    @Nullable Density density,
    @Nullable List<ComponentSweep.Setting> settings,
    boolean converged,
    Map<String, Double> phases,
    double seconds,
    String model) {
  /** The noise that components were found under, and the floor and prior that the refit chose. */
  record Density(double trainingNoise, double noiseFloor, double noisePrior) {
    static @Nullable Density of(TrainingResult result) {
      Maximization refit = result.refit();
      return refit == null
          ? null
          : new Density(result.model().posteriorNoise(), refit.noiseFloor(), refit.priorRows());
    }
  }

  /**
   * @param settings of a sweep, else null
   * @param tested mean log-likelihood of the test rows, in nats, if there are any
   */
  static Fitted of(
      TrainingResult result,
      @Nullable List<ComponentSweep.Setting> settings,
      TrainingOptions options,
      Rows rows,
      @Nullable Double tested,
      Path output) {
    MixtureOfFactorAnalyzers model = result.model();
    return new Fitted(
        model.components(),
        model.factors(),
        rows.all().rows(),
        rows.held() == null ? 0 : rows.held().rows(),
        model.dims(),
        options.algorithm().trainer(),
        options.seed(),
        result.trainLogLikelihood(),
        result.validationLogLikelihood(),
        result.iterationSeconds(),
        result.exactLogLikelihood(),
        tested,
        Density.of(result),
        settings,
        result.converged(),
        result.phases(),
        result.seconds(),
        output.toString());
  }

  /**
   * The same for people.
   *
   * @param trainedOn number of rows
   * @param kept mean log-likelihood of the validation rows, in nats, if there are any
   */
  String text(int trainedOn, @Nullable Double kept) {
    String text =
        ("%s: %d components x %d factors, %,d rows of %d values%n"
                + "%s: %d iterations in %.1f s, %s; train %.2f nats per row")
            .formatted(
                model,
                components,
                factors,
                trainedOn,
                dims,
                trainer,
                trainLogLikelihood.size(),
                seconds,
                converged ? "converged" : "stopped at the limit of iterations",
                exactLogLikelihood);
    if (kept != null) {
      text += ", validation %.2f (kept)".formatted(kept);
    }
    if (testLogLikelihood != null) {
      text += ", test %.2f".formatted(testLogLikelihood);
    }
    return settings == null ? text : table(settings) + "\n" + text;
  }

  private static TextTable table(List<ComponentSweep.Setting> settings) {
    TextTable table =
        TextTable.of(
            "components",
            "train %.2f",
            "validation %.2f",
            "test %.2f",
            "BIC %.4e",
            "iterations",
            "seconds %.1f");
    for (ComponentSweep.Setting setting : settings) {
      table.row(
          setting.components(),
          setting.trainLogLikelihood(),
          setting.validationLogLikelihood(),
          setting.testLogLikelihood(),
          setting.bic(),
          setting.iterations(),
          setting.seconds());
    }
    return table;
  }
}
