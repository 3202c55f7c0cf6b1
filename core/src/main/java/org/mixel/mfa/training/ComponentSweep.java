package org.mixel.mfa.training;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;

/**
 * The choice of size: trains a model for each of several numbers of components and keeps the one
 * under which the validation rows are most likely (the paper's Figure 21).
 */
public final class ComponentSweep {
  private final TrainingOptions options;
  private final List<Integer> components;
  private final ComputeDevice device;
  private @Nullable Samples test;
  private @Nullable CheckpointFolder checkpoints;

  private ComponentSweep(TrainingOptions options, List<Integer> components, ComputeDevice device) {
    this.options = options;
    this.components = List.copyOf(components);
    this.device = device;
  }

  /**
   * The result of one number of components.
   *
   * @param components number of components
   * @param trainLogLikelihood mean of the training rows under the model, in nats
   * @param validationLogLikelihood mean of the validation rows, in nats
   * @param testLogLikelihood mean of the test rows, in nats; null when there are none
   * @param bic Bayesian information criterion, {@code p ln n - 2 n L} with {@code p = K (d (l + 2)
   *     + 1) - 1} parameters, {@code K (d (l + 1) + 2) - 1} if the noise is isotropic, and {@code
   *     L} the mean of the training rows; smaller is better
   * @param iterations of the training
   * @param seconds of the training
   */
  public record Setting(
      int components,
      double trainLogLikelihood,
      double validationLogLikelihood,
      @Nullable Double testLogLikelihood,
      double bic,
      int iterations,
      double seconds) {}

  /**
   * All settings, and the best.
   *
   * @param settings in the order asked for
   * @param best the training whose model is best on the validation rows; the caller closes it
   * @param bestSetting its place among the settings
   */
  public record Outcome(List<Setting> settings, TrainingResult best, int bestSetting) {}

  /**
   * @param options how to train; their number of components is not used
   * @param components the numbers to try, at least one
   * @param device where to compute
   * @throws org.mixel.InputException if there is none, or one is below 1
   */
  public static ComponentSweep of(
      TrainingOptions options, List<Integer> components, ComputeDevice device) {
    require(!components.isEmpty(), "name at least one number of components");
    components.forEach(options::withComponents);
    return new ComponentSweep(options, components, device);
  }

  /** Scores these rows, too, under every model. */
  public ComponentSweep testedBy(Samples rows) {
    test = rows;
    return this;
  }

  /** Saves every iteration of every training in files of a folder. */
  public ComponentSweep checkpointedIn(Path folder, boolean resume) {
    checkpoints = new CheckpointFolder(folder, resume);
    return this;
  }

  /**
   * Trains all.
   *
   * @param samples the training rows
   * @param validation rows that choose
   * @throws org.mixel.InputException as {@link Trainer#fit(Samples, Progress)}
   */
  public Outcome fit(Samples samples, Samples validation, Progress progress) {
    Trainer.of(options.withComponents(Collections.max(components)), device).check(samples);
    if (checkpoints != null) {
      checkpoints.requireOnly(
          components.stream()
              .map(number -> "components-" + number)
              .collect(Collectors.joining("|")));
    }
    List<Setting> settings = new ArrayList<>();
    TrainingResult best = null;
    int bestSetting = 0;
    try (Progress.Stage stage = progress.begin("numbers of components", components.size())) {
      for (int number : components) {
        TrainingResult result = train(number, samples, validation, progress);
        Setting setting = describe(result, RowWeights.of(samples).total(), progress);
        settings.add(setting);
        if (best == null
            || setting.validationLogLikelihood()
                > settings.get(bestSetting).validationLogLikelihood()) {
          if (best != null) {
            best.model().close();
          }
          best = result;
          bestSetting = settings.size() - 1;
        } else {
          result.model().close();
        }
        stage.advance(1);
      }
    }
    return new Outcome(List.copyOf(settings), java.util.Objects.requireNonNull(best), bestSetting);
  }

  private TrainingResult train(int number, Samples samples, Samples validation, Progress progress) {
    Trainer trainer = Trainer.of(options.withComponents(number), device).validatedBy(validation);
    if (checkpoints != null) {
      trainer.checkpointedIn(checkpoints.file("components-" + number), checkpoints.resume());
    }
    return trainer.fit(samples, progress);
  }

  private Setting describe(TrainingResult result, double rows, Progress progress) {
    MixtureOfFactorAnalyzers model = result.model();
    double train = result.exactLogLikelihood();
    double variances = options.maximization().noise() == NoiseModel.ISOTROPIC ? 1 : model.dims();
    double parameters =
        model.components() * (model.dims() * (model.factors() + 1.0) + variances + 1) - 1;
    return new Setting(
        model.components(),
        train,
        java.util.Objects.requireNonNull(result.keptLogLikelihood()),
        test == null ? null : Scoring.meanLogLikelihood(model, test, progress),
        parameters * Math.log(rows) - 2.0 * rows * train,
        result.trainLogLikelihood().size(),
        result.seconds());
  }
}
