package org.mixel.study;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;
import org.mixel.report.Block;
import org.mixel.report.Report;

/**
 * How far NDB can be trusted: both reference modes under equality. {@link PowerStudy} tells which
 * faults it sees.
 */
public final class NdbStudy {
  private NdbStudy() {}

  /**
   * The extent of the study.
   *
   * @param dims of the Gaussian rows
   * @param rows of the reference under equality
   * @param bins numbers of bins, at least two
   * @param repetitions of each case under equality
   * @param seed fixes all of it
   */
  public record Options(
      List<Integer> dims, List<Integer> rows, List<Integer> bins, int repetitions, long seed) {
    /** Keeps its own copies of the lists. */
    public Options {
      dims = List.copyOf(dims);
      rows = List.copyOf(rows);
      bins = List.copyOf(bins);
    }

    /** Those of the tables in {@code docs/ndb.md}: some fifteen minutes on two cores. */
    public static Options defaults() {
      return new Options(
          List.of(2, 20, 200, 1_000), List.of(2_000, 20_000), List.of(20, 100, 300), 15, 0);
    }

    /** The same with another seed. */
    public Options withSeed(long number) {
      return new Options(dims, rows, bins, repetitions, number);
    }
  }

  /**
   * Runs the study on MNIST and made rows.
   *
   * @param folder receives {@code report.html} and {@code report.md}
   * @param maker the command that makes the report, for its footer
   * @return the tables of the report
   * @throws org.mixel.InputException if MNIST cannot be had
   */
  public static List<Block.Table> run(
      Path folder, Options options, String maker, Progress progress) {
    Samples digits = DataSource.open("mnist", DataOptions.defaults(), progress);
    return run(digits, folder, options, maker, progress);
  }

  /** The same on other images. */
  static List<Block.Table> run(
      Samples digits, Path folder, Options options, String maker, Progress progress) {
    long start = System.nanoTime();
    List<Report.Section> sections = List.of(EqualityStudy.run(digits, options, progress));
    Report report =
        new Report(
            "How far NDB can be trusted",
            "NDB/K of two sets from one distribution should be alpha, here 0.05. What NDB sees of"
                + " sets that differ, beside other figures, is told by mixel study power.",
            List.of(),
            sections,
            String.format(
                Locale.ROOT,
                "Made by %s, seed %d, in %.0f s.",
                maker,
                options.seed(),
                (System.nanoTime() - start) / 1e9));
    report.write(folder);
    return sections.stream()
        .flatMap(section -> section.blocks().stream())
        .filter(Block.Table.class::isInstance)
        .map(Block.Table.class::cast)
        .toList();
  }
}
