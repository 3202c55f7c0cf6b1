package org.mixel.cli;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.evaluation.Evaluation;
import org.mixel.evaluation.Measure;
import org.mixel.study.Study;
import org.mixel.study.power.PowerStudy;
import org.mixel.study.stage.Effort;
import picocli.CommandLine.Option;

/** The extent of the study of power. */
final class PowerChoice {
  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "N[,N...]",
      description = "power: sizes of the reference and of candidates (default: by the effort).")
  private @Nullable List<Integer> rows;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      description =
          "power: how often each fault is planted (default: by the effort); those that are done"
              + " count.")
  private @Nullable Integer repetitions;

  @Option(
      names = "--metrics",
      split = ",",
      paramLabel = "LIST[,LIST...]",
      description = "power: the figures, as of mixel evaluate (default: by the effort).")
  private @Nullable List<String> metrics;

  @Option(
      names = "--model",
      split = ",",
      paramLabel = "FILE[,FILE...]",
      description = "power: models whose samples are candidates, too, of data that they fit.")
  private @Nullable List<Path> models;

  /** The data that a study reads: several are named for this one. */
  static List<String> names(Study study, @Nullable String data) {
    if (data == null) {
      return List.of();
    }
    return study == Study.POWER ? List.of(data.split(",")) : List.of(data);
  }

  /** Says what will be read. */
  void addTo(Places places) {
    if (models != null) {
      models.forEach(places::reads);
    }
  }

  /**
   * The extent that the options ask for.
   *
   * @throws InputException if an option is out of its range, or given for another study
   */
  PowerStudy.Options of(Study study, Effort effort, Study.Images images) {
    require(
        study == Study.POWER
            || (rows == null && repetitions == null && metrics == null && models == null),
        "study %s has rows and figures of its own; leave out `rows`, `repetitions`, `metrics` and `model`"
            .formatted(study));
    PowerStudy.Options options =
        effort == Effort.QUICK ? PowerStudy.Options.quick() : PowerStudy.Options.full();
    if (study != Study.POWER) {
      return options;
    }
    List<String> data = names(study, images.data());
    options =
        options.withData(data.isEmpty() ? options.data() : data, images.options(), images.labels());
    options = rows == null ? options : options.withRows(rows);
    options = repetitions == null ? options : options.withRepetitions(repetitions);
    options = models == null ? options : options.withModels(models);
    return metrics == null
        ? options
        : options.withMeasures(Measure.of(metrics, Evaluation.Options.defaults().bins()));
  }
}
