package org.mixel.ndb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.DataOptions;
import org.mixel.data.Samples;
import org.mixel.io.DataSource;
import org.mixel.tensor.ComputeDevice;

/** The folder tells every row's bin, every test, and holds the rows of the bins that differ. */
class BinsExportTest {
  private static final ComputeDevice CPU = ComputeDevice.CPU;

  @TempDir Path folder;

  private final Samples reference = GaussianRows.clusters("reference", 900, -1, 1);
  private final Samples lacking = GaussianRows.clusters("set of \"lacking\", rows", 600, 3, 2);
  private final Samples whole = GaussianRows.clusters("sub/whole.npy", 500, -1, 3);
  private final Ndb.Options options =
      Ndb.Options.defaults().withBins(List.of(5)).withCandidateRows(400);

  private NdbReport export(Path place) {
    NdbReport report = Ndb.run(reference, List.of(lacking, whole), options, CPU, Progress.SILENT);
    List<Samples> sets = List.of(reference, lacking, whole);
    BinsExport.write(place, report, options, sets, sets, CPU, Progress.SILENT);
    return report;
  }

  @Test
  void tablesAndRowsAgreeWithTheReport() throws IOException {
    Path place = folder.resolve("bins");
    NdbReport report = export(place);
    NdbResult result = report.results().get(0);
    Path own = place.resolve("5-bins-seed-0");

    List<String> tests = Files.readAllLines(own.resolve("tests.csv"));
    assertThat(tests).hasSize(1 + 2 * 5);
    assertThat(tests.get(1)).startsWith("\"set of \"\"lacking\"\", rows\",0,");
    assertThat(tests.stream().filter(line -> line.endsWith(",true")).count())
        .isEqualTo(report.results().stream().mapToInt(NdbResult::ndb).sum());

    List<String> rows = Files.readAllLines(own.resolve("rows.csv"));
    assertThat(rows).hasSize(1 + 900 + 600 + 500);
    int[] binOf = report.bins().get(0).assign(lacking, CPU, Progress.SILENT);
    assertThat(rows.get(1 + 900 + 7))
        .startsWith("1,\"set of \"\"lacking\"\", rows\",7," + binOf[7]);
    assertThat(rows.stream().filter(row -> row.startsWith("0,reference") && row.endsWith(",true")))
        .hasSize(450);
    assertThat(
            rows.stream().filter(row -> row.startsWith("2,sub/whole.npy") && row.endsWith(",true")))
        .hasSize(400);

    assertThat(result.different()).isNotEmpty();
    for (int bin : result.different()) {
      Path members = own.resolve(String.format("bin-%03d", bin));
      int[] inBin = IntStream.range(0, 600).filter(i -> binOf[i] == bin).toArray();
      Path file = members.resolve("1-set_of__lacking___rows.npy");
      assertThat(Files.exists(file)).isEqualTo(inBin.length > 0);
      if (inBin.length > 0) {
        Samples read = DataSource.open(file.toString(), DataOptions.defaults(), Progress.SILENT);
        assertThat(read.rows()).isEqualTo(inBin.length);
        assertThat(read.row(0)).isEqualTo(lacking.row(inBin[0]));
      }
      assertThat(members.resolve("reference.npy")).isRegularFile();
    }
    try (Stream<Path> folders = Files.list(own)) {
      assertThat(folders.filter(Files::isDirectory).count())
          .isEqualTo(
              report.results().stream().flatMap(r -> r.different().stream()).distinct().count());
    }
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    Path used = Files.createDirectory(folder.resolve("used"));
    Files.writeString(used.resolve("mine.txt"), "mine");
    assertThatThrownBy(() -> export(used))
        .isInstanceOf(InputException.class)
        .hasMessage(used + ": holds something already; name a new folder");
    Path file = used.resolve("mine.txt");
    assertThatThrownBy(() -> export(file))
        .isInstanceOf(InputException.class)
        .hasMessage(file + ": is not a folder; name another place");
    assertThat(file).hasContent("mine");
  }
}
