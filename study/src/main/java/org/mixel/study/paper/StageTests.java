package org.mixel.study.paper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.DataHash;
import org.mixel.data.Samples;
import org.mixel.figure.Figure;
import org.mixel.figure.StoredPicture;
import org.mixel.metric.Sharpness;
import org.mixel.ndb.BinsFile;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.ReferenceMode;
import org.mixel.ndb.VoronoiBins;
import org.mixel.neural.AdversarialMfa;
import org.mixel.neural.MetricsLog;
import org.mixel.neural.Pix2Pix;
import org.mixel.neural.Recipe;
import org.mixel.page.BinBlocks;
import org.mixel.page.SamplePictures;
import org.mixel.report.Block;
import org.mixel.study.paper.ImageStudy.Description;
import org.mixel.study.paper.StageRecord.Made;
import org.mixel.study.paper.StageRecord.Training;
import org.mixel.study.stage.NetworkSetting;
import org.mixel.study.stage.TrainingStage;
import org.mixel.study.stage.TrainingStage.Finished;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.SafeTensors;

/**
 * Tests samples and keeps what the report says of them. Samples are clipped and rounded to 8 bits,
 * as image files would keep them. Bins are placed once by the training rows and lie in a file; rows
 * are counted in two ways: those that no model has seen, and, as the paper did, the training rows.
 */
final class StageTests {
  /** Counting of rows that no model has seen. */
  static final String UNSEEN = "unseen";

  /** Counting of the rows that placed the bins: the paper's way. */
  static final String SEEN = "training";

  /** Both ways of counting. */
  static final List<String> COUNTINGS = List.of(UNSEEN, SEEN);

  /** Parts of the report that show pictures. */
  static final String SAMPLES = "Samples";

  static final String BINS = "Bins";

  /** The part of pictures that only the paper's figures show. */
  static final String FIGURES = "The paper's figures";

  /** Names of pictures. */
  static final String DRAWN = "samples";

  static final String LARGEST = "largest";
  static final String SMALLEST = "smallest";

  /** The name of the classifier's accuracy. */
  static final String ACCURACY = "accuracy of the classifier";

  /** The last picture of a training, where that shows more than the state that was taken. */
  static final String END = "end";

  private static final int SHOWN = 64;

  /** Stages may be made on several machines; an accelerator would place other bins. */
  private static final ComputeDevice BINNING = ComputeDevice.CPU;

  private final Description description;
  private final Split split;
  private final int learned;
  private final Path folder;
  private final long seed;
  private final String version;
  private final ComputeDevice device;
  private final Progress progress;
  private final Map<String, List<VoronoiBins>> placed = new LinkedHashMap<>();

  /**
   * A trained model.
   *
   * @param rows samples of it
   * @param setting of a network, or null for a mixture
   * @param accuracy of the classifier that scored samples, or {@code NaN}
   */
  record Model(Finished model, Samples rows, @Nullable NetworkSetting setting, double accuracy) {}

  /**
   * @param learned number of rows that models learn from
   */
  StageTests(
      Description description,
      Split split,
      int learned,
      Path folder,
      long seed,
      String version,
      ComputeDevice device,
      Progress progress) {
    this.description = description;
    this.split = split;
    this.learned = learned;
    this.folder = folder;
    this.seed = seed;
    this.version = version;
    this.device = device;
    this.progress = progress;
  }

  /**
   * The record of rows that are no model's.
   *
   * @param countings the ways in which they are counted
   */
  Optional<StageRecord> ofRows(String name, Samples rows, List<String> countings, boolean make) {
    String setting = setting(DataHash.sha256(rows));
    Optional<StageRecord> known = known(name, List.of(setting));
    if (known.isPresent() || !make) {
      return known;
    }
    Path into = reopened(name);
    int most = Math.min(rows.rows(), description.samples());
    Samples named = rows.select(IntStream.range(0, most).toArray()).named(name);
    List<StageRecord.Picture> pictures = new ArrayList<>();
    if (name.equals(ImageStudy.TRAINING)) {
      VoronoiBins bins = bins(SEEN).get(description.bins().indexOf(description.figureBins()));
      List<String> names = List.of(LARGEST, SMALLEST);
      List<Block.Picture> extremes = BinBlocks.extremes(bins, split.train());
      for (int i = 0; i < extremes.size(); i++) {
        pictures.add(save(into, FIGURES, names.get(i), extremes.get(i)));
      }
    }
    return Optional.of(
        write(into, record(into, setting, named, null, countings, Map.of(), pictures)));
  }

