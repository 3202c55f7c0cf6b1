package org.mixel.study.power;

import static org.mixel.InputException.require;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mixel.Interruption;
import org.mixel.OutputLock;
import org.mixel.Progress;
import org.mixel.data.DataHash;
import org.mixel.data.DataOptions;
import org.mixel.data.RowSampler;
import org.mixel.data.Samples;
import org.mixel.evaluation.CandidateReport;
import org.mixel.evaluation.Evaluation;
import org.mixel.evaluation.Measure;
import org.mixel.io.DataSource;
import org.mixel.io.Labels;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.neural.ModelSampler;
import org.mixel.report.Block;
import org.mixel.study.stage.MixtureSetting;
import org.mixel.study.stage.TrainingStage;
import org.mixel.tensor.ComputeDevice;

/**
 * The power of the figures of an {@link Evaluation}: how often each finds a known fault, by its
 * p-value, in sets of several sizes. Each repetition deals out the rows of a source anew; what is
 * found in it is kept in a small file, so that an interrupted study goes on where it was, and more
 * repetitions, figures or models cost what they add.
 */
public final class PowerStudy {
  /** A figure finds a fault where its p is at most this. */
  static final double LEVEL = CandidateReport.LEVEL;

  /** Changes with what a repetition draws: records of another number are not read. */
  private static final int VERSION = 2;

  /** Rows that a mixture is trained on. */
  private static final int TRAINING_ROWS = 10_000;

  private static final int DIGEST_ROWS = 100;

  /** Named sets with ten classes. */
  private static final Set<String> LABELLED = Set.of("mnist", "cifar10", "svhn");

  private final Path folder;
  private final Options options;
  private final ComputeDevice device;
  private final Interruption interruption;
  private final Progress progress;

  private PowerStudy(
      Path folder,
      Options options,
      ComputeDevice device,
      Interruption interruption,
      Progress progress) {
    this.folder = folder;
    this.options = options;
    this.device = device;
    this.interruption = interruption;
    this.progress = progress;
  }

  /**
   * The extent of the study.
   *
   * @param data named sets, other data, and {@code gaussians}; each is a part of the study
   * @param reading how data are read
   * @param labels the classes of the rows of the only data; null for those of a named set, or
   *     clusters where there are none
   * @param rows sizes of the reference and of candidates
   * @param repetitions of each fault
   * @param measures the figures; those that do not apply to some data are left out there
   * @param models files of models whose samples are candidates where they fit the data
   * @param seed fixes all of it
   */
  public record Options(
      List<String> data,
      DataOptions reading,
      @Nullable Path labels,
      List<Integer> rows,
      int repetitions,
      Set<Measure> measures,
      List<Path> models,
      long seed) {
    private static final int FEWEST_ROWS = 200;

    /**
     * @throws org.mixel.InputException if a list is empty or names something twice, or a number is
     *     out of its range
     */
    public Options {
      data = List.copyOf(data);
      rows = List.copyOf(rows);
      models = List.copyOf(models);
      measures = measures.isEmpty() ? Set.of() : Set.copyOf(measures);
      require(
          !data.isEmpty() && !rows.isEmpty() && !measures.isEmpty(), "there is nothing to study");
      require(new HashSet<>(data).size() == data.size(), "`data` names a set twice: " + data);
      require(
          labels == null || data.size() == 1,
          "`labels` are those of one set; `data` names %d".formatted(data.size()));
      require(
          rows.stream().allMatch(each -> each >= FEWEST_ROWS),
          "`rows` must be at least %d, got %s".formatted(FEWEST_ROWS, rows));
      require(repetitions >= 1, "`repetitions` must be at least 1, got " + repetitions);
    }

    /** MNIST and Gaussians, 1,000 rows, 10 repetitions, without the Frechet distance. */
    public static Options quick() {
      Set<Measure> measures = all();
      measures.remove(Measure.FRECHET);
      return new Options(
          List.of(PowerSource.GAUSSIANS, "mnist"),
          DataOptions.defaults(),
          null,
          List.of(1_000),
          10,
          measures,
          List.of(),
          0);
    }

    /** MNIST, CIFAR-10 and Gaussians, 1,000 to 20,000 rows, 50 repetitions, all figures. */
    public static Options full() {
      return new Options(
          List.of(PowerSource.GAUSSIANS, "mnist", "cifar10"),
          DataOptions.defaults(),
          null,
          List.of(1_000, 5_000, 20_000),
          50,
          all(),
          List.of(),
          0);
    }

    /** These options as arguments of a command. */
    public String arguments() {
      StringBuilder text =
          new StringBuilder(
              "--data %s --rows %s --repetitions %d"
                  .formatted(
                      String.join(",", data),
                      rows.stream().map(String::valueOf).collect(Collectors.joining(",")),
                      repetitions));
      reading.words().forEach(word -> text.append(' ').append(word));
      if (labels != null) {
        text.append(" --labels ").append(labels.getFileName());
      }
      if (!measures.equals(all())) {
        text.append(" --metrics ")
            .append(
                measures.stream().map(Measure::toString).sorted().collect(Collectors.joining(",")));
      }
      models.forEach(model -> text.append(" --model ").append(model.getFileName()));
      return text.toString();
    }

    /** All figures; the excess has the p-value of NDB. */
    private static Set<Measure> all() {
      return EnumSet.complementOf(EnumSet.of(Measure.JS_EXCESS, Measure.CLASSIFIER_SCORE));
    }

    /** The same with other data, and the classes of their rows. */
    public Options withData(List<String> names, DataOptions how, @Nullable Path file) {
      return new Options(names, how, file, rows, repetitions, measures, models, seed);
    }

    /** The same with other sizes. */
    public Options withRows(List<Integer> sizes) {
      return new Options(data, reading, labels, sizes, repetitions, measures, models, seed);
    }

    /** The same with another number of repetitions. */
    public Options withRepetitions(int count) {
      return new Options(data, reading, labels, rows, count, measures, models, seed);
    }

    /** The same with other figures. */
    public Options withMeasures(Set<Measure> chosen) {
      return new Options(data, reading, labels, rows, repetitions, chosen, models, seed);
    }

    /** The same with samples of models. */
    public Options withModels(List<Path> files) {
      return new Options(data, reading, labels, rows, repetitions, measures, files, seed);
    }

    /** The same with another seed. */
    public Options withSeed(long number) {
      return new Options(data, reading, labels, rows, repetitions, measures, models, number);
    }
  }

