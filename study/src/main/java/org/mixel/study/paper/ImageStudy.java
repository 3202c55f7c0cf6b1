package org.mixel.study.paper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mixel.InputException;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.DataHash;
import org.mixel.data.Samples;
import org.mixel.neural.AdversarialMfa;
import org.mixel.neural.Evaluation;
import org.mixel.neural.LabelClassifier;
import org.mixel.neural.VaeDfc;
import org.mixel.report.Block;
import org.mixel.study.stage.MixtureSetting;
import org.mixel.study.stage.NetworkSetting;
import org.mixel.study.stage.TrainingStage;
import org.mixel.study.stage.TrainingStage.Finished;
import org.mixel.tensor.ComputeDevice;

/**
 * The paper's comparison on one set of images: mixtures and networks of every kind learn from the
 * same part of the rows; a second part chooses among the states of each network; the rest, which no
 * model has seen, is counted in bins beside the samples.
 *
 * <p>Each model is a stage, and each finished stage a small folder ({@link StageRecord}). The
 * report is composed of the stages that are there, wherever they were made.
 */
public final class ImageStudy {
  /** The stages of rows that are no model's. */
  static final String TRAINING = "training-images";

  static final String TEST = "test-images";

  /** Fewer rows carry no component, and a mixture of more components is left out. */
  private static final int ROWS_PER_COMPONENT = 7;

  private static final int FIGURE_BINS = 200;

  /**
   * One set of images and the models that learn from it.
   *
   * @param title of the report
   * @param shares of the rows
   * @param bins numbers of bins; by the first, states of networks are chosen
   * @param whiten whether bins are placed on whitened rows, as the paper did for faces
   * @param mixtures the study's own first, with which networks begin that need one; others of as
   *     many components, from other seeds; then others of other numbers of components
   * @param networks in the order of the report's rows, at the width that they are trained with on
   *     the CPU; on a GPU they have their authors' widths
   * @param samples of each model
   * @param evaluations of each network during its training
   * @param classified whether a classifier of the labels scores samples during the training of
   *     networks
   * @param published the paper's NDB/K by the name of a stage, {@code NaN} where it gives none
   */
  public record Description(
      String title,
      Split.Shares shares,
      List<Integer> bins,
      boolean whiten,
      List<MixtureSetting> mixtures,
      List<NetworkSetting> networks,
      int samples,
      int evaluations,
      boolean classified,
      PublishedScores published) {
    /** The number of bins of the paper's figures, or the study's smallest. */
    int figureBins() {
      return bins.contains(FIGURE_BINS) ? FIGURE_BINS : bins.get(0);
    }

    /** The names of all stages, in the order of the report. */
    List<String> stages() {
      return Stream.of(
              Stream.of(TRAINING, TEST),
              mixtures.stream().map(MixtureSetting::name),
              networks.stream().map(NetworkSetting::name))
          .flatMap(names -> names)
          .toList();
    }

    /** Mixtures of other numbers of components than the study's own, by their stages. */
    Map<String, Integer> otherComponents() {
      int own = mixtures.get(0).options().components();
      return mixtures.stream()
          .filter(each -> each.options().components() != own)
          .collect(
              Collectors.toMap(
                  MixtureSetting::name,
                  each -> each.options().components(),
                  (one, two) -> one,
                  LinkedHashMap::new));
    }
  }

  /**
   * The images.
   *
   * @param all rows that are dealt out
   * @param test rows of an official test set, or null: then the rows that are counted stand for it
   * @param labels the class of each of all, or null
   * @param mirror whether models learn from the mirror images of their rows, too
   */
  public record Images(
      Samples all, @Nullable Samples test, int @Nullable [] labels, boolean mirror) {}

  private final Description description;
  private final Images images;
  private final Split split;
  private final TrainingStage training;
  private final StageTests tests;
  private final Path folder;
  private final long seed;
  private final ComputeDevice device;
  private final Progress progress;

  /**
   * @param folder receives {@code stages}, {@code models} and the report
   * @param version of the program, for the records of stages
   */
  public ImageStudy(
      Description description,
      Images images,
      Path folder,
      long seed,
      String version,
      ComputeDevice device,
      Interruption interruption,
      Progress progress) {
    this.description = description;
    this.images = images;
    this.folder = folder;
    this.seed = seed;
    this.device = device;
    this.progress = progress;
    split = Split.of(images.all(), description.shares(), seed);
    Samples learned = images.mirror() ? split.train().mirrored() : split.train();
    training =
        new TrainingStage(folder.resolve("models"), learned, seed, device, interruption, progress);
    tests =
        new StageTests(description, split, learned.rows(), folder, seed, version, device, progress);
  }

  /**
   * Makes the stages that are missing, and the report of all that are there.
   *
   * @param wanted names of stages, or empty for all
   * @return the tables of the report
   * @throws InputException if no stage is called so
   * @throws StudyInterrupted if the program is to end before all is done
   */
  public List<Block.Table> run(Set<String> wanted, String maker) {
    List<String> names = description.stages();
    for (String name : wanted) {
      if (!names.contains(name)) {
        throw new InputException(
            "no stage is called '%s'; there are %s"
                .formatted(name, names.stream().collect(Collectors.joining(", "))));
      }
    }
    List<StageRecord> records = new ArrayList<>();
    for (String name : names) {
      boolean make = wanted.isEmpty() || wanted.contains(name);
      stage(name, make, !wanted.isEmpty()).ifPresent(records::add);
    }
    return StageReport.write(folder, description, split, images, records, maker, seed);
  }

