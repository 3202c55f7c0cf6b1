package org.mixel.ndb;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.mixel.OutputPlace;
import org.mixel.Progress;
import org.mixel.WholeFile;
import org.mixel.cluster.KMeans;
import org.mixel.data.Samples;
import org.mixel.io.SampleWriter;
import org.mixel.stat.AdjustedP;
import org.mixel.stat.TwoProportionTest;
import org.mixel.tensor.ComputeDevice;

/**
 * An evaluation as a folder of tables and rows, for use by other programs.
 *
 * <p>For each set of bins there is a folder {@code 100-bins-seed-0} with
 *
 * <ul>
 *   <li>{@code tests.csv}: the test of each bin for each candidate, with adjusted p-values;
 *   <li>{@code rows.csv}: the bin of every row of the reference, of the set that is counted in its
 *       place, if any, and of every candidate, and the row's use;
 *   <li>{@code bin-017/}: for a bin that differs for some candidate, all its rows, as {@code
 *       reference.npy}, {@code counted.npy} and {@code 1-NAME.npy} for the first candidate and so
 *       on.
 * </ul>
 */
public final class BinsExport {
  private final NdbReport report;
  private final List<Samples> seen;
  private final List<Samples> rows;

  private BinsExport(NdbReport report, List<Samples> seen, List<Samples> rows) {
    this.report = report;
    this.seen = seen;
    this.rows = rows;
  }

  /**
   * Writes the folder, whole or not at all.
   *
   * @param folder must be empty or not there yet
   * @param options those of the report
   * @param seen the reference, then the candidates in the order of the report, and last the set
   *     that is counted in place of the reference, if any, as they were tested
   * @param rows the same sets as they are to be written: other than {@code seen} when features of
   *     the rows were tested
   * @throws org.mixel.InputException if the folder holds something
   * @throws java.io.UncheckedIOException if the disk refuses
   */
  public static void write(
      Path folder,
      NdbReport report,
      Ndb.Options options,
      List<Samples> seen,
      List<Samples> rows,
      ComputeDevice device,
      Progress progress) {
    OutputPlace.requireEmptyFolder(folder);
    BinsExport export = new BinsExport(report, seen, rows);
    try (WholeFile.Part part = WholeFile.begin(folder);
        Progress.Stage stage = progress.begin("export bins", report.bins().size())) {
      for (VoronoiBins bins : report.bins()) {
        String name = bins.bins() + "-bins-seed-" + bins.options().seed();
        Path place = Files.createDirectories(part.path().resolve(name));
        export.write(place, bins, options, device);
        stage.advance(1);
      }
      part.commit();
    } catch (IOException e) {
      throw WholeFile.failure(folder, e);
    }
  }

  private void write(Path place, VoronoiBins bins, Ndb.Options options, ComputeDevice device)
      throws IOException {
    List<NdbResult> results =
        report.results().stream().filter(result -> report.binsOf(result) == bins).toList();
    writeTests(place.resolve("tests.csv"), results);
    List<int[]> binOf = new ArrayList<>();
    for (Samples each : seen) {
      binOf.add(bins.assign(each, device, Progress.SILENT));
    }
    writeRows(place.resolve("rows.csv"), bins, options, binOf);
    for (int bin = 0; bin < bins.bins(); bin++) {
      for (int i = 0; i < results.size(); i++) {
        if (results.get(i).tests().get(bin).differs(options.alpha())) {
          Path own = place.resolve(String.format(Locale.ROOT, "bin-%03d", bin));
          if (!Files.exists(own)) {
            writeMembers(own.resolve("reference.npy"), rows.get(0), binOf.get(0), bin);
            if (bins.countsOthers()) {
              int last = rows.size() - 1;
              writeMembers(own.resolve("counted.npy"), rows.get(last), binOf.get(last), bin);
            }
          }
          String file = (i + 1) + "-" + plain(results.get(i).candidate()) + ".npy";
          writeMembers(own.resolve(file), rows.get(i + 1), binOf.get(i + 1), bin);
        }
      }
    }
  }

