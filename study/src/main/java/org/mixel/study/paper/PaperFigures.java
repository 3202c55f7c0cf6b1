package org.mixel.study.paper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.mixel.figure.CurvePlot;
import org.mixel.figure.ProportionPlot;
import org.mixel.report.Block;
import org.mixel.report.Report;
import org.mixel.stat.TwoProportionTest;
import org.mixel.study.paper.ImageStudy.Description;
import org.mixel.study.paper.StageRecord.Test;
import org.mixel.study.stage.TrainingStage;

/**
 * The paper's figures that show results, under their numbers, each beside what the paper finds
 * there; of those stages that are there. Figures 2 and 20 are of points in the plane ({@link
 * org.mixel.study.toy}), Figure 22 is a drawing.
 */
final class PaperFigures {
  private static final double ALPHA = 0.05;

  /** GANs, the one to stand for all first. */
  private static final List<String> GANS = List.of("wgan-gp", "wgan", "dcgan");

  private static final String PIX2PIX = "pix2pix";
  private static final String ADVERSARIAL = "adversarial-mfa";
  private static final int PAIR = 2;

  private final Path folder;
  private final Description description;
  private final List<StageRecord> records;
  private final List<Block> blocks = new ArrayList<>();

  PaperFigures(Path folder, Description description, List<StageRecord> records) {
    this.folder = folder;
    this.description = description;
    this.records = records;
  }

  /** All figures of which there is something to show. */
  Report.Section section() {
    String gan = firstOf(GANS);
    if (!gan.isEmpty()) {
      stored(
          "Figure 1",
          "Images, and samples of a GAN. The paper asks whether a GAN has learned all of the"
              + " distribution; the eye finds nothing missing in samples.",
          List.of(ImageStudy.TRAINING, gan),
          StageTests.DRAWN);
    }
    scores();
    stored(
        "Figures 4, 16, 17 and 18",
        "Samples of the mixture, not picked. The paper finds them realistic and diverse, and less"
            + " sharp than those of GANs.",
        List.of(TrainingStage.MIXTURE),
        StageTests.DRAWN);
    overFilled();
    stored(
        "Figures 6a and 19",
        "Components are prototypes, factors the ways in which they vary: in the paper glasses, hair"
            + " and light of faces, and how digits slant.",
        List.of(TrainingStage.MIXTURE),
        ModelPictures.COMPONENTS);
    stored(
        "Figure 6b",
        "Two factors combined. In the paper all combinations are realistic images.",
        List.of(TrainingStage.MIXTURE),
        ModelPictures.COMBINATIONS);
    stored(
        "Figure 7a",
        "Images of low likelihood. The paper finds outliers among them.",
        List.of(TrainingStage.MIXTURE),
        ModelPictures.OUTLIERS);
    stored(
        "Figure 7b",
        "Hidden parts follow from the observed ones in closed form, without another training. The"
            + " paper counts this among the advantages of an explicit model.",
        List.of(TrainingStage.MIXTURE),
        ModelPictures.COMPLETIONS);
    add(
        "Figure 8",
        "In the paper, pix2pix adds details and leaves the structure. First the state that validation"
            + " takes, then the end of the training, if they differ.",
        stateAndEnd(PIX2PIX, ModelPictures.PAIRS));
    add(
        "Figure 9",
        "Samples of the mixture after adversarial training. In the paper they are as sharp as those"
            + " of GANs, and modes are lost. First the state that validation takes, then the end of"
            + " the training, if they differ.",
        stateAndEnd(ADVERSARIAL, StageTests.DRAWN));
    stored(
        "Figures 10, 12 and 13",
        "The largest bins. The paper finds that their images share properties, such as glasses, pose"
            + " or light.",
        List.of(ImageStudy.TRAINING),
        StageTests.LARGEST);
    stored(
        "Figures 11, 12 and 13",
        "The smallest bins. They, too, share such properties in the paper.",
        List.of(ImageStudy.TRAINING),
        StageTests.SMALLEST);
    proportionsByNumberOfBins();
    proportionsByModel();
    series();
    return new Report.Section(StageTests.FIGURES, blocks);
  }

