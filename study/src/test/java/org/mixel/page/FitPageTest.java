package org.mixel.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.ComponentSweep;
import org.mixel.mfa.training.ComponentSweep.Setting;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.report.Block;
import org.mixel.report.HtmlReport;
import org.mixel.report.Report;
import org.mixel.tensor.ComputeDevice;

/** The page of a training names what was kept and shows every number of components once. */
class FitPageTest {
  private static final ImageShape SHAPE = new ImageShape(1, 3, 3);
  private static final TrainingOptions OPTIONS =
      TrainingOptions.defaults(4, 1).withIterations(4).withTolerance(0);

  /** Points about four places. */
  private static Samples rows(int count, @Nullable ImageShape shape, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count * SHAPE.dims()];
    for (int i = 0; i < values.length; i++) {
      int place = i / SHAPE.dims() % 4;
      values[i] =
          (float) ((i % SHAPE.dims() % 4 == place ? 0.9 : 0.1) + 0.05 * random.nextGaussian());
    }
    return StoredSamples.ofFloats("<places>", SHAPE.dims(), shape, values);
  }

  private static Report sweep(
      @Nullable ImageShape shape, @Nullable Samples test, List<Setting> settings) {
    Samples train = rows(300, shape, 1);
    Samples validation = rows(100, shape, 2);
    FitPage page = FitPage.of(OPTIONS, train, validation, test);
    ComponentSweep sweep =
        ComponentSweep.of(OPTIONS, List.of(4, 1, 2), ComputeDevice.CPU).shownTo(page::add);
    if (test != null) {
      sweep.testedBy(test);
    }
    ComponentSweep.Outcome outcome = sweep.fit(train, validation, Progress.SILENT);
    settings.addAll(outcome.settings());
    try (TrainingResult best = outcome.best()) {
      return page.report(best, "a test", Progress.SILENT);
    }
  }

  private static <B extends Block> List<B> blocks(List<Block> blocks, Class<B> kind) {
    return blocks.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static long images(String html) {
    return Pattern.compile("data:image/png").matcher(html).results().count();
  }

  @Test
  void severalNumbersStandInOrderAndTheKeptOneIsNamed() {
    List<Setting> settings = new ArrayList<>();
    Report report = sweep(SHAPE, rows(1200, SHAPE, 3), settings);
    Setting best = settings.get(0);
    assertThat(blocks(report.summary(), Block.Text.class).get(0).text())
        .isEqualTo(
            "Of 3 numbers of components, 4 is kept: with it the validation rows are most likely,"
                + " %.2f nats per row. It is the largest that was tried; more may be better."
                    .formatted(best.validationLogLikelihood()));
    Block.Table table = blocks(report.summary(), Block.Table.class).get(0);
    assertThat(table.columns())
        .extracting(Block.Column::heading)
        .containsExactly(
            "components",
            "training",
            "validation",
            "test",
            "squared error",
            "BIC",
            "iterations",
            "seconds");
    assertThat(table.rows()).extracting(row -> row.get(0)).containsExactly("1", "2", "4");
    assertThat(table.rows().get(2))
        .startsWith(
            "4",
            "%.2f".formatted(best.trainLogLikelihood()),
            "%.2f".formatted(best.validationLogLikelihood()),
            "%.2f".formatted(best.testLogLikelihood()),
            "%.5f".formatted(best.reconstructionError()));
    assertThat(report.sections())
        .extracting(Report.Section::heading)
        .containsExactly("Reconstructions", "Training with K = 4");
    String html = HtmlReport.html(report);
    assertThat(html)
        .contains("The number of components: &lt;places&gt;")
        .contains("components 1 · training ", "components 2 · training ")
        .contains("iteration 4 · training ")
        .contains(">original<", ">K = 1: 0.", ">K = 2: 0.")
        .contains(">K = 4: %.4f<".formatted(best.reconstructionError()))
        .contains("12 test images, each reconstructed", "error per pixel of 1,000 such images")
        .doesNotContain("http:", "https:");
    assertThat(images(html)).isEqualTo(1);
  }

  @Test
  void imagesAreThoseOfTheValidationWhereNoneAreForTests() {
    String html = HtmlReport.html(sweep(SHAPE, null, new ArrayList<>()));
    assertThat(html).contains("12 validation images", "per pixel of 100 such images");
    assertThat(html).doesNotContain(" test ");
  }

  @Test
  void vectorsHaveNoReconstructions() {
    Report report = sweep(null, null, new ArrayList<>());
    assertThat(report.sections()).hasSize(1);
    assertThat(blocks(report.summary(), Block.Table.class).get(0).columns())
        .extracting(Block.Column::heading)
        .containsExactly("components", "training", "validation", "BIC", "iterations", "seconds");
    assertThat(images(HtmlReport.html(report))).isZero();
  }

  @Test
  void oneNumberHasTheCurveOfItsIterationsAlone() {
    Samples train = rows(300, SHAPE, 1);
    FitPage page = FitPage.of(OPTIONS.withAlgorithm(new Algorithm.ExactEm()), train, null, null);
    try (TrainingResult result = Trainer.of(OPTIONS).fit(train)) {
      Report report = page.report(result, "a test", Progress.SILENT);
      assertThat(blocks(report.summary(), Block.Picture.class)).isEmpty();
      assertThat(blocks(report.summary(), Block.Text.class).get(0).text())
          .isEqualTo(
              "With K = 4, the mean log-likelihood of the training rows is %.2f nats."
                  .formatted(result.exactLogLikelihood()));
      assertThat(HtmlReport.html(report))
          .contains("iteration 4 · training ", "12 training images", ">K = 4: 0.")
          .doesNotContain("validation");
    }
  }
}
