package org.mixel.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.memorization.Memorization;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbReport;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.VoronoiBins;
import org.mixel.report.Block;
import org.mixel.report.Report;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RandomStream;

/** The power of NDB: candidates with a known fault, cut from real digits. */
final class PowerStudy {
  private static final double ALPHA = 0.05;
  private static final double[] DISPERSIONS = {0.8, 0.9, 0.95, 1.05, 1.1, 1.2};
  private static final double[] LOST = {0.1, 0.25, 0.5};
  private static final int HALF_LOST_DIGIT = 4;

  private final Samples digits;
  private final int[] labels;
  private final NdbStudy.Options options;
  private final int[] reference;
  private final int[] unseen;
  private final int[] rest;

  private PowerStudy(Samples digits, int[] labels, NdbStudy.Options options) {
    this.digits = digits;
    this.labels = labels;
    this.options = options;
    int[] order;
    try (RandomStream random = RandomStream.of(options.seed())) {
      order = random.choose(digits.rows(), digits.rows());
    }
    int rows = options.powerRows();
    reference = Arrays.copyOf(order, 3 * rows);
    unseen = Arrays.copyOfRange(order, 3 * rows, 4 * rows);
    rest = Arrays.copyOfRange(order, 4 * rows, order.length);
  }

  static Report.Section run(
      Samples digits, int[] labels, NdbStudy.Options options, Progress progress) {
    return new PowerStudy(digits, labels, options).section(progress);
  }

  private Report.Section section(Progress progress) {
    Samples known = digits.select(reference).named("reference");
    List<Samples> candidates = candidates(known);
    Ndb.Options testing =
        Ndb.Options.defaults()
            .withAlpha(ALPHA)
            .withSeeds(options.seed(), 1)
            .withBins(List.of(options.bins().get(options.bins().size() - 2), last()))
            .withBinning(VoronoiBins.Options.defaults().withRestarts(3));
    NdbReport report = Ndb.run(known, candidates, testing, ComputeDevice.CPU, progress);
    List<Memorization> memorized =
        Memorization.of(
            candidates,
            known,
            digits.select(unseen).named("unseen"),
            null,
            Memorization.Options.defaults().withMaxRows(options.copyRows()),
            ComputeDevice.CPU,
            progress);
    return new Report.Section(
        "What NDB sees",
        List.of(
            new Block.Text(
                String.format(
                    Locale.ROOT,
                    "%,d digits of %s are the reference, of which held-out mode counts half;"
                        + " candidates have %,d rows that are not in it unless said otherwise. A"
                        + " mode that is lost in one bin of average size would be found (Holm, 4"
                        + " times in 5) from %.2f%% of the data on at %d bins.",
                    known.rows(),
                    digits.name(),
                    options.powerRows(),
                    100 * report.results().get(0).smallestLostMode(),
                    report.results().get(0).bins())),
            table(report, memorized)));
  }

  private int last() {
    return options.bins().get(options.bins().size() - 1);
  }

  private List<Samples> candidates(Samples known) {
    int rows = options.powerRows();
    List<Samples> made = new ArrayList<>();
    made.add(fresh(rows).named("fresh rows"));
    for (int digit = 0; digit < 10; digit++) {
      made.add(without(digit, 1).named("no " + digit));
    }
    for (double share : LOST) {
      made.add(
          without(HALF_LOST_DIGIT, share)
              .named(String.format("%.0f%% of the %ds lost", 100 * share, HALF_LOST_DIGIT)));
    }
    for (double factor : DISPERSIONS) {
      String name = (factor < 1 ? "under" : "over") + "-dispersed, " + factor;
      made.add(MadeRows.dispersed(fresh(rows), factor).named(name));
    }
    made.add(copies(known, known.rows(), rows).named("copies of all reference rows"));
    made.add(copies(known, rows / 10, rows).named("copies of " + rows / 10 + " reference rows"));
    return made;
  }

  private Samples fresh(int rows) {
    return digits.select(Arrays.copyOf(rest, rows));
  }

  /** Fresh rows of which some of one digit are left out. */
  private Samples without(int digit, double share) {
    SplittableRandom random = new SplittableRandom(options.seed());
    return digits.select(
        Arrays.stream(rest)
            .filter(row -> labels[row] != digit || random.nextDouble() >= share)
            .limit(options.powerRows())
            .toArray());
  }

  /** The samples of a model that only repeats some reference rows. */
  private Samples copies(Samples known, int memory, int rows) {
    SplittableRandom random = new SplittableRandom(options.seed());
    return known.select(IntStream.range(0, rows).map(i -> random.nextInt(memory)).toArray());
  }

  private static Block.Table table(NdbReport report, List<Memorization> memorized) {
    List<VoronoiBins> bins = report.bins();
    List<Block.Column> columns = new ArrayList<>();
    columns.add(Block.Column.text("candidate"));
    for (VoronoiBins each : bins) {
      columns.add(Block.Column.number("NDB/K, K=" + each.bins(), "%.3f"));
      columns.add(Block.Column.number("Holm"));
      columns.add(Block.Column.number("chi-square p", "%.1g"));
    }
    columns.add(Block.Column.number("too near", "%.3f"));
    columns.add(Block.Column.text("copies"));
    Block.Table table =
        Block.Table.of(
            "NDB/K (0.05 under equality), bins that differ by Holm's p-values, the test of all"
                + " bins; the share of rows nearer to reference rows than the nearest 5% of unseen"
                + " rows, and whether the verdict is copying.",
            columns.toArray(new Block.Column[0]));
    for (int i = 0; i < memorized.size(); i++) {
      List<Object> cells = new ArrayList<>();
      cells.add(memorized.get(i).candidate());
      for (int k = 0; k < bins.size(); k++) {
        NdbResult result = report.results().get(i * bins.size() + k);
        cells.add(result.ndbOverK());
        cells.add(result.differentByHolm().size());
        cells.add(result.chiSquareP());
      }
      cells.add(memorized.get(i).tooNear());
      cells.add(memorized.get(i).copies() ? "yes" : "no");
      table = table.row(cells);
    }
    return table;
  }
}
