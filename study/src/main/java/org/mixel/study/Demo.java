package org.mixel.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.Mask;
import org.mixel.data.Samples;
import org.mixel.data.named.NamedSets;
import org.mixel.figure.CurvePlot;
import org.mixel.figure.Mosaic;
import org.mixel.io.DataSource;
import org.mixel.io.Masks;
import org.mixel.mfa.Inpainting;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Sampler;
import org.mixel.mfa.Scoring;
import org.mixel.mfa.training.Trainer;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbReport;
import org.mixel.page.MixturePictures;
import org.mixel.page.NdbSections;
import org.mixel.report.Block;
import org.mixel.report.HtmlReport;
import org.mixel.report.Report;
import org.mixel.tensor.ComputeDevice;

/**
 * The whole story on MNIST: a mixture is fitted to the training images, judged by NDB beside two
 * sets of real images, and used to complete images and to point out strange ones.
 */
public final class Demo {
  private static final String READING =
      "NDB cuts the space of images into bins around real training images and asks in how many of"
          + " them a candidate holds a different share. The test images were written by other"
          + " people than the training images, so they differ a little; taking away every 9 shows"
          + " at once, in the bins of nines. A mixture that misses a kind of digit would show"
          + " likewise.";

  private static final int COMPONENTS = 256;
  private static final int FACTORS = 4;
  private static final int ITERATIONS = 15;
  private static final int SAMPLES = 20_000;
  private static final int BINS = 100;
  private static final int SHOWN = 60;
  private static final int COMPLETED = 24;
  private static final int OUTLIERS = 40;
  private static final int DIGIT_LEFT_OUT = 9;

  private Demo() {}

  /**
   * The results of the demo.
   *
   * @param report the page
   * @param model the fitted mixture's file
   * @param seconds from start to end
   * @param trainLogLikelihood of the finished model, nats per image
   * @param testLogLikelihood nats per image
   * @param ndb the evaluation of the three candidates
   */
  public record Result(
      Path report,
      Path model,
      double seconds,
      double trainLogLikelihood,
      double testLogLikelihood,
      NdbReport ndb) {}

  /**
   * Runs the demo.
   *
   * @param folder receives {@code report.html} and {@code mnist.mfa}
   * @param maker the command that makes the report, for its footer
   */
  public static Result run(
      Path folder, long seed, ComputeDevice device, String maker, Progress progress) {
    long start = System.nanoTime();
    Samples train = DataSource.open("mnist", DataOptions.defaults(), progress).named("MNIST train");
    Samples test =
        DataSource.open("mnist:test", DataOptions.defaults(), progress).named("test images");
    Samples biased = without(test, NamedSets.labels("mnist:test", progress));
    TrainingOptions options =
        TrainingOptions.defaults(COMPONENTS, FACTORS).withIterations(ITERATIONS).withSeed(seed);
    TrainingResult training = Trainer.of(options, device).fit(train, progress);
    try (MixtureOfFactorAnalyzers model = training.model()) {
      Path modelFile = folder.resolve("mnist.mfa");
      model.save(modelFile);
      Samples drawn = draw(model, seed, progress);
      List<Samples> candidates = List.of(test, biased, drawn);
      NdbReport ndb =
          Ndb.run(
              train,
              candidates,
              Ndb.Options.defaults().withBins(List.of(BINS)).withSeeds(seed, 1),
              device,
              progress);
      double[] scores = Scoring.logLikelihood(model, test, progress);
      List<Report.Section> sections = new ArrayList<>();
      sections.add(samplesSection(train, drawn));
      sections.addAll(NdbSections.sections(ndb, train, candidates));
      sections.add(componentsSection(model));
      sections.add(inpaintingSection(model, test, seed, progress));
      sections.add(outliersSection(test, scores));
      sections.add(trainingSection(training));
      double testMean = Arrays.stream(scores).average().orElseThrow();
      double seconds = (System.nanoTime() - start) / 1e9;
      Path page = folder.resolve("report.html");
      HtmlReport.write(
          new Report(
              "A mixture of factor analyzers on MNIST",
              String.format(
                  Locale.ROOT,
                  "%d components with %d factors each, fitted to %,d images by %d iterations of EM:"
                      + " a full probability model of whole images. Its mean log-likelihood is %.1f"
                      + " nats on the %,d test images. Below: its samples, their NDB, and other"
                      + " uses of the model.",
                  COMPONENTS,
                  FACTORS,
                  train.rows(),
                  training.trainLogLikelihood().size(),
                  testMean,
                  test.rows()),
              List.of(NdbSections.table(ndb), new Block.Text(READING)),
              sections,
              String.format(Locale.ROOT, "Made by %s, seed %d, in %.0f s.", maker, seed, seconds)),
          page);
      return new Result(page, modelFile, seconds, training.exactLogLikelihood(), testMean, ndb);
    }
  }

