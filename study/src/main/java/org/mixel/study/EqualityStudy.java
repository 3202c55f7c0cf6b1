package org.mixel.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.data.StoredSamples;
import org.mixel.ndb.Ndb;
import org.mixel.ndb.NdbResult;
import org.mixel.ndb.ReferenceMode;
import org.mixel.ndb.VoronoiBins;
import org.mixel.report.Block;
import org.mixel.report.Report;
import org.mixel.tensor.ComputeDevice;
import org.mixel.tensor.RandomStream;

/**
 * NDB of a reference and a candidate that are drawn from one distribution, in both reference modes:
 * where NDB/K is not alpha, the method is off.
 */
final class EqualityStudy {
  private static final double ALPHA = 0.05;

  private final NdbStudy.Options options;
  private final List<Cell> cells = new ArrayList<>();

  private EqualityStudy(NdbStudy.Options options) {
    this.options = options;
  }

  /**
   * One case, over its repetitions.
   *
   * @param rows of the reference; the candidate has half as many
   */
  private record Cell(
      String source, int dims, int rows, int bins, ReferenceMode mode, List<NdbResult> results) {
    double[] ndb() {
      return results.stream().mapToDouble(NdbResult::ndbOverK).toArray();
    }

    double jsOverExpected() {
      return results.stream().mapToDouble(r -> r.js() / r.expectedJs()).average().orElseThrow();
    }

    double rejected() {
      double small = results.stream().filter(r -> r.chiSquareP() < ALPHA).count();
      return small / results.size();
    }

    double fewest() {
      return results.stream().mapToDouble(NdbResult::fewestExpectedRows).average().orElseThrow();
    }
  }

  /**
   * @param digits real rows, from which reference and candidate are cut anew each time
   */
  static Report.Section run(Samples digits, NdbStudy.Options options, Progress progress) {
    EqualityStudy study = new EqualityStudy(options);
    int sources = options.dims().size() + 1;
    int cases = sources * options.rows().size() * options.bins().size() * options.repetitions();
    try (Progress.Stage stage = progress.begin("NDB under equality", cases)) {
      for (int rows : options.rows()) {
        for (int dims : options.dims()) {
          study.add("gaussian", rows, stage, seed -> gaussian(rows + rows / 2, dims, seed));
        }
        study.add(digits.name(), rows, stage, seed -> cut(digits, rows + rows / 2, seed));
      }
    }
    return study.section();
  }

  /** Standard normal rows: no clusters, no structure at all. */
  private static Samples gaussian(int rows, int dims, long seed) {
    Random random = new Random(new SplittableRandom(seed).nextLong());
    float[] values = new float[Math.multiplyExact(rows, dims)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return StoredSamples.ofFloats("gaussian", dims, null, values);
  }

  private interface Source {
    Samples draw(long seed);
  }

  private static Samples cut(Samples source, int rows, long seed) {
    try (RandomStream random = RandomStream.of(seed)) {
      return source.select(random.choose(rows, source.rows()));
    }
  }

  private void add(String name, int rows, Progress.Stage stage, Source source) {
    Map<List<Object>, Cell> cases = new LinkedHashMap<>();
    for (int repetition = 0; repetition < options.repetitions(); repetition++) {
      // Every case its own: cases that share rows or splits would err together.
      long seed = options.seed() + 1000L * cells.size() + repetition;
      Samples both = source.draw(seed);
      Samples reference = both.select(IntStream.range(0, rows).toArray());
      Samples candidate = both.select(IntStream.range(rows, both.rows()).toArray());
      for (int bins : options.bins()) {
        for (ReferenceMode mode : ReferenceMode.values()) {
          VoronoiBins.Options binning =
              VoronoiBins.Options.defaults()
                  .withRestarts(1)
                  .withMode(mode)
                  .withBins(bins)
                  .withSeed(seed);
          VoronoiBins placed =
              VoronoiBins.fit(reference, binning, ComputeDevice.CPU, Progress.SILENT);
          cases
              .computeIfAbsent(
                  List.of(bins, mode),
                  key -> new Cell(name, both.dims(), rows, bins, mode, new ArrayList<>()))
              .results()
              .add(Ndb.compare(placed, candidate, ALPHA, ComputeDevice.CPU, Progress.SILENT));
        }
        stage.advance(1);
      }
    }
    cells.addAll(cases.values());
  }

  private Report.Section section() {
    return Report.Section.of(
        "Both reference modes under equality",
        new Block.Text(
            "Reference and candidate come from one distribution; the candidate has half as many"
                + " rows as the reference. "
                + pooled(ReferenceMode.HELD_OUT)
                + " "
                + pooled(ReferenceMode.PAPER)),
        table());
  }

  /** All cells whose bins expect enough rows, together. */
  private String pooled(ReferenceMode mode) {
    double[] figures =
        cells.stream()
            .filter(cell -> cell.mode() == mode)
            .flatMap(cell -> cell.results().stream())
            .filter(result -> result.sparseBins() == 0)
            .mapToDouble(NdbResult::ndbOverK)
            .toArray();
    return String.format(
        Locale.ROOT,
        "Over the %d evaluations in %s mode in which every bin expects at least %d rows, mean NDB/K is"
            + " %s.",
        figures.length,
        mode,
        NdbResult.FEW_ROWS,
        mean("%.4f", figures));
  }

  private Block.Table table() {
    Block.Table table =
        Block.Table.of(
            String.format(
                Locale.ROOT,
                "NDB/K under equality (alpha 0.05), mean and standard error of %d repetitions; how"
                    + " often the chi-square test of all bins is below 0.05; JS over what held-out"
                    + " mode expects; the fewest rows that a bin expects.",
                options.repetitions()),
            Block.Column.text("data"),
            Block.Column.number("dims"),
            Block.Column.number("reference rows", "%,d"),
            Block.Column.number("K"),
            Block.Column.number("held-out NDB/K"),
            Block.Column.number("paper NDB/K"),
            Block.Column.number("held-out p < 0.05", "%.2f"),
            Block.Column.number("paper p < 0.05", "%.2f"),
            Block.Column.number("held-out JS", "%.2f"),
            Block.Column.number("paper JS", "%.2f"),
            Block.Column.number("fewest rows", "%.1f"));
    for (int i = 0; i < cells.size(); i += 2) {
      Cell heldOut = cells.get(i);
      Cell paper = cells.get(i + 1);
      table =
          table.row(
              heldOut.source(),
              heldOut.dims(),
              heldOut.rows(),
              heldOut.bins(),
              mean("%.3f", heldOut.ndb()),
              mean("%.3f", paper.ndb()),
              heldOut.rejected(),
              paper.rejected(),
              heldOut.jsOverExpected(),
              paper.jsOverExpected(),
              heldOut.fewest());
    }
    return table;
  }

  /** A mean and its standard error. */
  private static String mean(String format, double[] figures) {
    double mean = Arrays.stream(figures).average().orElse(Double.NaN);
    double squares = Arrays.stream(figures).map(x -> (x - mean) * (x - mean)).sum();
    double error = Math.sqrt(squares / Math.max(1, figures.length - 1) / figures.length);
    return String.format(Locale.ROOT, format + " ± " + format, mean, error);
  }
}
