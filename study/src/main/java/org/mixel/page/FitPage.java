package org.mixel.page;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mixel.Progress;
import org.mixel.data.ImageShape;
import org.mixel.data.RowSize;
import org.mixel.data.Samples;
import org.mixel.figure.CurvePlot;
import org.mixel.figure.CurvePlot.Curve;
import org.mixel.figure.Mosaic;
import org.mixel.figure.Tile;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.Reconstruction;
import org.mixel.mfa.training.Algorithm;
import org.mixel.mfa.training.ComponentSweep;
import org.mixel.mfa.training.ComponentSweep.Setting;
import org.mixel.mfa.training.NoiseModel;
import org.mixel.mfa.training.TrainingOptions;
import org.mixel.mfa.training.TrainingResult;
import org.mixel.report.Block;
import org.mixel.report.HtmlReport;
import org.mixel.report.Report;

/**
 * A training as a page: likelihoods against the number of components, the same images reconstructed
 * with each number (the paper's Figure 21), and the likelihoods of the iterations.
 *
 * <pre>{@code
 * FitPage page = FitPage.of(options, train, validation, test);
 * ComponentSweep sweep = ComponentSweep.of(options, components, device).shownTo(page::add);
 * ComponentSweep.Outcome outcome = sweep.testedBy(test).fit(train, validation, progress);
 * page.write(Path.of("fit.html"), outcome.best(), "a program", progress);
 * }</pre>
 */
public final class FitPage {
  private static final int MOST_IMAGES = 12;
  private static final int LEAST_IMAGES = 4;
  private static final int WIDTH = 760;

  private final TrainingOptions options;
  private final Samples train;
  private final @Nullable Samples test;
  private final Samples judged;
  private final String judgedAs;
  private final Samples images;
  private final List<Size> sizes = new ArrayList<>();

  /** The outcome of a number of components. */
  private record Size(Setting setting, List<float[]> reconstructed) {}

  /** A column of the table, which is there if it has a value. */
  private record Field(Block.Column column, Function<Setting, @Nullable Object> value) {}

  private FitPage(
      TrainingOptions options,
      Samples train,
      @Nullable Samples test,
      Samples judged,
      String judgedAs) {
    this.options = options;
    this.train = train;
    this.test = test;
    this.judged = judged;
    this.judgedAs = judgedAs;
    images = judged.spread(judged.shape().map(FitPage::across).orElse(1));
  }

  /**
   * A page about a training. The images that it shows are test images, else validation images, else
   * training images.
   *
   * @param options of the training
   * @param train the training rows
   * @param validation rows that choose, if there are any
   * @param test rows that are only scored, if there are any
   */
  public static FitPage of(
      TrainingOptions options,
      Samples train,
      @Nullable Samples validation,
      @Nullable Samples test) {
    if (test != null) {
      return new FitPage(options, train, test, test, "test");
    }
    return validation != null
        ? new FitPage(options, train, null, validation, "validation")
        : new FitPage(options, train, null, train, "training");
  }

  /** Images side by side. */
  private static int across(ImageShape shape) {
    int tile = Mosaic.Options.readableScale(shape) * shape.width();
    return Math.max(LEAST_IMAGES, Math.min(MOST_IMAGES, WIDTH / tile));
  }

  /** Looks at one of several trainings. The model is not kept. */
  public void add(Setting setting, MixtureOfFactorAnalyzers model) {
    List<float[]> reconstructed = new ArrayList<>();
    int dims = model.dims();
    if (judged.shape().isPresent()) {
      Reconstruction.of(
          model,
          images,
          Progress.SILENT,
          values -> {
            for (int at = 0; at < values.length; at += dims) {
              reconstructed.add(Arrays.copyOfRange(values, at, at + dims));
            }
          });
    }
    sizes.add(new Size(setting, reconstructed));
  }

  /**
   * Writes the page, whole or not at all.
   *
   * @param file replaced if it exists
   * @param kept the best of the trainings, or the only one; its model is open
   * @param maker the command or program that made it
   * @throws java.io.UncheckedIOException if the disk refuses
   */
  public void write(Path file, TrainingResult kept, String maker, Progress progress) {
    HtmlReport.write(report(kept, maker, progress), file);
  }

  /**
   * The page.
   *
   * @param kept the best of the trainings, or the only one; its model is open
   * @param maker the command or program that made it
   */
  public Report report(TrainingResult kept, String maker, Progress progress) {
    if (sizes.isEmpty()) {
      NoiseModel noise = options.maximization().noise();
      add(Setting.of(kept, noise, train, test, judged, progress), kept.model());
    }
    sizes.sort(Comparator.comparingInt(size -> size.setting().components()));
    List<Block> summary = new ArrayList<>();
    summary.add(new Block.Text(verdict(kept)));
    if (sizes.size() > 1) {
      summary.add(likelihoods());
    }
    summary.add(table());
    List<Report.Section> sections = new ArrayList<>();
    if (judged.shape().isPresent()) {
      sections.add(reconstructions(judged.shape().get()));
    }
    sections.add(iterations(kept));
    return new Report(
        (sizes.size() > 1 ? "The number of components: " : "A mixture of factor analyzers: ")
            + train.name(),
        String.format(
            Locale.ROOT,
            "%,d training rows of %s; components with L = %d factors.",
            train.rows(),
            RowSize.of(train),
            options.factors()),
        summary,
        sections,
        "Made by %s: trainer %s, seed %d."
            .formatted(maker, options.algorithm().trainer(), options.seed()));
  }

