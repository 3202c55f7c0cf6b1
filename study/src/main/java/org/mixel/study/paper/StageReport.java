package org.mixel.study.paper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mixel.figure.CurvePlot;
import org.mixel.ndb.NdbResult;
import org.mixel.report.Block;
import org.mixel.report.Report;
import org.mixel.study.paper.ImageStudy.Description;
import org.mixel.study.paper.StageRecord.Test;
import org.mixel.study.paper.StageRecord.Training;

/** The report of a study, composed of the records of its stages. */
final class StageReport {
  static final String SCORE = "classifier_score";

  private final Path folder;
  private final Description description;
  private final List<StageRecord> records;

  private StageReport(Path folder, Description description, List<StageRecord> records) {
    this.folder = folder;
    this.description = description;
    this.records = records;
  }

  /** Writes the report of the stages that are there, and returns its tables. */
  static List<Block.Table> write(
      Path folder,
      Description description,
      Split split,
      ImageStudy.Images images,
      List<StageRecord> records,
      String maker,
      long seed) {
    Set<String> series = description.otherComponents().keySet();
    List<StageRecord> compared =
        records.stream().filter(each -> !series.contains(each.name())).toList();
    StageReport report = new StageReport(folder, description, compared);
    List<Block.Table> tables = new ArrayList<>();
    tables.add(report.scores());
    report.published().ifPresent(tables::add);
    tables.add(report.trainings());
    report.likelihoods().ifPresent(tables::add);
    ComponentSeries.of(description, records).table().ifPresent(tables::add);
    List<Report.Section> sections = new ArrayList<>();
    sections.add(report.pictures(StageTests.SAMPLES, 2));
    sections.add(report.curves());
    sections.add(new PaperFigures(folder, description, records).section());
    sections.add(report.pictures(StageTests.BINS, 1));
    sections.removeIf(section -> section.blocks().isEmpty());
    new Report(
            description.title(),
            report.summary(split, images),
            List.copyOf(tables),
            sections,
            String.format(Locale.ROOT, "Made by %s, seed %d.", maker, seed))
        .write(folder);
    return tables;
  }

  private String summary(Split split, ImageStudy.Images images) {
    String summary =
        String.format(
                Locale.ROOT,
                "Every model has learned from the same %,d images%s and no others. Of each network the"
                    + " state was taken whose samples had the least Jensen-Shannon divergence from %,d"
                    + " validation images. NDB/K is the share of bins in which samples hold another"
                    + " share than %,d images that no model has seen: 0.05 is what equal sets give."
                    + " Samples are rounded to 8 bits.%s",
                split.train().rows(),
                images.mirror() ? ", their mirror images" : "",
                split.validation().rows(),
                split.counted().rows(),
                images.test() == null
                    ? " There is no test set: the row test-images shows the counted images, beside the"
                        + " training images only."
                    : "")
            + inOtherBins();
    return tooFewFor(split.counted().rows())
        .map(bins -> tooFew(bins, split.counted().rows()) + " " + summary)
        .orElse(summary);
  }

  /** Stages of other machines may have been counted in bins that were placed there. */
  private String inOtherBins() {
    Map<String, List<Double>> first = new HashMap<>();
    List<String> others = new ArrayList<>();
    for (StageRecord each : records) {
      for (Test test : each.tests()) {
        List<Double> shares = test.referenceShares();
        List<Double> known = first.putIfAbsent(test.counting() + test.bins(), shares);
        if (known != null && !known.equals(shares) && !others.contains(each.name())) {
          others.add(each.name());
        }
      }
    }
    return others.isEmpty()
        ? ""
        : " Counted in other bins than %s: %s."
            .formatted(records.get(0).name(), String.join(", ", others));
  }

  /** The least number of bins that so many images leave nearly empty, if there is one. */
  private Optional<Integer> tooFewFor(int images) {
    return description.bins().stream()
        .filter(bins -> images < bins * NdbResult.FEW_ROWS)
        .min(Integer::compare);
  }

  private static String tooFew(int bins, int images) {
    return String.format(
        Locale.ROOT,
        "There are too few images: in %,d bins or more, the %,d that are counted leave fewer than %d"
            + " to a bin, where hardly any difference is found. NDB/K says little there.",
        bins,
        images,
        NdbResult.FEW_ROWS);
  }

