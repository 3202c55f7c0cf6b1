package org.mixel.study.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Interruption;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.Component;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.neural.AdversarialMfa;
import org.mixel.neural.Began;
import org.mixel.neural.Dcgan;
import org.mixel.neural.Pix2Pix;
import org.mixel.neural.Vae;
import org.mixel.neural.VaeDfc;
import org.mixel.neural.Wgan;
import org.mixel.neural.WganGp;
import org.mixel.report.Block;
import org.mixel.study.stage.MixtureSetting;
import org.mixel.study.stage.NetworkSetting;
import org.mixel.tensor.ComputeDevice;

/**
 * The comparison of all models runs from data to report on small images: every model is a stage,
 * made once, here or elsewhere, and judged on rows that it has not seen.
 */
class ImageStudyTest {
  private static final ImageShape SHAPE = new ImageShape(1, 16, 16);
  private static final int ROWS = 300;
  private static final int STEPS = 3;

  private static final List<String> FIGURES =
      List.of(
          "Figure 1",
          "Figure 3",
          "Figures 4, 16, 17 and 18",
          "Figure 5",
          "Figures 6a and 19",
          "Figure 6b",
          "Figure 7a",
          "Figure 7b",
          "Figure 8",
          "Figure 9",
          "Figures 10, 12 and 13",
          "Figure 14",
          "Figure 15",
          "Figure 21");

  @TempDir private Path folder;

  @Test
  void everyModelIsAStageThatIsMadeOnce() throws IOException {
    ImageStudy.Description all = description(2, List.of(4, 6), true);
    List<Block.Table> first = run(folder, all, Set.of());
    List<List<String>> rows = first.get(0).rows();
    assertThat(rows)
        .extracting(row -> row.get(0))
        .containsExactly(
            "training-images",
            "test-images",
            "mfa",
            "mfa-2",
            "mfa-hierarchical",
            "pix2pix",
            "adversarial-mfa",
            "vae",
            "vae-dfc",
            "dcgan",
            "dcgan-2",
            "began",
            "wgan",
            "wgan-gp");
    // Two numbers of bins: on unseen rows, then, after the excess, on the training rows.
    assertThat(rows).allSatisfy(row -> assertThat(row.subList(2, 4)).allMatch(isShare()));
    assertThat(rows).allSatisfy(row -> assertThat(row.subList(6, 8)).allMatch(isShare()));
    assertThat(rows.get(0).subList(6, 8)).as("the rows that placed the bins").containsOnly("0.000");
    assertThat(first.get(1).caption()).contains("Table 2");
    assertThat(first.get(1).rows().get(0)).contains("0.14");
    assertThat(folder.resolve("report.html")).isNotEmptyFile();
    Block.Table series = first.get(first.size() - 1);
    assertThat(series.rows()).extracting(row -> row.get(0)).containsExactly("1", "3");
    assertThat(Files.readString(folder.resolve("report.md")))
        .contains("| wgan-gp |")
        .contains(FIGURES.stream().map(number -> number + " of the paper.").toList());
    assertThat(folder.resolve("stages/adversarial-mfa/samples.png")).isNotEmptyFile();
    Double noise =
        StageRecord.read(folder.resolve("stages/mfa"))
            .orElseThrow()
            .facts()
            .get(ModelPictures.NOISE);
    assertThat(noise).isCloseTo(noiseOf(folder.resolve("models/mfa.mfa")), within(1e-6));
    FileTime made = Files.getLastModifiedTime(folder.resolve("stages/dcgan/stage.json"));

    assertThat(run(folder, all, Set.of())).isEqualTo(first);
    assertThat(Files.getLastModifiedTime(folder.resolve("stages/dcgan/stage.json")))
        .isEqualTo(made);
  }

  /** The root of the mean variance of a pixel. */
  private static double noiseOf(Path file) {
    try (MixtureOfFactorAnalyzers model = MixtureOfFactorAnalyzers.load(file, ComputeDevice.CPU)) {
      double variance = 0;
      for (int k = 0; k < model.components(); k++) {
        Component component = model.component(k);
        for (float each : component.noiseVariance()) {
          variance += component.weight() * each / model.dims();
        }
      }
      return Math.sqrt(variance);
    }
  }

  @Test
  void stagesOfAnotherFolderAreTakenOver(@TempDir Path other) throws IOException {
    List<List<String>> there = run(other, description(2), Set.of("dcgan")).get(0).rows();
    assertThat(there).extracting(row -> row.get(0)).containsExactly("dcgan");

    Path from = other.resolve("stages/dcgan");
    Path to = Files.createDirectories(folder.resolve("stages/dcgan"));
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    List<List<String>> here = run(folder, description(2), Set.of("vae")).get(0).rows();
    assertThat(here).extracting(row -> row.get(0)).containsExactly("vae", "dcgan");
    assertThat(here.get(1)).isEqualTo(there.get(0));
    assertThat(folder.resolve("models/dcgan.net")).doesNotExist();
  }