  private String verdict(TrainingResult kept) {
    int components = kept.model().components();
    if (sizes.size() == 1) {
      return String.format(
          Locale.ROOT,
          "With K = %,d, the mean log-likelihood of the training rows is %,.2f nats.",
          components,
          kept.exactLogLikelihood());
    }
    String text =
        String.format(
            Locale.ROOT,
            "Of %d numbers of components, %,d is kept: with it the validation rows are most likely,"
                + " %,.2f nats per row.",
            sizes.size(),
            components,
            kept.keptLogLikelihood());
    boolean largest = components == sizes.get(sizes.size() - 1).setting().components();
    return largest ? text + " It is the largest that was tried; more may be better." : text;
  }

  private Block.Picture likelihoods() {
    List<Curve> curves = new ArrayList<>();
    curves.add(curve("training", Setting::trainLogLikelihood));
    curves.add(curve("validation", Setting::validationLogLikelihood));
    if (test != null) {
      curves.add(curve("test", Setting::testLogLikelihood));
    }
    return new Block.Picture(
        CurvePlot.logarithmic("components", "log-likelihood (nats per row)", curves),
        "Mean log-likelihoods by number of components",
        "Mean log-likelihood under the finished model of each number of components.");
  }

  private Curve curve(String name, Function<Setting, @Nullable Double> value) {
    double[] x = sizes.stream().mapToDouble(size -> size.setting().components()).toArray();
    double[] y =
        sizes.stream()
            .map(size -> value.apply(size.setting()))
            .mapToDouble(likelihood -> likelihood == null ? Double.NaN : likelihood)
            .toArray();
    return new Curve(name, x, y);
  }

  private Block.Table table() {
    List<Field> fields =
        List.of(
            new Field(Block.Column.number("components", "%,d"), Setting::components),
            new Field(Block.Column.number("training", "%,.2f"), Setting::trainLogLikelihood),
            new Field(Block.Column.number("validation", "%,.2f"), Setting::validationLogLikelihood),
            new Field(Block.Column.number("test", "%,.2f"), Setting::testLogLikelihood),
            new Field(Block.Column.number("squared error", "%.5f"), Setting::reconstructionError),
            new Field(Block.Column.number("BIC", "%.4e"), Setting::bic),
            new Field(Block.Column.number("iterations"), Setting::iterations),
            new Field(Block.Column.number("seconds", "%.1f"), Setting::seconds));
    Setting first = sizes.get(0).setting();
    List<Field> known =
        fields.stream().filter(field -> field.value().apply(first) != null).toList();
    Block.Table table =
        new Block.Table(
            "Mean log-likelihoods in nats per row"
                + (first.reconstructionError() == null ? "" : ", error of reconstructions"),
            known.stream().map(Field::column).toList(),
            List.of());
    for (Size size : sizes) {
      table = table.row(known.stream().map(field -> field.value().apply(size.setting())).toList());
    }
    return table;
  }

  private Report.Section reconstructions(ImageShape shape) {
    List<Tile> tiles = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < images.rows(); i++) {
      float[] row = images.row(i);
      tiles.add(Tile.of(row).hiding(MixturePictures.hiddenPixels(row, null, shape)));
    }
    labels.add("original");
    for (Size size : sizes) {
      size.reconstructed().forEach(values -> tiles.add(Tile.of(values)));
      int components = size.setting().components();
      Double error = size.setting().reconstructionError();
      labels.add(
          String.format(Locale.ROOT, "K = %,d", components)
              + (error == null ? "" : String.format(Locale.ROOT, ": %.4f", error)));
    }
    return Report.Section.of(
        "Reconstructions",
        new Block.Picture(
            Mosaic.of(shape, tiles, Mosaic.Options.readable(shape).withColumns(images.rows()))
                .labelled(labels, List.of()),
            "Images and their reconstructions, a row for each number of components",
            String.format(
                Locale.ROOT,
                "%d %s images, each reconstructed by its most probable component, and the mean"
                    + " squared error per pixel of %,d such images.",
                images.rows(),
                judgedAs,
                Math.min(ComponentSweep.MOST_RECONSTRUCTED, judged.rows()))));
  }

  private Report.Section iterations(TrainingResult kept) {
    List<Curve> curves = new ArrayList<>();
    curves.add(perIteration("training", kept.trainLogLikelihood()));
    if (!kept.validationLogLikelihood().isEmpty()) {
      curves.add(perIteration("validation", kept.validationLogLikelihood()));
    }
    return Report.Section.of(
        String.format(Locale.ROOT, "Training with K = %,d", kept.model().components()),
        new Block.Picture(
            CurvePlot.of("iteration", "log-likelihood (nats per row)", curves),
            "Mean log-likelihoods by iteration",
            "Mean log-likelihood of the training rows in each iteration"
                + (options.algorithm() instanceof Algorithm.TruncatedEm ? " (a lower bound)" : "")
                + (curves.size() > 1 ? ", and of the validation rows after it" : "")
                + (kept.refit() == null
                    ? "."
                    : ", under the large noise that components are found under; the refit that"
                        + " follows gives the noise of the pixels.")));
  }

  private static Curve perIteration(String name, List<Double> likelihoods) {
    return Curve.perIteration(name, likelihoods.stream().mapToDouble(value -> value).toArray());
  }
}
