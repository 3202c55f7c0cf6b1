package org.mixel.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mixel.data.Samples;
import org.mixel.ndb.BinsExport;
import org.mixel.ndb.BinsFile;
import org.mixel.ndb.Ndb;
import org.mixel.page.NdbPage;
import org.mixel.tensor.ComputeDevice;
import picocli.CommandLine.Option;

/** The files that {@code mixel ndb} writes beside its answer. */
final class NdbOutputs {
  @Option(
      names = "--save-bins",
      paramLabel = "FILE",
      description = "Keep the bins for another run.")
  private @Nullable Path saveBins;

  @Option(
      names = "--export-bins",
      paramLabel = "DIR",
      description =
          "Write the bin of every row, and the rows of the bins that differ, to a folder.")
  private @Nullable Path exportBins;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Write a page with plots and pictures of the bins that differ.")
  private @Nullable Path page;

  /** Says what will be written. */
  void addTo(Places places) {
    places.writesTensors(saveBins).writes(page, ".html", ".htm").writesNew(exportBins);
  }

  /**
   * Writes what was asked for.
   *
   * @param seen the sets as they were tested: the reference, the candidates and the set that is
   *     counted in place of the reference, if any
   * @param rows the same sets as they were given
   */
  void write(
      NdbPage results,
      Ndb.Options options,
      List<Samples> seen,
      List<Samples> rows,
      ComputeDevice device,
      Session session) {
    if (saveBins != null) {
      BinsFile.write(saveBins, results.report().bins());
    }
    if (exportBins != null) {
      BinsExport.write(
          exportBins, results.report(), options, seen, rows, device, session.progress());
    }
    if (page != null) {
      results.write(page, "mixel ndb");
    }
  }
}