  private Block.Table scores() {
    int fewest = description.bins().get(0);
    List<Block.Column> columns = new ArrayList<>();
    columns.add(Block.Column.text("Model"));
    columns.add(Block.Column.number("Samples", "%,d"));
    description.bins().forEach(k -> columns.add(Block.Column.number("NDB/K " + k, "%.3f")));
    columns.add(Block.Column.number("JS excess " + fewest, "%.4f"));
    columns.add(Block.Column.number("95% interval"));
    description.bins().forEach(k -> columns.add(Block.Column.number("paper mode " + k, "%.3f")));
    columns.add(Block.Column.number("Sharpness", "%.2f"));
    Block.Table table =
        new Block.Table(
            "NDB/K on unseen images; the Jensen-Shannon divergence less its mean for equal sets, in"
                + " nats; NDB/K as in the paper, on the training images that placed the bins; and"
                + " sharpness, in nats.",
            columns,
            List.of());
    for (StageRecord each : records) {
      List<Object> row = new ArrayList<>(List.of(each.name(), each.samples()));
      List<Test> unseen = each.tests(StageTests.UNSEEN);
      if (unseen.isEmpty()) {
        row.addAll(Collections.nCopies(description.bins().size() + 2, ""));
      } else {
        unseen.forEach(test -> row.add(test.ndbOverK()));
        Test first = unseen.get(0);
        row.add(first.excess());
        row.add(String.format(Locale.ROOT, "%.4f to %.4f", first.low(), first.high()));
      }
      each.tests(StageTests.SEEN).forEach(test -> row.add(test.ndbOverK()));
      row.add(each.sharpness());
      table = table.row(row);
    }
    return table;
  }

  /** Ours beside the paper's, in its way of counting. */
  private Optional<Block.Table> published() {
    PublishedScores scores = description.published();
    if (scores.table() == 0) {
      return Optional.empty();
    }
    List<Integer> shared = description.bins().stream().filter(scores.bins()::contains).toList();
    List<Block.Column> columns = new ArrayList<>(List.of(Block.Column.text("Model")));
    for (int k : shared) {
      columns.add(Block.Column.number("ours " + k, "%.3f"));
      columns.add(Block.Column.number("paper's " + k));
    }
    Block.Table table =
        new Block.Table(
            "NDB/K in paper mode beside the paper's Table "
                + scores.table()
                + ". Means and standard deviations are over training seeds.",
            columns,
            List.of());
    for (List<StageRecord> same : repetitions()) {
      String model = model(same.get(0));
      if (scores.scores().containsKey(model)) {
        List<Object> row = new ArrayList<>(List.of(model + width(same.get(0))));
        for (int k : shared) {
          row.add(meanOf(same, k));
          Double theirs = scores.of(model, k);
          row.add(theirs == null ? "" : String.format(Locale.ROOT, "%.2f", theirs));
        }
        table = table.row(row);
      }
    }
    return table.rows().isEmpty() ? Optional.empty() : Optional.of(table);
  }

  /** Stages that differ only in the seed of their training. */
  private Collection<List<StageRecord>> repetitions() {
    return records.stream()
        .collect(
            Collectors.groupingBy(
                each -> model(each) + width(each), LinkedHashMap::new, Collectors.toList()))
        .values();
  }

  /** The name of the first of a stage's repetitions. */
  private static String model(StageRecord record) {
    return record.name().replaceFirst("-[0-9]+$", "");
  }

  /** The width of a network, if there are repetitions of another; machines may train others. */
  private String width(StageRecord record) {
    Integer own = widthOf(record);
    boolean same =
        records.stream()
            .filter(each -> model(each).equals(model(record)))
            .allMatch(each -> Objects.equals(widthOf(each), own));
    return same ? "" : ", " + (own == null ? "authors' width" : "width " + own);
  }

  private static @Nullable Integer widthOf(StageRecord record) {
    return record.training() == null ? null : record.training().width();
  }

  private static String meanOf(List<StageRecord> repetitions, int bins) {
    double[] values =
        repetitions.stream()
            .flatMap(each -> each.tests(StageTests.SEEN).stream())
            .filter(test -> test.bins() == bins)
            .mapToDouble(Test::ndbOverK)
            .toArray();
    double sum = 0;
    double squares = 0;
    for (double value : values) {
      sum += value;
      squares += value * value;
    }
    double mean = sum / values.length;
    if (values.length == 1) {
      return String.format(Locale.ROOT, "%.3f", mean);
    }
    double variance = Math.max(0, squares - sum * mean) / (values.length - 1);
    return String.format(Locale.ROOT, "%.3f ± %.3f", mean, Math.sqrt(variance));
  }