  /**
   * Runs what is missing of the study, and writes its report.
   *
   * @param folder receives {@code report.html}, {@code report.md}, {@code power.json}, {@code
   *     models}, and {@code power} with the repetitions
   * @param maker the command that makes the report, for its footer
   * @return the tables of the report
   * @throws org.mixel.InputException if data cannot be read, have too few rows or classes, or a
   *     model fits none of them
   * @throws StudyInterrupted if the program is to end before all is done
   */
  public static List<Block.Table> run(
      Path folder,
      Options options,
      String maker,
      ComputeDevice device,
      Interruption interruption,
      Progress progress) {
    PowerStudy study = new PowerStudy(folder, options, device, interruption, progress);
    List<PowerSource> sources = options.data().stream().map(study::source).toList();
    study.requireFitting(sources);
    return study.run(sources, maker);
  }

  private PowerSource source(String name) {
    if (name.equals(PowerSource.GAUSSIANS)) {
      return PowerSource.gaussians(options.seed());
    }
    Samples rows = DataSource.open(name, options.reading(), progress);
    String shown = String.valueOf(Path.of(name).getFileName());
    boolean labelled = options.labels() != null || LABELLED.contains(name.replaceFirst(":.*", ""));
    return labelled
        ? PowerSource.of(shown, rows, Labels.of(name, options.labels(), rows.rows(), progress))
        : PowerSource.clustered(shown, rows, options.seed(), progress);
  }

  /** Refuses data that are too few, and models that fit none, before the work. */
  private void requireFitting(List<PowerSource> sources) {
    require(
        sources.stream().map(PowerSource::name).distinct().count() == sources.size(),
        "`data` names two sets of one file name; rename a file");
    require(
        options.models().stream().map(Path::getFileName).distinct().count()
            == options.models().size(),
        "`model` names two models of one file name; rename a file");
    for (PowerSource source : sources) {
      int least = options.rows().stream().min(Integer::compare).orElseThrow();
      require(
          source.mostRows() >= least,
          String.format(
              Locale.ROOT,
              "%s: its rows make sets of %,d, not of %,d; set `rows` lower",
              source.name(),
              source.mostRows(),
              least));
      require(
          source.shape().isPresent() || !options.measures().equals(Set.of(Measure.SHARPNESS)),
          "sharpness needs images, and %s are rows of numbers; name other `metrics`"
              .formatted(source.name()));
    }
    for (Path model : options.models()) {
      try (RowSampler sampler = ModelSampler.open(model, false, options.seed(), device)) {
        require(
            sources.stream().anyMatch(source -> source.dims() == sampler.dims()),
            "%s: a model of %d values fits none of the data".formatted(model, sampler.dims()));
      }
    }
  }

