package org.mixel.study.power;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mixel.WholeFile;
import org.mixel.evaluation.Measure;
import org.mixel.report.Block;
import org.mixel.report.Report;
import org.mixel.study.power.PowerTable.Share;

/**
 * The results of a {@link PowerStudy} as a page and as a document.
 *
 * @param tables one for each source and size
 * @param maker the command that makes them
 */
record PowerPage(List<PowerTable> tables, PowerStudy.Options options, String maker) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * NDB is blind to a fault that it finds in a smaller share of repetitions than this, where
   * another figure finds it in at least {@link #MOSTLY}.
   */
  private static final double SELDOM = 0.5;

  private static final double MOSTLY = 0.8;
  private static final String NDB = "ndb-100";

  /** The figures in the order of an evaluation. */
  private static final List<String> ORDER = order();

  private static List<String> order() {
    List<String> names = new ArrayList<>();
    for (Measure measure : Measure.values()) {
      names.add(measure == Measure.NDB ? NDB : measure.toString());
      switch (measure) {
        case C2ST -> names.add("c2st-net");
        case MMD -> names.add("mmdagg");
        case COPIES -> names.add("ct");
        default -> {}
      }
    }
    names.add(PowerRepetitions.VERDICT);
    return names;
  }

  /** Writes {@code report.html}, {@code report.md} and {@code power.json}. */
  void write(Path folder) {
    List<Report.Section> sections = new ArrayList<>();
    for (PowerTable table : tables) {
      sections.add(Report.Section.of(title(table), new Block.Text(blindness(table)), block(table)));
    }
    new Report(
            "Power of each figure",
            "A candidate with a known fault is compared with a reference. Each cell is the share of"
                + " repetitions in which the figure's p is at most %s; in equal sets, the first row, these are false alarms."
                    .formatted(PowerStudy.LEVEL),
            List.of(new Block.Text(explanation())),
            sections,
            "Made by %s, seed %d.".formatted(maker, options.seed()))
        .write(folder);
    WholeFile.write(
        folder.resolve("power.json"),
        part ->
            Files.write(part, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(toJson())));
  }

  /** The tables of the page. */
  List<Block.Table> blocks() {
    return tables.stream().map(PowerPage::block).toList();
  }

  private static String title(PowerTable table) {
    return String.format(Locale.ROOT, "%s, %,d rows", table.data(), table.rows());
  }

  private String explanation() {
    return "Each repetition deals out reference, candidate and unseen rows anew, and places NDB's"
        + " bins anew. Faults of classes go through the classes in turn. Dispersion is about the"
        + " mean of a row's class; classes are labels, or clusters of k-means where there are none."
        + " Changed pixels are clipped and rounded to 8 bits. The gaussians are ten normal"
        + " distributions of unit covariance: the seed fixes their means, and rows are drawn anew."
        + " c2st-net is c2st by a small network, mmdagg mmd by Gaussian kernels, ct the test of copies by bins. js-excess"
        + " has the p of ndb-100. The verdict goes by one p of all figures but mmdagg, copies and ct.";
  }

  private static List<String> figures(PowerTable table) {
    return ORDER.stream()
        .filter(name -> table.found().values().stream().anyMatch(row -> row.containsKey(name)))
        .toList();
  }

  private static Block.Table block(PowerTable table) {
    List<String> figures = figures(table);
    List<Block.Column> columns = new ArrayList<>(List.of(Block.Column.text("Fault")));
    figures.forEach(name -> columns.add(Block.Column.share(name)));
    Block.Table block =
        Block.Table.of(
            "%s: share of %s in which the fault is found at level %s."
                .formatted(title(table), repetitions(table), PowerStudy.LEVEL),
            columns.toArray(new Block.Column[0]));
    for (Map.Entry<String, Map<String, Share>> row : table.found().entrySet()) {
      List<Object> cells = new ArrayList<>(List.of(row.getKey()));
      for (String figure : figures) {
        Share share = row.getValue().get(figure);
        cells.add(share == null ? "–" : share.value());
      }
      block = block.row(cells);
    }
    return block;
  }

  /** {@code 50 repetitions}, with the figures that have fewer. */
  private static String repetitions(PowerTable table) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String figure : figures(table)) {
      table.found().values().stream()
          .filter(row -> row.containsKey(figure))
          .mapToInt(row -> row.get(figure).repetitions())
          .min()
          .ifPresent(count -> counts.put(figure, count));
    }
    int most = counts.values().stream().mapToInt(each -> each).max().orElse(0);
    StringBuilder text = new StringBuilder(most + " repetitions");
    counts.forEach(
        (figure, count) -> {
          if (count < most) {
            text.append(" (%d of %s)".formatted(count, figure));
          }
        });
    return text.toString();
  }

  /** The faults that NDB misses, and the figures that find them. */
  static String blindness(PowerTable table) {
    Map<String, List<String>> better = new LinkedHashMap<>();
    List<String> unseen = new ArrayList<>();
    table.found().entrySet().stream()
        .skip(1)
        .filter(row -> PowerTable.value(row.getValue(), NDB) < SELDOM)
        .forEach(
            row -> {
              Optional<String> best = best(row.getValue());
              if (best.isPresent()) {
                better.computeIfAbsent(best.get(), key -> new ArrayList<>()).add(row.getKey());
              } else {
                unseen.add(row.getKey());
              }
            });
    List<String> sentences = new ArrayList<>();
    better.forEach(
        (figure, faults) ->
            sentences.add("use %s for %s".formatted(figure, String.join(", ", faults))));
    String text =
        better.isEmpty()
            ? "No fault that another figure mostly finds escapes NDB."
            : "NDB is blind to these faults: it finds them in less than half of the repetitions,"
                + " another figure in four fifths or more. Instead, "
                + String.join("; ", sentences)
                + ".";
    return unseen.isEmpty()
        ? text
        : text
            + " Neither NDB nor any other figure mostly finds: "
            + String.join(", ", unseen)
            + ".";
  }

  private static Optional<String> best(Map<String, Share> row) {
    return ORDER.stream()
        .filter(figure -> !figure.equals(PowerRepetitions.VERDICT))
        .filter(figure -> PowerTable.value(row, figure) >= MOSTLY)
        .max(
            Comparator.comparingDouble((String figure) -> PowerTable.value(row, figure))
                .thenComparingInt(figure -> -ORDER.indexOf(figure)));
  }

  private ObjectNode toJson() {
    ObjectNode root = JSON.createObjectNode();
    root.put("command", maker).put("seed", options.seed()).put("level", PowerStudy.LEVEL);
    ArrayNode sets = root.putArray("tables");
    for (PowerTable table : tables) {
      ObjectNode set = sets.addObject().put("data", table.data()).put("rows", table.rows());
      ArrayNode faults = set.putArray("faults");
      table
          .found()
          .forEach(
              (fault, row) -> {
                ObjectNode figures = faults.addObject().put("fault", fault).putObject("figures");
                row.forEach(
                    (figure, share) ->
                        figures
                            .putObject(figure)
                            .put("found", share.value())
                            .put("repetitions", share.repetitions()));
              });
    }
    return root;
  }
}