  private static Samples without(Samples test, int[] labels) {
    int[] rows = IntStream.range(0, test.rows()).filter(i -> labels[i] != DIGIT_LEFT_OUT).toArray();
    return test.select(rows).named("test images without 9");
  }

  private static Samples draw(MixtureOfFactorAnalyzers model, long seed, Progress progress) {
    try (Sampler sampler = Sampler.of(model, false, seed)) {
      return sampler.take("mixture samples", SAMPLES, progress);
    }
  }

  private static Report.Section samplesSection(Samples train, Samples drawn) {
    int[] some = IntStream.range(0, SHOWN).toArray();
    return Report.Section.of(
        "Data and samples",
        Block.Beside.of(
            new Block.Picture(
                MixturePictures.grid(train, some, 10),
                SHOWN + " handwritten digits",
                "The first " + SHOWN + " training images."),
            new Block.Picture(
                MixturePictures.grid(drawn, some, 10),
                SHOWN + " digits drawn from the mixture",
                "The first "
                    + SHOWN
                    + " samples of the mixture, not picked, without pixel noise.")));
  }

  private static Report.Section componentsSection(MixtureOfFactorAnalyzers model) {
    return Report.Section.of(
        "Components",
        new Block.Picture(
            MixturePictures.components(model, MixturePictures.heaviest(model, 8), FACTORS),
            "Mean, noise variance and factors of eight components",
            "The eight heaviest components with their weights. On top the mean and the noise"
                + " variance; then for each factor what adding it, the factor alone and taking it"
                + " away look like: slant, width, stroke."));
  }

  private static Report.Section inpaintingSection(
      MixtureOfFactorAnalyzers model, Samples test, long seed, Progress progress) {
    Samples chosen = test.select(IntStream.range(0, COMPLETED).toArray());
    Mask right = Masks.read("right", chosen, chosen.shape());
    Mosaic mosaic =
        MixturePictures.completions(
            model,
            chosen,
            chosen,
            right.observed(0),
            Inpainting.Options.defaults().withSeed(seed),
            progress);
    return Report.Section.of(
        "In-painting",
        new Block.Picture(
            mosaic,
            "Test digits, their left halves, and the halves completed",
            "The first "
                + COMPLETED
                + " test images: the original, the left half that the model was shown, and its"
                + " completion by the most probable component (closed form, no optimisation)."));
  }

  private static Report.Section outliersSection(Samples test, double[] scores) {
    int[] rows = MixturePictures.leastLikely(test, scores, OUTLIERS);
    return Report.Section.of(
        "Outliers",
        new Block.Picture(
            MixturePictures.grid(test, rows, 10),
            "The " + OUTLIERS + " least likely test digits",
            String.format(
                Locale.ROOT,
                "The %d test images with the lowest log-likelihood, from %.0f nats on.",
                OUTLIERS,
                scores[rows[0]])));
  }

  private static Report.Section trainingSection(TrainingResult training) {
    double[] curve = training.trainLogLikelihood().stream().mapToDouble(v -> v).toArray();
    return Report.Section.of(
        "Training",
        new Block.Picture(
            CurvePlot.of(
                "iteration",
                "log-likelihood (nats per image)",
                List.of(CurvePlot.Curve.perIteration("training images", curve))),
            "Log-likelihood by iteration",
            "Mean log-likelihood of the training images before each iteration's update, under the"
                + " large noise that components are found under; the refit that follows gives the"
                + " noise of the pixels."));
  }
}
