package org.mixel.ndb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;

/** Equal rows: a random part of the larger side is counted, the same one for the same seed. */
class EqualRowsTest {
  private static final ComputeDevice CPU = ComputeDevice.CPU;

  private final Samples reference = GaussianRows.standard("reference", 600, 2, 1);
  private final Samples small = GaussianRows.standard("small", 120, 2, 2);
  private final Samples large = GaussianRows.standard("large", 500, 2, 3);
  private final Ndb.Options options =
      Ndb.Options.defaults()
          .withBins(9)
          .withEqualRows(true)
          .withBinning(VoronoiBins.Options.defaults().withRestarts(1));

  @TempDir Path folder;

  private NdbReport run(Ndb.Options chosen) {
    return Ndb.run(reference, List.of(small, large), chosen, CPU, Progress.SILENT);
  }

  @Test
  void bothSidesCountAsManyRows() {
    NdbReport report = run(options);
    assertThat(report.results()).extracting(NdbResult::rows).containsExactly(120, 300);
    assertThat(report.results()).extracting(NdbResult::referenceRows).containsExactly(120, 300);
    int[] all = report.bins().get(0).counts();
    double[] part = report.results().get(0).referenceProportions();
    assertThat(IntStream.range(0, 9)).allMatch(k -> Math.round(part[k] * 120) <= all[k]);
    assertThat(report.results().get(1).referenceProportions())
        .isEqualTo(IntStream.of(all).mapToDouble(count -> count / 300.0).toArray());
    assertThat(run(options).toJson()).isEqualTo(report.toJson());
    assertThat(run(options.withCandidateRows(70)).results())
        .extracting(NdbResult::referenceRows)
        .containsExactly(70, 70);
    assertThat(run(options.withEqualRows(false)).results())
        .extracting(NdbResult::referenceRows)
        .containsExactly(300, 300);
  }

  /** The export marks the very rows that the results count. */
  @Test
  void theExportMarksTheRows() throws IOException {
    NdbReport report = run(options.withCandidateRows(110));
    List<Samples> sets = List.of(reference, small, large);
    Path place = folder.resolve("export");
    BinsExport.write(
        place, report, options.withCandidateRows(110), sets, sets, CPU, Progress.SILENT);
    int[] counts = new int[9];
    for (String line : Files.readAllLines(place.resolve("9-bins-seed-0/rows.csv"))) {
      String[] cells = line.split(",");
      if (cells[1].equals("reference") && cells[5].equals("true")) {
        counts[Integer.parseInt(cells[3])]++;
      }
    }
    assertThat(IntStream.of(counts).mapToDouble(count -> count / 110.0).toArray())
        .isEqualTo(report.results().get(0).referenceProportions());
  }
}
