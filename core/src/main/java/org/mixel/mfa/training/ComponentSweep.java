package org.mixel.mfa.training;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Reconstruction;
import org.mixel.mfa.Scoring;
import org.mixel.tensor.ComputeDevice;

/**
 * The choice of size: trains a model for each of several numbers of components and keeps the one
 * under which the validation rows are most likely (the paper's Figure 21).
 */
public final class ComponentSweep {
  /** Most images that are reconstructed to measure the error. */
  public static final int MOST_RECONSTRUCTED = 1_000;

  private final TrainingOptions options;
  private final List<Integer> components;
  private final ComputeDevice device;
  private @Nullable Samples test;
  private @Nullable CheckpointFolder checkpoints;
  private BiConsumer<Setting, MixtureOfFactorAnalyzers> viewer = (setting, model) -> {};

  private ComponentSweep(TrainingOptions options, List<Integer> components, ComputeDevice device) {
    this.options = options;
    this.components = List.copyOf(components);
    this.device = device;
  }

  /**
   * The result of one number of components.
   *
   * @param components number of components
   * @param trainLogLikelihood mean of the training rows under the model, in nats; where that would
   *     take more than seconds, of a part of them, the same for every number of components
   * @param validationLogLikelihood mean of the validation rows, in nats; null when there are none
   * @param testLogLikelihood mean of the test rows, in nats; null when there are none
   * @param bic Bayesian information criterion, {@code p ln n - 2 n L} with {@code p = K (d (l + 2)
   *     + 1) - 1} parameters, {@code K (d (l + 1) + 2) - 1} if the noise is isotropic, and {@code
   *     L} the mean of the training rows; smaller is better
   * @param reconstructionError mean squared error of the values of up to 1,000 images, each
   *     reconstructed by its most probable component; null for vectors
   * @param iterations of the training
   * @param seconds of the training
   */
  public record Setting(
      int components,
      double trainLogLikelihood,
      @Nullable Double validationLogLikelihood,
      @Nullable Double testLogLikelihood,
      double bic,
      @Nullable Double reconstructionError,
      int iterations,
      double seconds) {
    /**
     * Describes a training.
     *
     * @param samples the training rows
     * @param test rows to score; null for none
     * @param images rows to reconstruct, of which 1,000 at even distances are taken; nothing is
     *     reconstructed if they are vectors
     */
    public static Setting of(
        TrainingResult result,
        NoiseModel noise,
        Samples samples,
        @Nullable Samples test,
        Samples images,
        Progress progress) {
      MixtureOfFactorAnalyzers model = result.model();
      double train = result.exactLogLikelihood();
      double rows = RowWeights.of(samples).total();
      double variances = noise == NoiseModel.ISOTROPIC ? 1 : model.dims();
      double parameters =
          model.components() * (model.dims() * (model.factors() + 1.0) + variances + 1) - 1;
      return new Setting(
          model.components(),
          train,
          result.keptLogLikelihood(),
          test == null ? null : Scoring.meanLogLikelihood(model, test, progress),
          parameters * Math.log(rows) - 2.0 * rows * train,
          reconstructionError(model, images, progress),
          result.trainLogLikelihood().size(),
          result.seconds());
    }

    private static @Nullable Double reconstructionError(
        MixtureOfFactorAnalyzers model, Samples images, Progress progress) {
      if (images.areVectors()) {
        return null;
      }
      double error =
          Reconstruction.of(model, images.spread(MOST_RECONSTRUCTED), progress, values -> {});
      return Double.isNaN(error) ? null : error;
    }
  }

  /**
   * All settings, and the best.
   *
   * @param settings in the order asked for
   * @param best the training whose model is best on the validation rows; the caller closes it
   */
  public record Outcome(List<Setting> settings, TrainingResult best) {}

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

  /** Shows every model, in the order asked for, while it is open; the viewer must not keep it. */
  public ComponentSweep shownTo(BiConsumer<Setting, MixtureOfFactorAnalyzers> viewer) {
    this.viewer = viewer;
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
        Setting setting = show(result, samples, validation, progress);
        settings.add(setting);
        if (best == null || validated(setting) > validated(settings.get(bestSetting))) {
          if (best != null) {
            best.close();
          }
          best = result;
          bestSetting = settings.size() - 1;
        } else {
          result.close();
        }
        stage.advance(1);
      }
      return new Outcome(List.copyOf(settings), Objects.requireNonNull(best));
    } catch (Throwable e) {
      if (best != null) {
        best.close();
      }
      throw e;
    }
  }

  private Setting show(
      TrainingResult result, Samples samples, Samples validation, Progress progress) {
    try {
      Setting setting =
          Setting.of(
              result,
              options.maximization().noise(),
              samples,
              test,
              test == null ? validation : test,
              progress);
      viewer.accept(setting, result.model());
      return setting;
    } catch (Throwable e) {
      result.close();
      throw e;
    }
  }

  private static double validated(Setting setting) {
    return Objects.requireNonNull(setting.validationLogLikelihood());
  }

  private TrainingResult train(int number, Samples samples, Samples validation, Progress progress) {
    Trainer trainer =
        Trainer.of(options.withComponents(number), device)
            .validatedBy(validation)
            .scoringAs(Collections.max(components));
    if (checkpoints != null) {
      trainer.checkpointedIn(checkpoints.file("components-" + number), checkpoints.resume());
    }
    return trainer.fit(samples, progress);
  }
}