  @Test
  void stagesOfOtherSettingsAreMadeAnew() {
    run(folder, description(2), Set.of("mfa"));
    assertThat(run(folder, description(3), Set.of("vae")).get(0).rows())
        .extracting(row -> row.get(0))
        .containsExactly("vae");
  }

  /** Its pictures change before its record does. */
  @Test
  void aStageThatIsBeingMadeAnewIsNotFinished() throws IOException {
    run(folder, description(2), Set.of("mfa"));
    Path picture = folder.resolve("stages/mfa/samples.png");
    Files.delete(picture);
    Files.createDirectories(picture.resolve("in the way"));
    assertThatThrownBy(() -> run(folder, description(3), Set.of("mfa")))
        .isInstanceOf(RuntimeException.class);
    assertThat(StageRecord.read(folder.resolve("stages/mfa"))).isEmpty();
  }

  @Test
  void settingsTellLabelsApart() {
    String one = new VaeDfc(new VaeDfc.Features.Labels(new int[] {0, 1, 1})).toString();
    assertThat(new VaeDfc(new VaeDfc.Features.Labels(new int[] {0, 1, 0})).toString())
        .isNotEqualTo(one);
  }

  @Test
  void aMixtureOfTooFewRowsIsRefusedByName() {
    ImageStudy.Description few = description(2);
    ImageStudy.Description many =
        new ImageStudy.Description(
            few.title(),
            few.shares(),
            few.bins(),
            few.whiten(),
            List.of(
                few.mixtures().get(0),
                MixtureSetting.ofComponents(TrainingOptions.defaults(ROWS / 2, 2))),
            few.networks(),
            few.samples(),
            few.evaluations(),
            few.classified(),
            few.published());
    assertThatThrownBy(() -> run(folder, many, Set.of("mfa-k" + ROWS / 2)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("training images are fewer than 7 for each of");
  }

  @Test
  void theReportSaysWhereThereAreTooFewImages() throws IOException {
    run(folder, description(2), Set.of("mfa"));
    String report = Files.readString(folder.resolve("report.md"));
    assertThat(report).doesNotContain("too few");
    int counted = ROWS / 4;
    int bins = counted / 5 + 1;
    run(folder, description(2, List.of(4, bins), false), Set.of("mfa"));
    assertThat(Files.readString(folder.resolve("report.md")))
        .contains(
            "too few images: in %d bins or more, the %d that are counted".formatted(bins, counted));
  }

  @Test
  void aStateOfTheTrainingIsChosenByUnseenRows() {
    run(folder, description(2), Set.of("dcgan"));
    StageRecord record = StageRecord.read(folder.resolve("stages/dcgan")).orElseThrow();
    StageRecord.Training training = Objects.requireNonNull(record.training());
    List<Map<String, Double>> curve = training.curve();
    assertThat(curve).hasSize(STEPS);
    Map<String, Double> best =
        curve.stream()
            .min(Comparator.comparingDouble(line -> Objects.requireNonNull(line.get("js_4"))))
            .orElseThrow();
    assertThat(training.chosen()).isEqualTo(Math.round(Objects.requireNonNull(best.get("step"))));
    assertThat(folder.resolve("models/dcgan.net.best")).doesNotExist();
  }

  /** Without a test set the rows that are counted stand for it, in the paper's way of counting. */
  @Test
  void imagesWithoutATestSetHaveItsRow() throws IOException {
    List<String> row =
        run(folder, description(2), Set.of("test-images"), null, false).get(0).rows().get(0);
    assertThat(row).startsWith("test-images", "60");
    assertThat(row.subList(2, 6)).containsOnly("");
    assertThat(row.subList(6, 8)).allMatch(isShare());
    assertThat(Files.readString(folder.resolve("report.md"))).contains("| test-images |");
  }

  /** The same rows are counted; a model of them and one of their mirror images, too, differ. */
  @Test
  void mirrorImagesAreLearnedFromAndNotCounted() throws IOException {
    Set<String> stages = Set.of("training-images", "mfa", "vae-dfc");
    List<List<String>> plain = run(folder, description(2), stages).get(0).rows();
    String setting = Files.readString(folder.resolve("models/mfa.mfa.setting"));
    StageRecord before = StageRecord.read(folder.resolve("stages/vae-dfc")).orElseThrow();
    List<List<String>> mirrored =
        run(folder, description(2), stages, images("test", 2), true).get(0).rows();
    assertThat(mirrored.get(0)).isEqualTo(plain.get(0)).startsWith("training-images");
    assertThat(Files.readString(folder.resolve("models/mfa.mfa.setting"))).isNotEqualTo(setting);
    StageRecord after = StageRecord.read(folder.resolve("stages/vae-dfc")).orElseThrow();
    assertThat(Objects.requireNonNull(after.training()).epochs())
        .isEqualTo(Objects.requireNonNull(before.training()).epochs() / 2);
    assertThat(after.tests().get(0).referenceRows())
        .isEqualTo(before.tests().get(0).referenceRows());
    assertThat(Files.readString(folder.resolve("report.md"))).contains(", their mirror images and");
  }

  @Test
  void partsOfTheRowsAreApart() {
    Samples all = images("train", 1);
    Split split = Split.of(all, new Split.Shares(0.1, 0.25), 3);
    assertThat(split.train().rows()).isEqualTo(195);
    assertThat(split.validation().rows()).isEqualTo(30);
    assertThat(split.counted().rows()).isEqualTo(75);
    Set<String> rows = new HashSet<>();
    for (Samples part : List.of(split.train(), split.validation(), split.counted())) {
      for (int i = 0; i < part.rows(); i++) {
        rows.add(Arrays.toString(part.row(i)));
      }
    }
    assertThat(rows).hasSize(all.rows());
    assertThat(split.train().row(7)).isEqualTo(all.row(split.trainRows()[7]));
  }

  @Test
  void anUnknownStageIsNamed() {
    assertThatThrownBy(() -> run(folder, description(2), Set.of("gan")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("no stage is called 'gan'; there are training-images, ");
  }

  private static Predicate<String> isShare() {
    return cell -> Double.parseDouble(cell) >= 0 && Double.parseDouble(cell) <= 1;
  }

  private static ImageStudy.Description description(int iterations) {
    return description(iterations, List.of(4, 6), false);
  }

  private static ImageStudy.Description description(
      int iterations, List<Integer> bins, boolean classified) {
    List<NetworkSetting> networks =
        List.of(
                new Pix2Pix(),
                new AdversarialMfa(),
                new Vae(),
                new VaeDfc(),
                new Dcgan(),
                new Dcgan(),
                new Began(),
                new Wgan(),
                new WganGp())
            .stream()
            .map(
                recipe ->
                    new NetworkSetting(recipe, STEPS, 8, null, 2, recipe.needsMixture() ? null : 3))
            .collect(Collectors.toCollection(ArrayList::new));
    networks.set(5, networks.get(5).repeated(1));
    MixtureSetting own =
        MixtureSetting.of(TrainingOptions.defaults(3, 2).withIterations(iterations));
    TrainingOptions one = TrainingOptions.defaults(1, 2).withIterations(iterations);
    return new ImageStudy.Description(
        "A test",
        new Split.Shares(0.1, 0.25),
        bins,
        false,
        List.of(own, own.repeated(1), MixtureSetting.ofComponents(one), own.hierarchical(2)),
        networks,
        60,
        STEPS,
        classified,
        new PublishedScores(2, List.of(4, 6), Map.of("mfa", List.of(0.14, Double.NaN))));
  }

  private static List<Block.Table> run(
      Path folder, ImageStudy.Description description, Set<String> stages) {
    return run(folder, description, stages, images("test", 2), false);
  }

  private static List<Block.Table> run(
      Path folder,
      ImageStudy.Description description,
      Set<String> stages,
      @Nullable Samples test,
      boolean mirror) {
    try (Interruption interruption = Interruption.watch()) {
      ImageStudy.Images images = new ImageStudy.Images(images("train", 1), test, labels(), mirror);
      return new ImageStudy(
              description,
              images,
              folder,
              0,
              "mixel",
              ComputeDevice.CPU,
              interruption,
              Progress.SILENT)
          .run(stages, "a test");
    }
  }

  /** Bright halves, left or right by their class, with noise. */
  private static Samples images(String name, long seed) {
    Random random = new Random(seed);
    float[] values = new float[ROWS * SHAPE.dims()];
    for (int i = 0; i < values.length; i++) {
      int row = i / SHAPE.dims();
      boolean right = i % SHAPE.width() >= SHAPE.width() / 2;
      boolean bright = right == (labels()[row] == 1);
      values[i] = (bright ? 0.6f : 0.1f) + 0.3f * random.nextFloat();
    }
    return StoredSamples.ofFloats(name, SHAPE.dims(), SHAPE, values);
  }

  private static int[] labels() {
    int[] labels = new int[ROWS];
    Arrays.setAll(labels, i -> i % 2);
    return labels;
  }
}