  /**
   * @param asked whether the stage is asked for by its name
   */
  private Optional<StageRecord> stage(String name, boolean make, boolean asked) {
    if (name.equals(TRAINING)) {
      return tests.ofRows(name, split.train(), StageTests.COUNTINGS, make);
    }
    if (name.equals(TEST)) {
      // Counted rows can stand for a test set where the training rows are counted, too.
      return images.test() == null
          ? tests.ofRows(name, split.counted(), List.of(StageTests.SEEN), make)
          : tests.ofRows(name, images.test(), StageTests.COUNTINGS, make);
    }
    for (MixtureSetting mixture : description.mixtures()) {
      if (name.equals(mixture.name())) {
        return mixture(mixture, make, asked);
      }
    }
    NetworkSetting setting =
        description.networks().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow();
    return network(setting, make);
  }

  /** The stage of a mixture. */
  private Optional<StageRecord> mixture(MixtureSetting mixture, boolean make, boolean asked) {
    String name = mixture.name();
    boolean carried =
        mixture.options().components() <= split.train().rows() / ROWS_PER_COMPONENT
            || mixture.equals(description.mixtures().get(0));
    if (make && asked && !carried) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "stage %s: %,d training images are fewer than %d for each of %,d components",
              name,
              split.train().rows(),
              ROWS_PER_COMPONENT,
              mixture.options().components()));
    }
    return tests.of(
        name,
        List.of(mixture.trained() + mirrored()),
        make && carried,
        () -> {
          Finished model = training.mixture(mixture);
          Samples rows = training.draw(model, false, description.samples()).rows();
          return new StageTests.Model(model, rows, null, Double.NaN);
        });
  }

  /** The stage of a network. */
  private Optional<StageRecord> network(NetworkSetting described, boolean make) {
    NetworkSetting setting = described;
    int[] labels = labels();
    if (labels != null && setting.recipe() instanceof VaeDfc dfc) {
      int[] learned =
          images.mirror()
              ? IntStream.concat(IntStream.of(labels), IntStream.of(labels)).toArray()
              : labels;
      setting = setting.of(dfc.withFeatures(new VaeDfc.Features.Labels(learned)));
    }
    NetworkSetting wide = setting.atAuthorsWidth();
    NetworkSetting here = device.equals(ComputeDevice.CPU) ? setting : wide;
    String start =
        setting.recipe().needsMixture() ? " of " + description.mixtures().get(0).options() : "";
    return tests.of(
        described.name(),
        Stream.of(here, wide, setting)
            .map(each -> each + start + mirrored() + scored(labels))
            .distinct()
            .toList(),
        make,
        () -> trained(here));
  }

  /** What the setting of a model says of mirror images. */
  private String mirrored() {
    return images.mirror() ? " mirrored" : "";
  }

  /** What the setting of a network says of the labels by which a classifier scores its samples. */
  private String scored(int @Nullable [] labels) {
    return labels == null || !description.classified()
        ? ""
        : " scored by labels " + DataHash.brief(labels);
  }

  /** A trained network and samples of it. */
  private StageTests.Model trained(NetworkSetting setting) {
    Path mixture =
        setting.recipe().needsMixture()
            ? training.mixture(description.mixtures().get(0)).file()
            : null;
    int[] labels = labels();
    String compared =
        setting.recipe() instanceof VaeDfc dfc && dfc.features() instanceof VaeDfc.Features.Labels
            ? " by " + dfc.features()
            : "";
    Evaluation.Options options =
        Evaluation.Options.defaults()
            .withBins(description.bins().subList(0, 1))
            .withRows(Math.max(2, description.samples() / 4))
            .asImages(description.whiten());
    try (LabelClassifier classifier =
            labels == null || !description.classified() ? null : classifier(labels);
        Evaluation evaluation =
            new Evaluation(
                    split.train(),
                    options,
                    device,
                    classifier == null ? null : classifier.scorer(seed, device))
                .counting(split.validation())) {
      Finished model =
          training.network(
              setting, mixture, evaluation, description.evaluations(), compared + scored(labels));
      // Samples of a mixture have no noise, as in the paper; but the adversary's critic saw it.
      boolean noise = setting.recipe() instanceof AdversarialMfa;
      Samples rows = training.draw(model, noise, description.samples()).rows();
      return new StageTests.Model(
          model, rows, setting, classifier == null ? Double.NaN : classifier.accuracy());
    }
  }

  /** A classifier of the labels, trained once. */
  private LabelClassifier classifier(int[] labels) {
    Path file = folder.resolve("models").resolve("classifier");
    LabelClassifier.Options options = LabelClassifier.Options.thorough();
    Map<String, String> trained =
        Map.of(
            "training",
            "%s %s labels %s seed %d"
                .formatted(options, DataHash.sha256(split.train()), DataHash.sha256(labels), seed));
    return LabelClassifier.load(file, split.train().shape().orElseThrow(), options, trained, device)
        .orElseGet(
            () -> {
              LabelClassifier classifier =
                  LabelClassifier.train(split.train(), labels, options, seed, device, progress);
              classifier.save(file, trained);
              return classifier;
            });
  }

  /** The classes of the training rows. */
  private int @Nullable [] labels() {
    int[] labels = images.labels();
    return labels == null
        ? null
        : IntStream.of(split.trainRows()).map(row -> labels[row]).toArray();
  }
}