  List<Block.Table> run(List<PowerSource> sources, String maker) {
    List<PowerTable> tables = new ArrayList<>();
    try (OutputLock lock = OutputLock.of(folder.resolve("power.json"))) {
      List<List<Fault>> faults = sources.stream().map(this::faults).toList();
      for (int rows : options.rows()) {
        for (int i = 0; i < sources.size(); i++) {
          PowerSource source = sources.get(i);
          if (rows > source.mostRows()) {
            progress.tell(
                String.format(
                    Locale.ROOT,
                    "%s: its rows do not make sets of %,d; that size is left out",
                    source.name(),
                    rows));
          } else {
            tables.add(table(source, rows, faults.get(i)));
          }
        }
      }
      PowerPage page = new PowerPage(tables, options, maker);
      page.write(folder);
      return page.blocks();
    }
  }

  /** All faults of rows of a source, samples of models last. */
  private List<Fault> faults(PowerSource source) {
    List<Fault> all = new ArrayList<>(Fault.all(source.shape()));
    TrainingOptions mixture =
        source.name().equals(PowerSource.GAUSSIANS)
            ? TrainingOptions.defaults(PowerSource.CLASSES, 1)
            : TrainingOptions.defaults(50, 6);
    TrainingStage stage =
        new TrainingStage(
            folder.resolve("models").resolve(fileName(source.name())),
            source.some(TRAINING_ROWS, options.seed()),
            options.seed(),
            device,
            interruption,
            progress);
    all.add(
        samples("samples of a mixture", stage.mixture(MixtureSetting.of(mixture)).file(), true));
    for (Path model : options.models()) {
      try (RowSampler sampler = ModelSampler.open(model, false, options.seed(), device)) {
        if (sampler.dims() == source.dims()) {
          all.add(samples("samples of " + model.getFileName(), model, false));
        }
      }
    }
    return all;
  }

  /** A model's samples; their first rows name the model in records. */
  private Fault samples(String name, Path model, boolean noise) {
    Samples some = drawn(model, noise, DIGEST_ROWS, options.seed());
    return new Fault(
        name,
        name + " " + DataHash.sha256(some),
        (dealt, random) -> dealt.kept(drawn(model, noise, dealt.rows(), random.nextLong())));
  }

  private Samples drawn(Path model, boolean noise, int rows, long seed) {
    try (RowSampler sampler = ModelSampler.open(model, noise, seed, device)) {
      return sampler.take("samples", rows, Progress.SILENT);
    }
  }

  private PowerTable table(PowerSource source, int rows, List<Fault> faults) {
    Set<Measure> measures = new HashSet<>(options.measures());
    if (source.shape().isEmpty()) {
      measures.remove(Measure.SHARPNESS);
    }
    String part = "%s-%d".formatted(fileName(source.name()), rows);
    String setting =
        "version %d, %s, %d rows, seed %d"
            .formatted(VERSION, source.digest(), rows, options.seed());
    PowerRepetitions repetitions =
        new PowerRepetitions(source, rows, faults, measures, options.seed(), device, interruption);
    List<PowerRecord> records = new ArrayList<>();
    String title = String.format(Locale.ROOT, "%s, %,d rows", source.name(), rows);
    long steps = (long) options.repetitions() * faults.size();
    try (Progress.Stage stage = progress.begin(title, steps)) {
      for (int i = 0; i < options.repetitions(); i++) {
        Path file = folder.resolve("power").resolve(part).resolve(i + ".json");
        PowerRecord record = PowerRecord.of(file, setting);
        repetitions.complete(record, i, stage);
        records.add(record);
      }
    }
    return PowerTable.of(source.name(), rows, faults, records);
  }

  /** A name of data as a folder's. */
  private static String fileName(String name) {
    return name.replaceAll("[^A-Za-z0-9.-]", "-");
  }
}
