package org.mixel.cli;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.evaluation.Evaluation;
import org.mixel.evaluation.Measure;
import org.mixel.study.PowerStudy;
import org.mixel.study.Study;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The extent of the study of power. */
final class PowerChoice {
  @Option(
      names = "--effort",
      paramLabel = "quick|full",
      description =
          "power: quick takes mnist and gaussians, 1,000 rows, 10 repetitions, without the Frechet"
              + " distance (default); full mnist, cifar10 and gaussians, 1,000, 5,000 and 20,000"
              + " rows, 50 repetitions, all figures. The options below change either.")
  private @Nullable String effort;

  @Option(
      names = "--data",
      split = ",",
      paramLabel = "DATA",
      description =
          "power: the rows that faults are planted in; 'gaussians' are normal distributions whose"
              + " truth is known.")
  private @Nullable List<String> data;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "power: the class, from 0 to 9, of every row of the only DATA (default: those of a named"
              + " set; else 10 clusters of k-means stand for classes).")
  private @Nullable Path labels;

  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "N",
      description = "power: sizes of the reference and of candidates.")
  private @Nullable List<Integer> rows;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      description = "power: how often each fault is planted; finished repetitions count.")
  private @Nullable Integer repetitions;

  @Option(
      names = "--metrics",
      split = ",",
      paramLabel = "LIST",
      description = "power: the figures, as of mixel evaluate.")
  private @Nullable List<String> metrics;

  @Option(
      names = "--model",
      split = ",",
      paramLabel = "FILE",
      description = "power: models whose samples are candidates, too, where they fit the data.")
  private @Nullable List<Path> models;

  @Mixin private DataReading reading = new DataReading();

  /** Says what will be read. */
  void addTo(Places places) {
    if (data != null) {
      data.forEach(places::reads);
    }
    places.reads(labels);
    if (models != null) {
      models.forEach(places::reads);
    }
  }

  /**
   * The extent that the options ask for.
   *
   * @throws InputException if an option is out of its range, or given for another study
   */
  PowerStudy.Options of(Study study) {
    List<String> words = words();
    require(
        study == Study.POWER || words.isEmpty(),
        "%s belongs to the study power, not to %s"
            .formatted(words.isEmpty() ? "" : words.get(0), study));
    PowerStudy.Options options =
        switch (effort == null ? "quick" : effort) {
          case "quick" -> PowerStudy.Options.quick();
          case "full" -> PowerStudy.Options.full();
          default -> throw new InputException("--effort is quick or full, not '" + effort + "'");
        };
    options = options.withData(data == null ? options.data() : data, reading.options(), labels);
    options = rows == null ? options : options.withRows(rows);
    options = repetitions == null ? options : options.withRepetitions(repetitions);
    options = models == null ? options : options.withModels(models);
    return metrics == null ? options : options.withMeasures(measures(metrics));
  }

  private static Set<Measure> measures(List<String> names) {
    return Measure.of(names, Evaluation.Options.defaults().bins());
  }

  /** The options as the user gave them, for the footer of the report. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    add(words, "--effort", effort);
    add(words, "--data", data);
    add(words, "--labels", labels);
    add(words, "--rows", rows);
    add(words, "--repetitions", repetitions);
    add(words, "--metrics", metrics);
    add(words, "--model", models);
    words.addAll(reading.words());
    return words;
  }

  private static void add(List<String> words, String name, @Nullable Object value) {
    if (value instanceof List<?> list) {
      words.add(name + " " + String.join(",", list.stream().map(String::valueOf).toList()));
    } else if (value != null) {
      words.add(name + " " + value);
    }
  }
}