  /**
   * The record of a model, as it is if there is one of such a setting.
   *
   * @param settings how the model is trained here, in one line; then how it may have been trained
   *     elsewhere
   * @param make whether to train and test the model if there is none
   */
  Optional<StageRecord> of(
      String name, List<String> settings, boolean make, Supplier<Model> training) {
    Optional<StageRecord> known = known(name, settings.stream().map(this::setting).toList());
    if (known.isPresent() || !make) {
      return known;
    }
    String setting = setting(settings.get(0));
    Model model = training.get();
    Path into = reopened(name);
    Path file = model.model().file();
    Map<String, Double> facts = new LinkedHashMap<>();
    if (!Double.isNaN(model.accuracy())) {
      facts.put(ACCURACY, model.accuracy());
    }
    List<StageRecord.Picture> pictures = new ArrayList<>();
    inside(name, model, file)
        .ifPresent(
            inside -> {
              facts.putAll(inside.facts());
              inside
                  .pictures()
                  .forEach((each, picture) -> pictures.add(save(into, FIGURES, each, picture)));
            });
    Training trained = training(model);
    if (trained.chosen() < trained.steps()) {
      end(model).ifPresent(picture -> pictures.add(save(into, FIGURES, END, picture)));
    }
    Samples rows = model.rows().quantized().named(name);
    return Optional.of(
        write(into, record(into, setting, rows, trained, COUNTINGS, facts, pictures)));
  }

  /**
   * Samples at the end of a training that begins with a mixture: validation may choose its start.
   */
  private static Optional<Block.Picture> end(Model model) {
    NetworkSetting setting = model.setting();
    if (setting == null || !setting.recipe().needsMixture()) {
      return Optional.empty();
    }
    Path file = model.model().file();
    Path picture =
        SamplePictures.file(TrainingStage.pictures(file, setting.name()), setting.steps());
    if (!Files.isRegularFile(picture)) {
      return Optional.empty();
    }
    String text =
        String.format(
            Locale.ROOT, "Samples of %s at step %,d, the last", setting.name(), setting.steps());
    return Optional.of(new Block.Picture(StoredPicture.readMosaic(picture), text, text + "."));
  }

  private Optional<ModelPictures.Inside> inside(String name, Model model, Path file) {
    if (description.otherComponents().containsKey(name)) {
      return Optional.of(ModelPictures.ofSeries(file, split, device, progress));
    }
    Recipe recipe = model.setting() == null ? null : model.setting().recipe();
    if (recipe instanceof Pix2Pix) {
      return Optional.of(ModelPictures.ofTranslation(file, seed, device));
    }
    return recipe == null || recipe instanceof AdversarialMfa
        ? Optional.of(ModelPictures.ofMixture(file, split, device, progress))
        : Optional.empty();
  }

  private Path folder(String name) {
    return folder.resolve("stages").resolve(name);
  }

  /** The folder of a stage that is not finished any more: its pictures are about to change. */
  private Path reopened(String name) {
    Path into = folder(name);
    StageRecord.delete(into);
    return into;
  }

  private Optional<StageRecord> known(String name, List<String> settings) {
    return StageRecord.read(folder(name)).filter(each -> settings.contains(each.setting()));
  }

  private String setting(String trained) {
    return "%s; data %s seed %d; bins %s%s; %d samples"
        .formatted(
            trained,
            DataHash.sha256(split.train()).substring(0, 16),
            seed,
            description.bins(),
            description.whiten() ? " whitened" : "",
            description.samples());
  }