  private static void writeTests(Path file, List<NdbResult> results) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write(
          "candidate,bin,reference_share,candidate_share,z,p,exact_p,holm_p,benjamini_hochberg_p,"
              + "differs\n");
      for (NdbResult result : results) {
        double[] holm = AdjustedP.holm(result.exactPValues());
        double[] hochberg = AdjustedP.benjaminiHochberg(result.exactPValues());
        for (int bin = 0; bin < result.bins(); bin++) {
          TwoProportionTest test = result.tests().get(bin);
          line(
              out,
              quoted(result.candidate()),
              bin,
              test.referenceProportion(),
              test.candidateProportion(),
              test.z(),
              test.p(),
              test.exactP(),
              holm[bin],
              hochberg[bin],
              test.differs(result.alpha()));
        }
      }
    }
  }

  private void writeRows(Path file, VoronoiBins bins, Ndb.Options options, List<int[]> binOf)
      throws IOException {
    ReferenceSplit split = bins.split();
    int candidates = bins.countsOthers() ? seen.size() - 2 : seen.size() - 1;
    int[] ids =
        bins.countsOthers() ? IntStream.range(0, bins.countedRows()).toArray() : split.counting();
    int[] binOfCounted = binOf.get(bins.countsOthers() ? candidates + 1 : 0);
    BitSet counted = counted(bins, ids, binOfCounted, most(bins, options, candidates));
    BitSet placing = set(split.placing());
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("number,set,row,bin,placed_bins,counted\n");
      for (int row = 0; row < bins.referenceRows(); row++) {
        boolean counts = !bins.countsOthers() && counted.get(row);
        line(out, 0, "reference", row, binOf.get(0)[row], placing.get(row), counts);
      }
      for (int row = 0; bins.countsOthers() && row < bins.countedRows(); row++) {
        line(out, 0, "counted", row, binOfCounted[row], false, counted.get(row));
      }
      for (int i = 1; i <= candidates; i++) {
        BitSet tested = set(Ndb.testedRows(seen.get(i), bins, options));
        String name = quoted(seen.get(i).name());
        for (int row = 0; row < seen.get(i).rows(); row++) {
          line(out, i, name, row, binOf.get(i)[row], false, tested.get(row));
        }
      }
    }
  }

  /** The most rows that a result counts on the reference's side. */
  private int most(VoronoiBins bins, Ndb.Options options, int candidates) {
    return options.equalRows()
        ? seen.subList(1, 1 + candidates).stream()
            .mapToInt(each -> Ndb.testedRows(each, bins, options).length)
            .max()
            .orElseThrow()
        : bins.countedRows();
  }

  /**
   * The rows that results count, those of the largest candidate where a part is counted.
   *
   * @param ids the rows that may be counted
   * @param binOf the bin of every row of their set
   */
  private static BitSet counted(VoronoiBins bins, int[] ids, int[] binOf, int most) {
    int[] assigned = IntStream.of(ids).map(id -> binOf[id]).toArray();
    int[] sorted =
        Arrays.stream(KMeans.members(assigned, bins.bins())).flatMapToInt(IntStream::of).toArray();
    return set(IntStream.of(bins.part(most)).map(place -> ids[sorted[place]]).toArray());
  }

  private static BitSet set(int[] rows) {
    return IntStream.of(rows).collect(BitSet::new, BitSet::set, BitSet::or);
  }

  private static void writeMembers(Path file, Samples rows, int[] binOf, int bin) {
    int[] members = IntStream.range(0, binOf.length).filter(row -> binOf[row] == bin).toArray();
    if (members.length > 0) {
      SampleWriter.write(file, rows.select(members));
    }
  }

  private static void line(Writer out, Object... cells) throws IOException {
    out.write(String.join(",", Arrays.stream(cells).map(Object::toString).toList()));
    out.write('\n');
  }

  /** A name as a cell, by RFC 4180. */
  private static String quoted(String name) {
    return name.matches("[\\w./:# -]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A name as a part of a file's name. */
  private static String plain(String name) {
    return name.replaceAll(".*[/\\\\]", "")
        .replaceAll("\\.np[yz]$", "")
        .replaceAll("[^\\w.-]", "_");
  }
}