  private String firstOf(List<String> names) {
    return names.stream().filter(name -> record(name).isPresent()).findFirst().orElse("");
  }

  private Optional<StageRecord> record(String name) {
    return records.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  private List<Block.Picture> stateAndEnd(String stage, String picture) {
    return record(stage).stream()
        .flatMap(
            each ->
                Stream.of(picture, StageTests.END).flatMap(name -> picture(each, name).stream()))
        .toList();
  }

  /** Pictures of one name of several stages. */
  private void stored(String number, String finding, List<String> stages, String picture) {
    List<Block.Picture> found = new ArrayList<>();
    for (String stage : stages) {
      record(stage).flatMap(each -> picture(each, picture)).ifPresent(found::add);
    }
    add(number, finding, found);
  }

  /** Adds pictures, if there are any, below a line with the figure's number and the finding. */
  private void add(String number, String finding, List<Block.Picture> pictures) {
    if (pictures.isEmpty()) {
      return;
    }
    blocks.add(new Block.Text(number + " of the paper. " + finding));
    blocks.add(pictures.size() == 1 ? pictures.get(0) : new Block.Beside(pictures));
  }

  private Optional<Block.Picture> picture(StageRecord stage, String name) {
    return stage.pictures().stream()
        .filter(each -> each.file().equals(name + ".png"))
        .findFirst()
        .map(each -> each.read(folder, stage));
  }

  private void scores() {
    String ndb = "ndb_over_k_" + description.bins().get(0);
    List<CurvePlot.Curve> curves = new ArrayList<>();
    for (StageRecord each : records) {
      if (each.training() != null) {
        List<Map<String, Double>> lines =
            each.training().curve().stream()
                .filter(line -> line.containsKey(StageReport.SCORE) && line.containsKey(ndb))
                .toList();
        if (lines.size() > 1) {
          curves.add(
              new CurvePlot.Curve(
                  each.name(), values(lines, StageReport.SCORE), values(lines, ndb)));
        }
      }
    }
    if (!curves.isEmpty()) {
      add(
          "Figure 3",
          "NDB/K beside the Inception Score of the same samples. In the paper the two agree, except"
              + " towards the end of the training of WGAN-GP.",
          List.of(
              new Block.Picture(
                  CurvePlot.of("classifier score", "NDB/K", curves),
                  "NDB/K by classifier score",
                  "A point for each evaluation during training, in order; the score is that of a"
                      + " classifier of the labels.")));
    }
  }

  private static double[] values(List<Map<String, Double>> lines, String figure) {
    return lines.stream().mapToDouble(line -> Objects.requireNonNull(line.get(figure))).toArray();
  }

  /** Of the network with the most bins that differ. */
  private void overFilled() {
    records.stream()
        .filter(each -> each.training() != null && each.training().steps() > 0)
        .max((one, two) -> Double.compare(ndb(one), ndb(two)))
        .ifPresent(
            worst ->
                add(
                    "Figure 5",
                    "Bins that a GAN over-fills and under-fills (in the paper, BEGAN on faces; here,"
                        + " of all networks the one with most of them, "
                        + worst.name()
                        + "). Each bin is a prototype; some of them are hardly ever drawn.",
                    worst.pictures().stream()
                        .filter(each -> each.part().equals(StageTests.BINS))
                        .map(each -> each.read(folder, worst))
                        .toList()));
  }

  private static double ndb(StageRecord record) {
    return record.tests(StageTests.UNSEEN).get(0).ndbOverK();
  }

  private void proportionsByNumberOfBins() {
    Optional<StageRecord> mixture = record(TrainingStage.MIXTURE);
    Optional<StageRecord> gan = record(firstOf(List.of("wgan", "dcgan", "wgan-gp")));
    if (mixture.isEmpty() || gan.isEmpty()) {
      return;
    }
    List<Block.Picture> plots = new ArrayList<>();
    for (int k : description.bins()) {
      if (shares(mixture.get(), k).equals(shares(gan.get(), k))) {
        plots.add(proportions(k, List.of(mixture.get(), gan.get())));
      } else {
        plots.add(proportions(k, List.of(mixture.get())));
        plots.add(proportions(k, List.of(gan.get())));
      }
    }
    blocks.add(
        new Block.Text(
            "Figure 14 of the paper. There, all numbers of bins say the same: the mixture keeps to the"
                + " proportions of the images, WGAN does not."));
    blocks.addAll(plots);
  }

  private void proportionsByModel() {
    List<StageRecord> shown =
        records.stream()
            .filter(each -> !each.name().equals(ImageStudy.TRAINING))
            .filter(each -> !each.name().matches(".*-k?[0-9]+"))
            .toList();
    if (shown.isEmpty()) {
      return;
    }
    int bins = description.figureBins();
    blocks.add(
        new Block.Text(
            "Figure 15 of the paper. Proportions of %d bins: test images and all models, in pairs."
                .formatted(bins)));
    for (int from = 0; from < shown.size(); ) {
      int to = from + 1;
      while (to < Math.min(from + PAIR, shown.size())
          && shares(shown.get(to), bins).equals(shares(shown.get(from), bins))) {
        to++;
      }
      blocks.add(proportions(bins, shown.subList(from, to)));
      from = to;
    }
  }

  private static Test test(StageRecord stage, int bins) {
    return stage.tests(StageTests.SEEN).stream()
        .filter(each -> each.bins() == bins)
        .findFirst()
        .orElseThrow();
  }

  /** The shares of the training images, which tell the bins. */
  private static List<Double> shares(StageRecord stage, int bins) {
    return test(stage, bins).referenceShares();
  }

  /** Stages in the same bins. */
  private static Block.Picture proportions(int bins, List<StageRecord> stages) {
    double[] reference = shares(stages.get(0), bins).stream().mapToDouble(share -> share).toArray();
    List<ProportionPlot.Candidate> candidates =
        stages.stream().map(stage -> candidate(stage.name(), test(stage, bins))).toList();
    String names = String.join(" and ", stages.stream().map(StageRecord::name).toList());
    return new Block.Picture(
        ProportionPlot.apart(reference, candidates),
        "Shares of " + names + " in " + bins + " bins",
        "%s: share of each of %d bins of the training images, the largest first."
            .formatted(names, bins));
  }

  private static ProportionPlot.Candidate candidate(String name, Test test) {
    List<TwoProportionTest> tests = new ArrayList<>();
    for (int bin = 0; bin < test.bins(); bin++) {
      tests.add(
          TwoProportionTest.of(
              count(test.referenceShares().get(bin), test.referenceRows()),
              test.referenceRows(),
              count(test.shares().get(bin), test.rows()),
              test.rows()));
    }
    boolean[] differs = new boolean[tests.size()];
    for (int bin = 0; bin < differs.length; bin++) {
      differs[bin] = tests.get(bin).differs(ALPHA);
    }
    return new ProportionPlot.Candidate(
        name,
        test.rows(),
        tests.stream().mapToDouble(TwoProportionTest::candidateProportion).toArray(),
        tests.stream().mapToDouble(TwoProportionTest::standardError).toArray(),
        tests.stream().mapToDouble(TwoProportionTest::z).toArray(),
        differs);
  }

  private static int count(double share, int rows) {
    return (int) Math.round(share * rows);
  }

  private void series() {
    ComponentSeries series = ComponentSeries.of(description, records);
    Optional<Block.Picture> plot = series.plot();
    if (plot.isEmpty()) {
      return;
    }
    add(
        "Figure 21",
        "In the paper, likelihood and reconstructions improve quickly with the number of components.",
        List.of(plot.get()));
    for (ComponentSeries.Member each : series.members()) {
      picture(each.record(), ModelPictures.RECONSTRUCTIONS).ifPresent(blocks::add);
    }
  }
}