  private Training training(Model model) {
    Finished finished = model.model();
    NetworkSetting setting = model.setting();
    if (setting == null) {
      return new Training(0, 0, null, finished.seconds(), 0, List.of());
    }
    List<Map<String, Double>> curve =
        MetricsLog.read(finished.file()).stream()
            .filter(line -> line.containsKey("js_" + description.bins().get(0)))
            .toList();
    String chosen = SafeTensors.readMetadata(finished.file()).getOrDefault("steps", "0");
    return new Training(
        setting.steps(),
        (double) setting.recipe().batches(setting.options(seed)) * setting.batch() / learned,
        setting.width(),
        finished.seconds(),
        Long.parseLong(chosen),
        curve);
  }

  private StageRecord record(
      Path into,
      String setting,
      Samples rows,
      @Nullable Training training,
      List<String> countings,
      Map<String, Double> facts,
      List<StageRecord.Picture> more) {
    List<StageRecord.Test> tests = new ArrayList<>();
    List<StageRecord.Picture> pictures = new ArrayList<>();
    int[] first = IntStream.range(0, Math.min(SHOWN, rows.rows())).toArray();
    pictures.add(
        save(
            into,
            SAMPLES,
            DRAWN,
            new Block.Picture(
                SamplePictures.mosaic(rows.select(first), rows.shape().orElseThrow()),
                first.length + " images: " + rows.name(),
                "The first " + first.length + ", not picked: " + rows.name() + ".")));
    pictures.addAll(more);
    for (String counting : countings) {
      NdbReport report =
          Ndb.run(bins(counting), List.of(rows), options(counting), device, progress);
      report.results().forEach(result -> tests.add(StageRecord.Test.of(counting, result)));
      if (counting.equals(UNSEEN) && training != null) {
        NdbResult fewest = report.results().get(0);
        List<Block> differing =
            BinBlocks.differing(report.binsOf(fewest), fewest, split.counted(), rows);
        for (Block block : differing) {
          if (block instanceof Block.Picture picture) {
            pictures.add(save(into, BINS, "bins-" + pictures.size(), picture));
          }
        }
      }
    }
    Sharpness sharpness =
        Sharpness.of(rows, Sharpness.Options.defaults().withSeed(seed), device, progress);
    return new StageRecord(
        rows.name(),
        setting,
        rows.rows(),
        training,
        tests,
        sharpness.sharpness(),
        facts,
        pictures,
        new Made(LocalDate.now().toString(), version, device.name()));
  }

  private static StageRecord.Picture save(
      Path into, String part, String name, Block.Picture picture) {
    Figure figure = picture.figure();
    figure.writePng(into.resolve(name + ".png"));
    return new StageRecord.Picture(
        part, name + ".png", figure.width(), picture.alt(), picture.caption());
  }

  private static StageRecord write(Path into, StageRecord record) {
    record.write(into);
    return record;
  }

  private Ndb.Options options(String counting) {
    VoronoiBins.Options binning =
        VoronoiBins.Options.defaults()
            .withWhiten(description.whiten())
            .withMode(counting.equals(UNSEEN) ? ReferenceMode.HELD_OUT : ReferenceMode.PAPER);
    return Ndb.Options.defaults()
        .withBins(description.bins())
        .withSeeds(seed, 1)
        .withBinning(binning);
  }

  /** The bins of all numbers, placed once. */
  private List<VoronoiBins> bins(String counting) {
    return placed.computeIfAbsent(counting, this::readOrPlace);
  }

  private List<VoronoiBins> readOrPlace(String counting) {
    Ndb.Options options = options(counting);
    Samples counted = counting.equals(UNSEEN) ? split.counted() : null;
    String identity = DataHash.sha256(split.train()) + options;
    Path file =
        folder
            .resolve("bins")
            .resolve(counting + "-" + Integer.toHexString(identity.hashCode()) + ".bins");
    if (Files.isRegularFile(file)) {
      return BinsFile.read(file, split.train(), counted, options, progress);
    }
    List<VoronoiBins> bins =
        options.bins().stream()
            .map(k -> options.binning().withBins(k).withSeed(seed))
            .map(
                each ->
                    counted == null
                        ? VoronoiBins.fit(split.train(), each, BINNING, progress)
                        : VoronoiBins.fit(split.train(), counted, each, BINNING, progress))
            .toList();
    BinsFile.write(file, bins);
    return bins;
  }
}