  private Block.Table trainings() {
    int fewest = description.bins().get(0);
    Block.Table table =
        Block.Table.of(
            "Trainings. A network has converged if its divergence at "
                + fewest
                + " bins, the least so far, fell by less than 2% in the last quarter of the steps."
                + " It is past its best if that was in the first half.",
            Block.Column.text("Model"),
            Block.Column.number("Steps", "%,d"),
            Block.Column.number("Epochs", "%.1f"),
            Block.Column.number("Width"),
            Block.Column.number("Taken at step"),
            Block.Column.number("Fell by"),
            Block.Column.text("Converged"),
            Block.Column.number("Seconds", "%.0f"),
            Block.Column.text("Device"),
            Block.Column.text("Date"),
            Block.Column.text("Program"));
    for (StageRecord each : records) {
      Training training = each.training();
      if (training == null) {
        continue;
      }
      boolean network = training.steps() > 0;
      double fell = Convergence.fell(training, "js_" + fewest);
      table =
          table.row(
              each.name(),
              network ? training.steps() : "",
              network ? training.epochs() : "",
              network ? (training.width() == null ? "authors'" : training.width()) : "",
              network ? String.format(Locale.ROOT, "%,d", training.chosen()) : "",
              Double.isNaN(fell) ? "" : String.format(Locale.ROOT, "%.0f%%", 100 * fell),
              Convergence.outcome(training, "js_" + fewest),
              training.seconds(),
              each.made().device(),
              each.made().date(),
              each.made().version());
    }
    return table;
  }

  private Optional<Block.Table> likelihoods() {
    Block.Table table =
        Block.Table.of(
            "Mean log-likelihood of mixtures, in nats per image, and the noise of a pixel.",
            Block.Column.text("Mixture"),
            Block.Column.number("training images", "%.1f"),
            Block.Column.number("unseen images", "%.1f"),
            Block.Column.number("noise, sd", "%.3f"));
    for (StageRecord each : records) {
      Double train = each.facts().get(ModelPictures.TRAIN);
      Double unseen = each.facts().get(ModelPictures.UNSEEN);
      if (train != null && unseen != null) {
        Double noise = each.facts().get(ModelPictures.NOISE);
        table = table.row(each.name(), train, unseen, noise == null ? "" : noise);
      }
    }
    return table.rows().isEmpty() ? Optional.empty() : Optional.of(table);
  }

  private Report.Section curves() {
    List<Block> blocks = new ArrayList<>();
    String divergence = "js_" + description.bins().get(0);
    String ndb = "ndb_over_k_" + description.bins().get(0);
    for (String figure : List.of(ndb, divergence, SCORE)) {
      List<CurvePlot.Curve> curves = new ArrayList<>();
      for (StageRecord each : records) {
        curve(each, figure).ifPresent(curves::add);
      }
      if (!curves.isEmpty()) {
        blocks.add(
            new Block.Picture(
                CurvePlot.of("share of the training", title(figure), curves),
                title(figure) + " during training",
                title(figure)
                    + " of samples during training, beside validation images; the same noise"
                    + " throughout."
                    + (figure.equals(SCORE) ? accuracy() : "")));
      }
    }
    return new Report.Section("During training", blocks);
  }

  private String accuracy() {
    return records.stream()
        .map(each -> each.facts().get(StageTests.ACCURACY))
        .filter(Objects::nonNull)
        .findFirst()
        .map(
            share ->
                String.format(
                    Locale.ROOT,
                    " The classifier recognises %.1f%% of training images that it was not shown.",
                    100 * share))
        .orElse("");
  }

  private String title(String figure) {
    int fewest = description.bins().get(0);
    return figure.startsWith("ndb")
        ? "NDB/K at " + fewest + " bins"
        : figure.startsWith("js") ? "JS divergence at " + fewest + " bins" : "classifier score";
  }

  private static Optional<CurvePlot.Curve> curve(StageRecord record, String figure) {
    Training training = record.training();
    if (training == null || record.name().matches(".*-[0-9]+")) {
      return Optional.empty();
    }
    List<Map<String, Double>> lines =
        training.curve().stream().filter(line -> line.containsKey(figure)).toList();
    if (lines.size() < 2) {
      return Optional.empty();
    }
    return Optional.of(
        new CurvePlot.Curve(
            record.name(),
            lines.stream()
                .mapToDouble(line -> Objects.requireNonNull(line.get("step")) / training.steps())
                .toArray(),
            lines.stream()
                .mapToDouble(line -> Objects.requireNonNull(line.get(figure)))
                .toArray()));
  }

  private Report.Section pictures(String part, int beside) {
    List<Block> blocks = new ArrayList<>();
    List<Block.Picture> row = new ArrayList<>();
    for (StageRecord each : records) {
      for (StageRecord.Picture picture : each.pictures()) {
        if (picture.part().equals(part)) {
          row.add(picture.read(folder, each));
        }
        if (row.size() == beside) {
          blocks.add(beside == 1 ? row.get(0) : new Block.Beside(row));
          row.clear();
        }
      }
    }
    row.forEach(blocks::add);
    return new Report.Section(part, blocks);
  }
}
