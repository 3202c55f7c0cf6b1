package org.mixel.ndb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mixel.InputException;
import org.mixel.Progress;
import org.mixel.data.Samples;
import org.mixel.tensor.ComputeDevice;

/** Rows of another set are counted: all of them, in bins that all rows of the reference place. */
class CountedRowsTest {
  private static final ComputeDevice CPU = ComputeDevice.CPU;
  private static final VoronoiBins.Options QUICK =
      VoronoiBins.Options.defaults().withRestarts(2).withBins(12);

  private final Samples reference = GaussianRows.standard("reference", 300, 3, 1);
  private final Samples counted = GaussianRows.standard("counted", 170, 3, 2);
  private final Samples candidate = GaussianRows.standard("candidate", 250, 3, 3);

  @TempDir Path folder;

  private NdbReport run(VoronoiBins.Options binning) {
    Ndb.Options options =
        Ndb.Options.defaults().withBins(binning.bins()).withBinning(binning).withAlpha(0.5);
    return Ndb.run(reference, counted, List.of(candidate), options, CPU, Progress.SILENT);
  }

  @Test
  void allOfTheReferencePlacesBinsAndAllOfTheOtherSetIsCounted() {
    VoronoiBins placed = VoronoiBins.fit(reference, QUICK.withMode(ReferenceMode.PAPER));
    int[] expected = VoronoiBins.count(placed.assign(counted), 12);
    for (ReferenceMode mode : ReferenceMode.values()) {
      NdbReport report = run(QUICK.withMode(mode));
      VoronoiBins bins = report.bins().get(0);
      assertThat(bins.centers()).isEqualTo(placed.centers());
      assertThat(bins.counts()).isEqualTo(expected);
      assertThat(bins.countedRows()).isEqualTo(170);
      assertThat(report.results().get(0).referenceRows()).isEqualTo(170);
      assertThat(report.toJson().at("/reference/counted").toString())
          .isEqualTo("{\"name\":\"counted\",\"rows\":170}");
      assertThat(placed.assign(counted.select(bins.members().of(4)))).containsOnly(4);
    }
  }

  /** A model that repeats its training rows gains nothing: the counted rows are new to it. */
  @Test
  void aModelThatMemorisesGainsNothing() {
    Ndb.Options options = Ndb.Options.defaults().withBins(40).withBinning(QUICK);
    Samples copies = reference.named("copies");
    NdbResult known = Ndb.run(reference, List.of(copies), options).results().get(0);
    NdbResult unseen =
        Ndb.run(reference, counted, List.of(copies), options, CPU, Progress.SILENT)
            .results()
            .get(0);
    assertThat(known.js()).isLessThan(known.expected().jsBand().low());
    assertThat(unseen.js()).isGreaterThan(unseen.expected().jsBand().low());
  }

  @Test
  void savedBinsRememberWhichRowsWereCounted() {
    Path file = folder.resolve("bins.safetensors");
    NdbReport report = run(QUICK);
    BinsFile.write(file, report.bins());
    Ndb.Options options = Ndb.Options.defaults().withBins(12).withBinning(QUICK).withAlpha(0.5);
    List<VoronoiBins> read = BinsFile.read(file, reference, counted, options, Progress.SILENT);
    assertThat(Ndb.run(read, List.of(candidate), options, CPU, Progress.SILENT).toJson())
        .isEqualTo(report.toJson());
    assertThat(read.get(0).members().of(3)).isEqualTo(report.bins().get(0).members().of(3));

    assertThatThrownBy(() -> BinsFile.read(file, reference, options, Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessage(
            file
                + ": rows of counted (170 rows of 3 dims) were counted in these bins, but now no set"
                + " is given to be counted; give the same set as `counted`, or place new bins");
    assertThatThrownBy(() -> BinsFile.read(file, reference, candidate, options, Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("but now candidate (250 rows of 3 dims) is to be counted");
    BinsFile.write(file, List.of(VoronoiBins.fit(reference, QUICK)));
    assertThatThrownBy(() -> BinsFile.read(file, reference, counted, options, Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("rows of the reference were counted in these bins");
  }

  @Test
  void theExportTellsBothSets() throws IOException {
    Path place = folder.resolve("export");
    NdbReport report = run(QUICK);
    List<Samples> sets = List.of(reference, candidate, counted);
    Ndb.Options options = Ndb.Options.defaults().withBins(12).withBinning(QUICK).withAlpha(0.5);
    BinsExport.write(place, report, options, sets, sets, CPU, Progress.SILENT);
    Path own = place.resolve("12-bins-seed-0");
    List<String> rows = Files.readAllLines(own.resolve("rows.csv"));
    assertThat(rows).hasSize(1 + 300 + 170 + 250);
    assertThat(rows.subList(1, 301)).allMatch(row -> row.matches("0,reference,.*,true,false"));
    assertThat(rows.subList(301, 471)).allMatch(row -> row.matches("0,counted,.*,false,true"));
    assertThat(rows.subList(471, 721)).allMatch(row -> row.matches("1,candidate,.*,false,true"));
    int bin = report.results().get(0).different().get(0);
    assertThat(own.resolve("bin-%03d/counted.npy".formatted(bin))).isRegularFile();
  }

  @Test
  void unusableSetsAreRefused() {
    assertRefused(
        GaussianRows.standard("x", 50, 4, 2),
        "counted set x has 4 dims, the reference 3 dims; give rows of one size");
    assertRefused(
        counted.select(new int[] {1}),
        "counted set counted has fewer than 2 rows; give at least 2 of each set");
    assertRefused(
        reference.named("same"),
        "counted set same holds the rows of reference reference; give rows that no model was"
            + " trained on");
    VoronoiBins.Options many = QUICK.withBins(301);
    assertThatThrownBy(() -> run(many))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "301 bins need at least as many rows to place them, but reference reference gives 300"
                + " of its 300; ask for fewer bins");
  }

  private void assertRefused(Samples other, String message) {
    Ndb.Options options = Ndb.Options.defaults().withBins(5).withBinning(QUICK);
    assertThatThrownBy(
            () -> Ndb.run(reference, other, List.of(candidate), options, CPU, Progress.SILENT))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }
}
